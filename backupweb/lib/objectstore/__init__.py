"""The one door to where sealed bytes lie: local disk, or a store elsewhere through django-storages.

[How bytes appear] A body is first written to a spool file while it is hashed; only when length and hash fit does it get
its name, in one step. So a name in the store always stands for whole, checked bytes, and a body that was cut off leaves
at most a spool file, which `sweep` takes away. Names are random, made by the server and never used twice: no store is
asked for conditional writes, for metadata or for the order of a listing.
"""

from __future__ import annotations

import functools
import importlib
import secrets
from pathlib import Path

from django.conf import settings

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.both import BothStores
from backupweb.lib.objectstore.disk import DiskStore
from backupweb.lib.objectstore.errors import StoreFull, StoreUnavailable
from backupweb.lib.objectstore.probing import laid, probe
from backupweb.lib.objectstore.protocol import BLOCK, SHARDS, Lying, MissingObject, ObjectStore
from backupweb.lib.objectstore.spooling import Arrival, Spool, receive, sweep
from backupweb.lib.secret import SecretBytes

__all__ = [
    "BLOCK",
    "KINDS",
    "SHARDS",
    "Arrival",
    "BothStores",
    "DiskStore",
    "Lying",
    "MissingObject",
    "ObjectStore",
    "Spool",
    "StoreFull",
    "StoreUnavailable",
    "laid",
    "new_name",
    "open_store",
    "open_stores",
    "probe",
    "receive",
    "sweep",
]

# Scheme, module and class: a library is imported by who uses it, half a second and 30 MiB each.
KINDS = {
    "s3": ("s3", "S3Store"),
    "gs": ("gcs", "GoogleStore"),
    "azure": ("azure", "AzureStore"),
    "sftp": ("sftp", "SftpStore"),
    "dropbox": ("dropbox", "DropboxStore"),
}


def open_store() -> ObjectStore:
    """The store that the settings name; while it is being moved, both of them."""
    main, other = open_stores()
    return main if other is None else BothStores(main, other)


def open_stores() -> tuple[ObjectStore, ObjectStore | None]:
    """The store that new objects go to, and the other one while there are two (docs/stores.md, "Moving")."""
    data: Path = settings.BACKUPWEB_DATA
    main = _open(
        "BACKUPWEB_STORE",
        settings.BACKUPWEB_STORE,
        data,
        _exposed(settings.BACKUPWEB_STORE_KEY),
        _exposed(settings.BACKUPWEB_STORE_SECRET),
    )
    if settings.BACKUPWEB_STORE_OTHER is None:
        return main, None
    other = _open(
        "BACKUPWEB_STORE_OTHER",
        settings.BACKUPWEB_STORE_OTHER,
        data,
        _exposed(settings.BACKUPWEB_STORE_OTHER_KEY),
        _exposed(settings.BACKUPWEB_STORE_OTHER_SECRET),
    )
    return main, other


def new_name() -> str:
    """A name nobody had before."""
    return secrets.token_hex(16)


def _exposed(secret: SecretBytes | None) -> bytes | None:
    return None if secret is None else secret.expose()


@functools.lru_cache(maxsize=8)
def _open(setting: str, text: str, data: Path, key: bytes | None, secret: bytes | None) -> ObjectStore:
    address = Address(
        setting, text, None if key is None else SecretBytes(key), None if secret is None else SecretBytes(secret)
    )
    if address.scheme in KINDS:
        module, kind = KINDS[address.scheme]
        made: ObjectStore = getattr(importlib.import_module(f"{__name__}.{module}"), kind)(address, data / "spool")
        return made
    root = Path("/", address.path)
    if address.text != f"file://{root}" or not address.path:
        raise address.malformed(f"file:///absolute/path, or begin with {', '.join(f'{kind}://' for kind in KINDS)}")
    # The spool lies on the same file system as the packs: giving a name is a rename, never a copy.
    return DiskStore(root, data / "spool" if root.parent == data else root / ".spool")
