"""What every store promises, and the words they share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

BLOCK = 1024 * 1024
# Names begin with one of these: what a walk over a whole store does one after the other, and where it goes on.
SHARDS = tuple(f"{number:02x}" for number in range(256))
NAME = re.compile(r"[0-9a-f]{32}")


class MissingObject(Exception):
    """The store does not have this name, for certain. Trouble of any other kind is an error of its own."""


class Lying(NamedTuple):
    """What lies in a store: a name, how many bytes, and since when by the store's own clock."""

    name: str
    size: int
    since: datetime


class ObjectStore(Protocol):
    """What every store promises; `tests/lib/stores/` holds each of them to it.

    Trouble is `StoreUnavailable` or `StoreFull`, after as many tries as are sensible. No promise is made about names
    that were used twice for different bytes, about the order of a listing, or about writing only if nothing is there.
    """

    spool: Path

    def place(self, spooled: Path, name: str) -> None:
        """Moves a finished spool file to `name`; once this returns, the bytes survive a power cut."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, in blocks; what is beyond the end is not there. Raises MissingObject at once."""

    def size(self, name: str) -> int | None:
        """How many bytes lie there; None when there are certainly none."""

    def delete(self, name: str) -> None:
        """Takes the bytes away. Deleting what is not there is harmless."""

    def names(self, shard: str) -> Iterator[Lying]:
        """What lies under names that begin so, in no order. Files that somebody else put there are passed over."""
