"""Two stores while one is left for the other: new objects go to the first, and both are read and deleted from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backupweb.lib.objectstore.protocol import Lying, MissingObject, ObjectStore


class BothStores:
    """A name is in one of them or, with the same bytes, in both."""

    def __init__(self, main: ObjectStore, other: ObjectStore) -> None:
        self.main = main
        self.other = other
        self.spool: Path = main.spool

    def place(self, spooled: Path, name: str) -> None:
        self.main.place(spooled, name)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        try:
            return self.main.read(name, start, length)
        except MissingObject:
            return self.other.read(name, start, length)

    def size(self, name: str) -> int | None:
        size = self.main.size(name)
        return self.other.size(name) if size is None else size

    def delete(self, name: str) -> None:
        self.main.delete(name)
        self.other.delete(name)

    def names(self, shard: str) -> Iterator[Lying]:
        merged = {lying.name: lying for store in (self.other, self.main) for lying in store.names(shard)}
        yield from merged.values()
