"""A bucket of an S3-compatible store: signature version 4, one plain PUT per object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.core.files import File
from storages.backends.s3 import S3Storage

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.protocol import BLOCK
from backupweb.lib.objectstore.remote import ANSWERING, CONNECTING, Incomplete, RemoteStore, Trouble
from backupweb.lib.objectstore.signing import Stream
from backupweb.lib.objectstore.spooling import Arrival

FORM = "s3://bucket/prefix?endpoint=https://…&region=…"
_NO_KEY = {"404", "NoSuchKey", "NotFound"}
_BEYOND = {"416", "InvalidRange"}
_FULL = {"507", "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull"}


class S3Store(RemoteStore):
    """Through django-storages, which keeps a connection per thread."""

    def __init__(self, address: Address, spool: Path) -> None:
        super().__init__(spool)
        query = address.takes(FORM, "endpoint", "region")
        if (address.key is None) != (address.secret is None):
            raise address.malformed("given, since the other half is", "KEY" if address.key is None else "SECRET")
        self._storage: Any = S3Storage(
            bucket_name=address.host,
            location=address.path,
            endpoint_url=query.get("endpoint"),
            region_name=query.get("region", "us-east-1"),
            access_key=address.key and address.needs("text", "KEY"),
            secret_key=address.secret and address.needs("text", "SECRET"),
            signature_version="s3v4",
            file_overwrite=True,
            default_acl=None,
            object_parameters={"ContentType": "application/octet-stream"},
            # Objects are at most 64 MiB: parts, and their order, are never needed.
            transfer_config=TransferConfig(multipart_threshold=128 * BLOCK, use_threads=False),
            client_config=Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=CONNECTING,
                read_timeout=ANSWERING,
                retries={"total_max_attempts": 1},  # the patience is ours
                # Not every store knows the checksums that were added in 2024; length and hash are checked by us.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        name: str = self._storage.bucket_name
        return name

    def client(self, endpoint: str | None) -> Any:
        """A client with this store's keys; it signs for `endpoint`, or for the store's own address."""
        inner: Any = self._storage.connection.meta.client
        if endpoint is None:
            return inner
        return self._storage._create_session().client(  # noqa: SLF001  # keys, profile or role, as the storage has them
            "s3", region_name=inner.meta.region_name, endpoint_url=endpoint, config=inner.meta.config
        )

    def stream(self, name: str, *, size: int, sha256: str) -> Arrival:
        """Where bytes go that come in for `name`: on to the store, as they come."""
        return Stream(self, name, size=size, sha256=sha256)

    def full_key(self, key: str) -> str:
        """The key with the prefix of the address."""
        location = self._storage.location.strip("/")
        return f"{location}/{key}" if location else key

    def _object(self, key: str) -> Any:
        return self._storage.bucket.Object(self.full_key(key))

    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        self._storage.save(key, File(file))

    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        try:
            body = self._object(key).get(Range=f"bytes={start}-{start + length - 1}")["Body"]
        except ClientError as error:
            if _code(error) in _BEYOND:
                return
            raise
        with body:
            yield from body.iter_chunks(BLOCK)

    def _size(self, key: str) -> int:
        sealed = self._object(key)
        try:
            length = sealed.content_length
        except ClientError as error:
            if not is_missing(error):
                raise
            # An answer to HEAD cannot say whether it is the key or the bucket that is missing.
            answer = sealed.get(Range="bytes=0-0")
            answer["Body"].close()
            return int(answer["ContentRange"].rpartition("/")[2])
        if length is None:  # an answer that was cut off in its headers
            raise Incomplete
        return int(length)

    def _delete(self, key: str) -> None:
        self._object(key).delete()

    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        for found in self._storage.bucket.objects.filter(Prefix=self.full_key(shard) + "/"):
            yield found.key.rpartition("/")[2], int(found.size), found.last_modified

    def _trouble(self, error: Exception) -> Trouble | None:
        if isinstance(error, ClientError):
            code = _code(error)
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            if code in _NO_KEY:
                return Trouble("missing", code)
            if code in _FULL:
                return Trouble("full", code)
            return Trouble("busy" if status >= 500 or status in {408, 429} else "refused", code)
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return Trouble("refused", type(error).__name__)
        return Trouble("busy", type(error).__name__) if isinstance(error, BotoCoreError) else None


def is_missing(error: ClientError) -> bool:
    """Whether it says that nothing lies there."""
    return _code(error) in _NO_KEY


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
