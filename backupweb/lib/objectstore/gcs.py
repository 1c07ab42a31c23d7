"""A bucket of Google Cloud Storage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import google.auth
from google.api_core.exceptions import GoogleAPICallError, NotFound, RequestRangeNotSatisfiable
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError, TransportError
from google.cloud.storage import Client
from google.oauth2.service_account import Credentials
from requests.exceptions import RequestException
from storages.backends.gcloud import GoogleCloudStorage

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.protocol import BLOCK
from backupweb.lib.objectstore.remote import ANSWERING, CONNECTING, RemoteStore, Trouble

FORM = "gs://bucket/prefix?endpoint=https://…"
_SCOPES = ("https://www.googleapis.com/auth/devstorage.read_write",)
# What is longer goes in parts of this length; the object appears with the last one.
_PART = 8 * BLOCK
_WINDOW = 4 * BLOCK
_TIMES = (CONNECTING, ANSWERING)


class GoogleStore(RemoteStore):
    """Through django-storages. The secret is a service account's JSON file; without one, what the machine is given."""

    def __init__(self, address: Address, spool: Path) -> None:
        super().__init__(spool)
        query = address.takes(FORM, "endpoint")
        self._storage: Any = _Storage(
            bucket_name=address.host,
            location=address.path,
            credentials=_credentials(address, query.get("endpoint", "")),
            custom_endpoint=query.get("endpoint"),
            file_overwrite=True,
        )

    def _blob(self, key: str) -> Any:
        location = self._storage.location.strip("/")
        return self._storage.bucket.blob(f"{location}/{key}" if location else key, chunk_size=_PART)

    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        self._blob(key).upload_from_file(file, size=size, retry=None, timeout=_TIMES)

    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        blob = self._blob(key)
        for at in range(start, start + length, _WINDOW):
            end = min(at + _WINDOW, start + length) - 1
            try:
                yield blob.download_as_bytes(
                    start=at, end=end, raw_download=True, checksum=None, retry=None, timeout=_TIMES
                )
            except RequestRangeNotSatisfiable:
                return

    def _size(self, key: str) -> int:
        blob = self._blob(key)
        try:
            blob.reload(retry=None, timeout=_TIMES)
        except NotFound:
            # It may be the bucket that is missing: then this says so.
            list(self._storage.client.list_blobs(self._storage.bucket, max_results=1, retry=None, timeout=_TIMES))
            raise
        return int(blob.size)

    def _delete(self, key: str) -> None:
        self._blob(key).delete(retry=None, timeout=_TIMES)

    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        prefix = self._blob(shard).name + "/"
        for blob in self._storage.client.list_blobs(self._storage.bucket, prefix=prefix, retry=None, timeout=_TIMES):
            yield blob.name.rpartition("/")[2], int(blob.size), blob.updated

    def _trouble(self, error: Exception) -> Trouble | None:
        name = type(error).__name__
        if isinstance(error, NotFound):
            bucket = "bucket" in str(error.message) and "does not exist" in str(error.message)
            return Trouble("refused", "NoSuchBucket") if bucket else Trouble("missing", name)
        if isinstance(error, GoogleAPICallError):
            later = (error.code or 0) >= 500 or error.code in {408, 429}
            return Trouble("busy" if later else "refused", name)
        if isinstance(error, TransportError | RequestException):
            return Trouble("busy", name)
        return Trouble("refused", name) if isinstance(error, GoogleAuthError) else None


class _Storage(GoogleCloudStorage):
    """With an endpoint of one's own."""

    custom_endpoint: str | None

    @property
    def client(self) -> Any:
        if self._client is None:
            options = {"api_endpoint": self.custom_endpoint} if self.custom_endpoint else None
            project = getattr(self.credentials, "project_id", None) or "backupweb"
            self._client = Client(project=project, credentials=self.credentials, client_options=options)
        return self._client


def _credentials(address: Address, endpoint: str) -> Any:
    if address.secret is None:
        if endpoint.startswith("http://"):  # an emulator; Google itself speaks https only
            return AnonymousCredentials()
        try:
            return google.auth.default(scopes=_SCOPES)[0]
        except GoogleAuthError as error:
            raise address.malformed("the JSON of a service account", "SECRET") from error
    try:
        described = json.loads(address.needs("the JSON of a service account", "SECRET"))
        return Credentials.from_service_account_info(described, scopes=_SCOPES)
    except (ValueError, TypeError, AttributeError) as error:
        raise address.malformed("the JSON of a service account", "SECRET") from error
