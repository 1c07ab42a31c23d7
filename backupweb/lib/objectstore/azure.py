"""A container of Azure Blob Storage."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient
from storages.backends.azure_storage import AzureStorage

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.protocol import BLOCK
from backupweb.lib.objectstore.remote import ANSWERING, CONNECTING, RemoteStore, Trouble

FORM = "azure://container/prefix?account=…&endpoint=https://…"
_MISSING = {"BlobNotFound", "ResourceNotFound"}


class AzureStore(RemoteStore):
    """Through django-storages, with the account's key."""

    def __init__(self, address: Address, spool: Path) -> None:
        super().__init__(spool)
        query = address.takes(FORM, "account", "endpoint")
        if "account" not in query:
            raise address.malformed(FORM)
        key = address.needs("the account's key, in base 64", "SECRET")
        try:
            b64decode(key, validate=True)
        except binascii.Error as error:
            raise address.malformed("the account's key, in base 64", "SECRET") from error
        self._endpoint = query.get("endpoint")
        self._prefix = f"{address.path}/" if address.path else ""
        self._storage: Any = _Storage(
            azure_container=address.host,
            account_name=query["account"],
            account_key=key,
            custom_domain=query.get("endpoint"),
            overwrite_files=True,
            client_options={
                "retry_total": 0,  # the patience is ours
                "connection_timeout": CONNECTING,
                "read_timeout": ANSWERING,
                # In parts, so that memory stays flat; the blob appears when their list is sent.
                "max_single_put_size": 4 * BLOCK,
                "max_block_size": 4 * BLOCK,
                "max_single_get_size": 4 * BLOCK,
                "max_chunk_get_size": 4 * BLOCK,
            },
        )

    def _blob(self, key: str) -> Any:
        return self._storage.client.get_blob_client(self._prefix + key)

    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        self._blob(key).upload_blob(file, length=size, overwrite=True, max_concurrency=1)

    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        try:
            yield from self._blob(key).download_blob(start, length, max_concurrency=1).chunks()
        except HttpResponseError as error:
            if error.status_code != 416:
                raise

    def _size(self, key: str) -> int:
        return int(self._blob(key).get_blob_properties().size)

    def _delete(self, key: str) -> None:
        self._blob(key).delete_blob()

    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        for found in self._storage.client.list_blobs(name_starts_with=f"{self._prefix}{shard}/"):
            yield found.name.rpartition("/")[2], int(found.size), found.last_modified

    def _trouble(self, error: Exception) -> Trouble | None:
        if isinstance(error, ValueError):  # an answer that was cut off in its headers
            return Trouble("busy", "ValueError")
        if not isinstance(error, AzureError):
            return None
        code = str(getattr(error, "error_code", None) or type(error).__name__)
        status = getattr(error, "status_code", None)
        if isinstance(error, ResourceNotFoundError) and code in _MISSING:
            return Trouble("missing", code)
        if isinstance(error, ClientAuthenticationError):
            return Trouble("refused", code)
        if status is None or status >= 500 or status in {408, 429}:  # none: no answer came
            return Trouble("busy", code)
        return Trouble("refused", code)


class _Storage(AzureStorage):
    """With an endpoint of one's own: Azurite, or a cloud of a country."""

    custom_domain: str | None
    client_options: dict[str, Any]

    def _get_service_client(self) -> Any:
        if not self.custom_domain:
            return super()._get_service_client()
        credential = {"account_name": self.account_name, "account_key": self.account_key}
        return BlobServiceClient(self.custom_domain, credential=credential, **self.client_options)
