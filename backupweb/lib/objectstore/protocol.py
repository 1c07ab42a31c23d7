"""What every store promises, and the words they share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

BLOCK = 1024 * 1024


class MissingObject(Exception):
    """The store does not have this name, for certain. Any other trouble is an exception of the store's own."""


class ObjectStore(Protocol):
    """What every store promises; `tests/lib/stores/` holds each of them to it."""

    spool: Path

    def place(self, spooled: Path, name: str) -> None:
        """Moves a finished spool file to `name`; once this returns, the bytes survive a power cut."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, in blocks. Raises MissingObject before the first block."""

    def size(self, name: str) -> int | None:
        """How many bytes lie there; None when there are certainly none."""

    def delete(self, name: str) -> None:
        """Takes the bytes away. Deleting what is not there is harmless."""
