"""Bodies on their way in: a file each, placed in the store or gone at the end."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from typing import BinaryIO, Protocol, runtime_checkable

from backupweb.lib.objectstore.both import BothStores
from backupweb.lib.objectstore.disk import disk_trouble
from backupweb.lib.objectstore.protocol import ObjectStore


class Arrival(Protocol):
    """A body on its way in: written by one thread at a time, placed or gone at the end."""

    def write(self, block: bytes | bytearray) -> None:
        """Appends. The block is not changed afterwards."""

    def place(self, name: str) -> None:
        """Gives the bytes their name; once this returns they survive a power cut."""

    def discard(self) -> None:
        """Takes away what was not placed; after `place` it does nothing."""


@runtime_checkable
class Streaming(Protocol):
    """A store that takes bytes as they come, so that they need not lie here first."""

    def stream(self, name: str, *, size: int, sha256: str) -> Arrival:
        """Where the bytes of `name` go. What was not placed never appears there."""


def receive(store: ObjectStore, name: str, *, size: int, sha256: str) -> Arrival:
    """Where the bytes of `name` go as they come in: to the store, or to a file that is then given to it."""
    main = store.main if isinstance(store, BothStores) else store
    return main.stream(name, size=size, sha256=sha256) if isinstance(main, Streaming) else Spool(store)


class Spool:
    """A body on its way in: written by one thread at a time, placed or gone at the end."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.path = store.spool / secrets.token_hex(16)
        with disk_trouble():
            store.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file: BinaryIO = self.path.open("xb")

    def write(self, block: bytes | bytearray) -> None:
        """Appends."""
        with disk_trouble():
            self._file.write(block)

    def place(self, name: str) -> None:
        """Makes the bytes durable and gives them their name."""
        with disk_trouble():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._store.place(self.path, name)

    def discard(self) -> None:
        """Takes away what was not placed; after `place` it does nothing."""
        with suppress(OSError):  # a full disk says so once more
            self._file.close()
        self.path.unlink(missing_ok=True)


def sweep(store: ObjectStore, *, older_than_seconds: float) -> int:
    """Takes away spool files that a killed process left behind; returns how many."""
    swept = 0
    if not store.spool.is_dir():
        return swept
    for path in store.spool.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - older_than_seconds:
                path.unlink()
                swept += 1
    return swept
