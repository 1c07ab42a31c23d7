"""A bucket of an S3-compatible store, through django-storages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from storages.backends.s3 import S3Storage

from backupweb.lib.objectstore.protocol import BLOCK, MissingObject


class S3Store:
    """A bucket of an S3-compatible store, through django-storages; signature version 4, one plain PUT per object."""

    def __init__(self, address: str, spool: Path) -> None:
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
        except ClientError as error:
            if _is_missing(error):
                raise MissingObject from error
            raise
        chunks: Iterator[bytes] = body.iter_chunks(BLOCK)
        return chunks

    def size(self, name: str) -> int | None:
        try:
            return int(self._object(name).content_length)
        except ClientError as error:
            if _is_missing(error):
                return None
            raise

    def delete(self, name: str) -> None:
        self._storage.delete(self._key(name))


def _is_missing(error: Any) -> bool:
    return error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey", "NotFound"}
