"""Bodies that nginx laid down after this site said yes (deploy/nginx): they wait beside the spool to be checked."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from backupweb.lib.objectstore.disk import disk_trouble
from backupweb.lib.objectstore.protocol import BLOCK, ObjectStore


def waiting_place(store: ObjectStore, name: str) -> Path:
    """Where nginx lays the bytes of `name`. `sweep` takes away what nobody asked for."""
    return store.spool / f"in-{name}"


def take_in(store: ObjectStore, name: str, *, size: int, sha256: str) -> bool:
    """Gives bytes that wait their name, if they are the right ones; others are taken away."""
    # Under a name of its own first: another upload of the same object may replace the file while it is hashed.
    taken = store.spool / secrets.token_hex(16)
    try:
        waiting_place(store, name).rename(taken)
    except FileNotFoundError:
        return False
    try:
        if not _is(taken, size, sha256):
            return False
        store.place(taken, name)
        return True
    finally:
        with suppress(FileNotFoundError):
            taken.unlink()


def _is(path: Path, size: int, sha256: str) -> bool:
    with disk_trouble(), path.open("rb", buffering=0) as file:
        if os.fstat(file.fileno()).st_size != size:
            return False
        digest, block = hashlib.sha256(), memoryview(bytearray(BLOCK))
        while count := file.readinto(block):
            digest.update(block[:count])
        if digest.hexdigest() != sha256:
            return False
        os.fsync(file.fileno())
        return True
