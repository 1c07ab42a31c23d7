"""Blocking work of the raw ASGI application, in a small pool of threads that leaves no database connection behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")

# Hashing and disk work release the interpreter lock; more threads than this only wait for the disk.
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="objects")


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs `work` in the pool. Work that was begun is finished even when the waiting task is cancelled."""
    loop = asyncio.get_running_loop()
    return await asyncio.shield(loop.run_in_executor(_pool, partial(_run, work, *args, **kwargs)))


def _run(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    # What Django does around each of its own requests.
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()
