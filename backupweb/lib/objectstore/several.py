"""Several questions to one store at a time: a finish asks about up to 256 objects, and somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from backupweb.lib.objectstore.disk import DiskStore
from backupweb.lib.objectstore.protocol import ObjectStore

Q = TypeVar("Q")
A = TypeVar("A")

# Shared by everybody whom this process serves: a store is not asked more often at once than this.
_pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="store")


def ask_each(question: Callable[[Q], A], about: Iterable[Q]) -> list[A]:
    """The answers in the order of the questions; the first trouble is raised."""
    return list(_pool.map(question, about))


def sizes(store: ObjectStore, names: Iterable[str]) -> list[int | None]:
    """How many bytes lie under each name. A disk knows at once: there it would only cost to share this out."""
    return [store.size(name) for name in names] if isinstance(store, DiskStore) else ask_each(store.size, names)
