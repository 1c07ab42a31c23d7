"""The one door to where sealed bytes lie: local disk, or an S3-compatible store through django-storages.

[How bytes appear] A body is first written to a spool file while it is hashed; only when length and hash fit does it get
its name, in one step. So a name in the store always stands for whole, checked bytes, and a body that was cut off leaves
at most a spool file, which `sweep` takes away. Names are random, made by the server and never used twice: no store is
asked for conditional writes, for metadata or for the order of a listing.
"""

from __future__ import annotations

import functools
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File

BLOCK = 1024 * 1024


class MissingObject(Exception):
    """The store does not have this name, for certain. Any other trouble is an exception of the store's own."""


class ObjectStore(Protocol):
    """What every store promises; `tests/lib/test_objectstore.py` holds each of them to it."""

    spool: Path

    def place(self, spooled: Path, name: str) -> None:
        """Moves a finished spool file to `name`; once this returns, the bytes survive a power cut."""

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start`, in blocks. Raises MissingObject before the first block."""

    def size(self, name: str) -> int | None:
        """How many bytes lie there; None when there are certainly none."""

    def delete(self, name: str) -> None:
        """Takes the bytes away. Deleting what is not there is harmless."""


class Spool:
    """A body on its way in: written by one thread at a time, placed or gone at the end."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        store.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = store.spool / secrets.token_hex(16)
        self._file: BinaryIO = self.path.open("xb")

    def write(self, block: bytes | bytearray) -> None:
        """Appends."""
        self._file.write(block)

    def place(self, name: str) -> None:
        """Makes the bytes durable and gives them their name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._store.place(self.path, name)

    def discard(self) -> None:
        """Takes away what was not placed; after `place` it does nothing."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class DiskStore:
    """A folder, sharded by the first byte of the name."""

    def __init__(self, root: Path, spool: Path) -> None:
        self.root = root
        self.spool = spool

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name

    def place(self, spooled: Path, name: str) -> None:
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        spooled.replace(path)
        # The name itself must be durable too, and so must a shard that was made just now.
        for folder in (path.parent, self.root):
            _sync_folder(folder)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        try:
            file = self._path(name).open("rb", buffering=0)
        except FileNotFoundError as error:
            raise MissingObject from error
        return _blocks(file, start, length)

    def size(self, name: str) -> int | None:
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)


class S3Store:
    """A bucket of an S3-compatible store, through django-storages; signature version 4, one plain PUT per object."""

    def __init__(self, address: str, spool: Path) -> None:
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415  # half a second that disk users need not wait
        from storages.backends.s3 import S3Storage  # noqa: PLC0415

        parts = urlsplit(address)
        query = parse_qs(parts.query)
        if not parts.hostname or set(query) - {"endpoint", "region"}:
            raise ImproperlyConfigured("BACKUPWEB_STORE must be s3://bucket/prefix?endpoint=https://…&region=…")
        key, secret = settings.BACKUPWEB_STORE_KEY, settings.BACKUPWEB_STORE_SECRET
        self.spool = spool
        self._storage: Any = S3Storage(
            bucket_name=parts.hostname,
            location=parts.path.strip("/"),
            endpoint_url=query.get("endpoint", [None])[0],
            region_name=query.get("region", ["us-east-1"])[0],
            access_key=key.expose().decode() if key else None,
            secret_key=secret.expose().decode() if secret else None,
            signature_version="s3v4",
            addressing_style="path",
            file_overwrite=True,
            default_acl=None,
            object_parameters={"ContentType": "application/octet-stream"},
            # Objects are at most 64 MiB: parts, and their order, are never needed.
            transfer_config=TransferConfig(multipart_threshold=128 * BLOCK, use_threads=False),
        )

    def _key(self, name: str) -> str:
        return f"{name[:2]}/{name}"

    def _object(self, name: str) -> Any:
        location = self._storage.location.strip("/")
        key = self._key(name)
        return self._storage.bucket.Object(f"{location}/{key}" if location else key)

    def place(self, spooled: Path, name: str) -> None:
        with spooled.open("rb") as file:
            self._storage.save(self._key(name), File(file))
        if self.size(name) != spooled.stat().st_size:
            raise OSError("the store did not keep what it was given")
        spooled.unlink()

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        if length == 0:
            return iter(())
        try:
            body = self._object(name).get(Range=f"bytes={start}-{start + length - 1}")["Body"]
        except _client_error() as error:
            if _is_missing(error):
                raise MissingObject from error
            raise
        chunks: Iterator[bytes] = body.iter_chunks(BLOCK)
        return chunks

    def size(self, name: str) -> int | None:
        try:
            return int(self._object(name).content_length)
        except _client_error() as error:
            if _is_missing(error):
                return None
            raise

    def delete(self, name: str) -> None:
        self._storage.delete(self._key(name))


def open_store() -> ObjectStore:
    """The store that the settings name."""
    return _open(settings.BACKUPWEB_STORE, settings.BACKUPWEB_DATA)


def new_name() -> str:
    """A name nobody had before."""
    return secrets.token_hex(16)


def sweep(store: ObjectStore, *, older_than_seconds: float) -> int:
    """Takes away spool files that a killed process left behind; returns how many."""
    swept = 0
    if not store.spool.is_dir():
        return swept
    for path in store.spool.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - older_than_seconds:
                path.unlink()
                swept += 1
    return swept


@functools.lru_cache(maxsize=8)
def _open(address: str, data: Path) -> ObjectStore:
    parts = urlsplit(address)
    if parts.scheme == "s3":
        return S3Store(address, data / "spool")
    root = Path(parts.path)
    if parts.scheme != "file" or parts.netloc or not root.is_absolute():
        raise ImproperlyConfigured("BACKUPWEB_STORE must be file:///absolute/path or s3://bucket/prefix")
    # The spool lies on the same file system as the packs: giving a name is a rename, never a copy.
    return DiskStore(root, data / "spool" if root.parent == data else root / ".spool")


def _blocks(file: Any, start: int, length: int) -> Iterator[bytes]:
    with file:
        position, end = start, start + length
        while position < end:
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


def _client_error() -> type[Exception]:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    error: type[Exception] = ClientError
    return error


def _is_missing(error: Any) -> bool:
    return error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}
