"""A folder on this machine: a name appears by a rename."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backupweb.lib.objectstore.errors import StoreFull, StoreUnavailable
from backupweb.lib.objectstore.protocol import BLOCK, NAME, Lying, MissingObject

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskStore:
    """A folder, sharded by the first byte of the name."""

    def __init__(self, root: Path, spool: Path) -> None:
        self.root = root
        self.spool = spool

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name

    def place(self, spooled: Path, name: str) -> None:
        path = self._path(name)
        with disk_trouble():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            spooled.replace(path)
            # The name itself must be durable too, and so must a shard that was made just now.
            for folder in (path.parent, self.root):
                _sync_folder(folder)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        with disk_trouble():
            try:
                file = self._path(name).open("rb", buffering=0)
            except FileNotFoundError as error:
                raise MissingObject from error
        return _blocks(file, start, length)

    def size(self, name: str) -> int | None:
        with disk_trouble():
            try:
                return self._path(name).stat().st_size
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        with disk_trouble():
            self._path(name).unlink(missing_ok=True)

    def names(self, shard: str) -> Iterator[Lying]:
        try:
            with os.scandir(self.root / shard) as entries:
                for entry in entries:
                    if NAME.fullmatch(entry.name):
                        found = entry.stat()
                        yield Lying(entry.name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))
        except FileNotFoundError:  # a shard that nothing was placed in
            return
        except OSError as error:
            raise StoreUnavailable("refused", _named(error)) from error


@contextmanager
def disk_trouble() -> Iterator[None]:
    """What the operating system says about a disk, as a refusal with a name."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull from error
        raise StoreUnavailable("refused", _named(error)) from error


def _named(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "OSError")


def _blocks(file: Any, start: int, length: int) -> Iterator[bytes]:
    with file:
        position, end = start, start + length
        while position < end:
            with disk_trouble():
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
