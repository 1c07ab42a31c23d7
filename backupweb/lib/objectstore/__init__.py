"""The one door to where sealed bytes lie: local disk, or a store elsewhere through django-storages.

[How bytes appear] A body is first written to a spool file while it is hashed; only when length and hash fit does it get
its name, in one step. So a name in the store always stands for whole, checked bytes, and a body that was cut off leaves
at most a spool file, which `sweep` takes away. Names are random, made by the server and never used twice: no store is
asked for conditional writes, for metadata or for the order of a listing.
"""

from __future__ import annotations

import functools
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backupweb.lib.objectstore.disk import DiskStore
from backupweb.lib.objectstore.protocol import BLOCK, MissingObject, ObjectStore
from backupweb.lib.objectstore.spooling import Spool, sweep

__all__ = ["BLOCK", "DiskStore", "MissingObject", "ObjectStore", "Spool", "new_name", "open_store", "sweep"]


def open_store() -> ObjectStore:
    """The store that the settings name."""
    return _open(settings.BACKUPWEB_STORE, settings.BACKUPWEB_DATA)


def new_name() -> str:
    """A name nobody had before."""
    return secrets.token_hex(16)


@functools.lru_cache(maxsize=8)
def _open(address: str, data: Path) -> ObjectStore:
    parts = urlsplit(address)
    if parts.scheme == "s3":
        from backupweb.lib.objectstore.s3 import S3Store  # noqa: PLC0415  # half a second that disk users need not wait

        return S3Store(address, data / "spool")
    root = Path(parts.path)
    if parts.scheme != "file" or parts.netloc or not root.is_absolute():
        raise ImproperlyConfigured("BACKUPWEB_STORE must be file:///absolute/path or s3://bucket/prefix")
    # The spool lies on the same file system as the packs: giving a name is a rename, never a copy.
    return DiskStore(root, data / "spool" if root.parent == data else root / ".spool")
