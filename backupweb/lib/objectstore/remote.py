"""What stores elsewhere share: names become keys, trouble becomes patience, then a refusal with a name.

[Whole or not there] Stores differ in what they leave behind when a body is cut off. So the length is asked after each
write, and what has another length is taken away again. What has the right length stays whatever the store said: of two
uploads of one object the other one may have placed it.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, TypeVar

from urllib3.exceptions import HTTPError

from backupweb.lib.objectstore.errors import StoreFull, StoreUnavailable
from backupweb.lib.objectstore.protocol import BLOCK, NAME, Lying, MissingObject

# Seconds between one try and the next.
PAUSES = (0.2, 1.0, 3.0)
CONNECTING = 10
ANSWERING = 60

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Trouble(NamedTuple):
    """What an error of a store's library means. `detail` is a name or a code, never a text: that may quote anything."""

    kind: Literal["missing", "full", "refused", "busy", "incomplete"]
    detail: str


class Incomplete(Exception):
    """The store did not keep what it was given."""


class RemoteStore(ABC):
    """A kind says how one request is made and what its errors mean; nothing else."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool

    # ------------------------------------------------------------ what a kind says

    @abstractmethod
    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        """Writes all of `file`, over what may lie there."""

    @abstractmethod
    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`; fewer at the end, none beyond it."""

    @abstractmethod
    def _size(self, key: str) -> int:
        """How many bytes lie there."""

    @abstractmethod
    def _delete(self, key: str) -> None:
        """Takes them away; may raise what means "missing"."""

    @abstractmethod
    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        """File name, size and time of what lies in the shard; may raise what means "missing"."""

    @abstractmethod
    def _trouble(self, error: Exception) -> Trouble | None:
        """What an error means; None for one that is not the store's."""

    # ------------------------------------------------------------ what all promise

    def place(self, spooled: Path, name: str) -> None:
        key, size = _key(name), spooled.stat().st_size

        def put_whole() -> None:
            try:
                with spooled.open("rb") as file:
                    self._put(key, file, size)
            except Exception:
                with suppress(Exception):  # the first error is the one to tell
                    self._take_back(key, size)
                raise
            if not self._take_back(key, size):
                raise Incomplete

        self._patiently(put_whole)
        spooled.unlink()

    def _take_back(self, key: str, size: int) -> bool:
        """Whether `size` bytes lie there; if it is another number, they are taken away."""
        if self._size(key) == size:
            return True
        self._delete(key)
        return False

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        blocks = self._read(_key(name), start, length)
        first = next(blocks, b"")  # what is missing is told now, not in the middle of an answer
        return _followed_by(first, blocks)

    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        position, end = start, start + length
        waits = iter(PAUSES)
        while position < end:
            try:
                for block in self._get(key, position, end - position):
                    for at in range(0, len(block), BLOCK):
                        piece = block[at : at + BLOCK]
                        position += len(piece)
                        yield piece
                # A body that is shorter than was asked for may have been cut off unnoticed.
                if position >= end or position >= self._size(key):
                    return
                raise Incomplete
            except Exception as error:  # sorted by what it means
                self._wait_or_raise(error, waits)  # and go on where it broke off

    def size(self, name: str) -> int | None:
        try:
            return self._patiently(lambda: self._size(_key(name)))
        except MissingObject:
            return None

    def delete(self, name: str) -> None:
        with suppress(MissingObject):
            self._patiently(lambda: self._delete(_key(name)))

    def names(self, shard: str) -> Iterator[Lying]:
        try:
            listed = self._patiently(lambda: list(self._list(shard)))
        except MissingObject:  # a folder that nothing was placed in
            return
        for name, size, since in listed:
            if NAME.fullmatch(name) and name.startswith(shard):
                yield Lying(name, size, since)

    # ------------------------------------------------------------ patience

    def _patiently(self, work: Callable[[], T]) -> T:
        waits = iter(PAUSES)
        while True:
            try:
                return work()
            except Exception as error:  # sorted by what it means
                self._wait_or_raise(error, waits)

    def _wait_or_raise(self, error: Exception, waits: Iterator[float]) -> None:
        """Returns when it is worth another try; raises what the error means otherwise."""
        if isinstance(error, Incomplete):
            trouble: Trouble | None = Trouble("incomplete", "length")
        else:
            trouble = self._trouble(error) or _of_the_wire(error)
        if trouble is None:
            raise error
        if trouble.kind == "missing":
            raise MissingObject from error
        if trouble.kind == "full":
            raise StoreFull from error
        if trouble.kind != "refused" and (pause := next(waits, None)) is not None:
            time.sleep(pause)
            return
        event = {"reason": trouble.kind, "detail": trouble.detail}
        logger.error("the store is unavailable", extra={"event": event})
        raise StoreUnavailable(trouble.kind, trouble.detail) from error


def _key(name: str) -> str:
    return f"{name[:2]}/{name}"


def _of_the_wire(error: Exception) -> Trouble | None:
    """Connections that break, whatever library they belong to."""
    broken = isinstance(error, ConnectionError | TimeoutError | EOFError | HTTPException | HTTPError)
    return Trouble("busy", type(error).__name__) if broken else None


def _followed_by(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
        yield from blocks
