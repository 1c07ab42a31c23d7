"""Whether a store is fit: it gives back what it was given, and lets it be deleted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from backupweb.lib.objectstore.errors import StoreUnavailable
from backupweb.lib.objectstore.protocol import MissingObject, ObjectStore
from backupweb.lib.objectstore.spooling import Spool


def probe(store: ObjectStore) -> None:
    """Writes, reads back and deletes; raises StoreUnavailable where one of them fails.

    "Not there" is believed only of a store that passes: a bridge whose other side is gone may answer so to everything.
    """
    content = secrets.token_bytes(64)
    with laid(store, content) as name:
        try:
            fit = b"".join(store.read(name, 0, len(content))) == content
        except MissingObject:
            fit = False
    if not fit:
        raise StoreUnavailable("incomplete", "probe")


@contextmanager
def laid(store: ObjectStore, content: bytes) -> Iterator[str]:
    """The name under which `content` lies, until the end."""
    name, spool = secrets.token_hex(16), Spool(store)
    try:
        spool.write(content)
        spool.place(name)
        yield name
    finally:
        spool.discard()
        store.delete(name)
