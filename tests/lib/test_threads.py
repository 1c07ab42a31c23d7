"""A thread keeps its connection for a while, and gives up one that is old or in which something failed."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, connections

from backupweb.lib import threads
from backupweb.lib.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_pool", ThreadPoolExecutor(max_workers=1))
    monkeypatch.setattr(threads, "KEPT_SECONDS", 60.0)


def ask() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.connection


def fail() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")


def end() -> None:
    connection.close()


def in_turn(*works: object) -> list[object]:
    async def run() -> list[object]:
        done: list[object] = []
        for work in (*works, end):
            try:
                done.append(await in_thread(work))  # type: ignore[arg-type]
            except DatabaseError:
                done.append(None)
        return done[:-1]

    return asyncio.run(run())


def test_the_next_work_finds_the_connection_open() -> None:
    first, second = in_turn(ask, ask)
    assert first is not None
    assert first is second


def test_one_that_died_while_nobody_used_it_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_QUIET_SECONDS", 0.0)

    def die() -> None:
        connection.ensure_connection()
        monkeypatch.setattr(type(connections["default"]), "is_usable", lambda self: False)

    died, asked = in_turn(die, ask)
    assert died is None
    assert asked is not None


def test_an_old_one_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "KEPT_SECONDS", 0.0)
    first, second = in_turn(ask, ask)
    assert first is not second


def test_after_a_failure_it_is_looked_at_and_work_goes_on() -> None:
    _first, failed, second = in_turn(ask, fail, ask)
    assert failed is None
    assert second is not None


def test_many_requests_share_few_threads() -> None:
    used: set[int] = set()

    def work() -> None:
        used.add(threading.get_ident())
        ask()
        time.sleep(0.01)
        end()

    async def application(scope: object, receive: object, send: object) -> None:
        await sync_to_async(work)()

    async def run() -> None:
        seated = threads.seated(application, 3)
        await asyncio.gather(*(seated({}, None, None) for _ in range(30)))

    asyncio.run(run())
    assert len(used) == 3


def test_a_slow_body_holds_no_thread() -> None:
    async def application(scope: dict[str, asyncio.Event], receive: object, send: object) -> None:
        if "body" in scope:
            await scope["body"].wait()
        await sync_to_async(end)()

    async def run() -> None:
        seated, arrived = threads.seated(application, 1), asyncio.Event()
        slow = asyncio.create_task(seated({"body": arrived}, None, None))
        await asyncio.sleep(0)
        await asyncio.wait_for(seated({}, None, None), timeout=30)
        assert not slow.done()
        arrived.set()
        await slow

    asyncio.run(run())
