"""A folder on this machine: a name appears by a rename."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backupweb.lib.objectstore.protocol import BLOCK, MissingObject


class DiskStore:
    """A folder, sharded by the first byte of the name."""

    def __init__(self, root: Path, spool: Path) -> None:
        self.root = root
        self.spool = spool

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name

    def place(self, spooled: Path, name: str) -> None:
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        spooled.replace(path)
        # The name itself must be durable too, and so must a shard that was made just now.
        for folder in (path.parent, self.root):
            _sync_folder(folder)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        try:
            file = self._path(name).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise MissingObject from error
        return _blocks(file, start, length)

    def size(self, name: str) -> int | None:
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)


def _blocks(file: Any, start: int, length: int) -> Iterator[bytes]:
    with file:
        position, end = start, start + length
        while position < end:
            block = os.pread(file.fileno(), min(BLOCK, end - position), position)
            if not block:
                return
            position += len(block)
            yield block


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
