"""Bodies on their way in: a file each, placed in the store or gone at the end."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from typing import BinaryIO

from backupweb.lib.objectstore.protocol import ObjectStore


class Spool:
    """A body on its way in: written by one thread at a time, placed or gone at the end."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        store.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = store.spool / secrets.token_hex(16)
        self._file: BinaryIO = self.path.open("xb")

    def write(self, block: bytes | bytearray) -> None:
        """Appends."""
        self._file.write(block)

    def place(self, name: str) -> None:
        """Makes the bytes durable and gives them their name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._store.place(self.path, name)

    def discard(self) -> None:
        """Takes away what was not placed; after `place` it does nothing."""
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
