"""Locks that all processes of a site agree on and that are free again when their holder dies: advisory ones in
PostgreSQL, a locked file beside a SQLite database."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import DatabaseError, connections

_AGAIN = 0.2  # seconds between two looks of somebody who waits


class Taken(Exception):
    """Somebody else holds the lock."""


Held = Callable[[], bool]  # whether the lock is still held: a connection to PostgreSQL can break


@contextmanager
def lock(name: str, *, wait: bool) -> Iterator[Held]:
    """Holds the lock of this name. Where somebody else holds it: waits for it, or raises `Taken`."""
    take = _advisory if connections["default"].vendor == "postgresql" else _file
    while True:
        with take(name) as held:
            if held is not None:
                yield held
                return
        if not wait:
            raise Taken(name)
        time.sleep(_AGAIN)


@contextmanager
def _advisory(name: str) -> Iterator[Held | None]:
    # A connection of its own: the site's are closed and opened again while the lock is held.
    connection = connections["default"].copy()
    number = int.from_bytes(hashlib.sha256(f"backupweb/{name}".encode()).digest()[:8], signed=True)

    def alive() -> bool:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return False
        return True

    taken = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            taken = bool(cursor.fetchone()[0])
        # The lock goes with its connection, also when the process is killed.
        yield alive if taken else None
    finally:
        # PostgreSQL takes its time to notice that a connection was closed; who asks next need not wait for that.
        if taken:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
        connection.close()


@contextmanager
def _file(name: str) -> Iterator[Held | None]:
    database = Path(connections["default"].settings_dict["NAME"])
    handle = os.open(database.with_name(f"{database.name}.{name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield lambda: True
    finally:
        os.close(handle)
