"""Blocking work in a few threads that stay, each with a database connection that it keeps.

Django gives a connection up after each request, because its threads come and go. These stay: a new connection for each
of a thousand ranges would cost more than all the rest. One that is old, or in which something failed, is given up too.

[Seats] Django gives every request that is under way a thread of its own, however many there are: five hundred people at
once are five hundred connections, and PostgreSQL refuses the hundred-and-first. Here requests wait for one of a fixed
number of threads. Only their work does: nobody holds a thread while a body comes in or an answer goes out.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import ThreadSensitiveContext
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, reset_queries

P = ParamSpec("P")
R = TypeVar("R")

# Hashing and disk work release the interpreter lock; more threads than this only wait for the disk.
KEPT_SECONDS = 300.0
_QUIET_SECONDS = 5.0
_kept = threading.local()
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="objects")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs `work` in the pool. Work that was begun is finished even when the waiting task is cancelled."""
    loop = asyncio.get_running_loop()
    return await asyncio.shield(loop.run_in_executor(_pool, partial(_run, work, *args, **kwargs)))


class _Seats(ThreadPoolExecutor):
    """asgiref wants one thread, so that what belongs together runs in one. What belongs together here is one call: all
    of a request's middleware with its view. The connection is looked after around each."""

    def submit(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        return super().submit(partial(_run, work, *args, **kwargs))


def seated(application: Any, number: int) -> Any:
    """The application, whose blocking work shares so many threads (*Seats*)."""
    seats = _Seats(max_workers=number, thread_name_prefix="requests")
    # Connections are looked after around each work. Asked once more before it, a request would wait for a thread twice.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    request_started.disconnect(reset_queries)

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        async with ThreadSensitiveContext(executor=seats):
            await application(scope, receive, send)

    return waiting


def _run(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    if time.monotonic() - getattr(_kept, "used", 0.0) > _QUIET_SECONDS:
        for each in connections.all(initialized_only=True):
            # It is asked whether it still lives, before it is used again.
            each.health_check_done = False  # type: ignore[attr-defined]  # the stubs lack it
    try:
        return work(*args, **kwargs)
    finally:
        _settle()


def _settle() -> None:
    """What Django does after each of its own requests, but for the age at which a connection is given up."""
    for each in connections.all(initialized_only=True):
        if each.connection is None:
            continue
        if getattr(_kept, each.alias, None) is not each.connection:
            setattr(_kept, each.alias, each.connection)
            each.close_at = time.monotonic() + KEPT_SECONDS
            each.health_check_enabled = True  # type: ignore[attr-defined]
        each.close_if_unusable_or_obsolete()
        each.health_check_done = True  # type: ignore[attr-defined]
    _kept.used = time.monotonic()
