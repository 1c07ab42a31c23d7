"""A folder of a Dropbox, by the app that its owner registered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from dropbox.exceptions import ApiError, AuthError, DropboxException, HttpError, InternalServerError, RateLimitError
from dropbox.files import FileMetadata
from requests.exceptions import RequestException
from storages.backends.dropbox import DropboxStorage

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.protocol import BLOCK
from backupweb.lib.objectstore.remote import ANSWERING, CONNECTING, RemoteStore, Trouble

FORM = "dropbox://folder/subfolder"
_APP = "the app's key and secret, as key:secret"


class DropboxStore(RemoteStore):
    """Through django-storages, which sends what is longer than 4 MiB in parts; it appears with the last one."""

    def __init__(self, address: Address, spool: Path) -> None:
        super().__init__(spool)
        address.takes(FORM)
        key, _, secret = address.needs(_APP, "KEY").partition(":")
        if not key or not secret:
            raise address.malformed(_APP, "KEY")
        self._storage: Any = DropboxStorage(
            root_path="/" + "/".join(filter(None, (address.host, address.path))),
            app_key=key,
            app_secret=secret,
            oauth2_refresh_token=address.needs("a refresh token", "SECRET"),
            write_mode="overwrite",
        )
        # The patience is ours.
        self._storage.client = self._storage.client.clone(
            max_retries_on_error=0, max_retries_on_rate_limit=0, timeout=(CONNECTING, ANSWERING)
        )

    def _path(self, key: str) -> str:
        return f"{self._storage.root_path}/{key}"

    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        self._storage.save(key, File(file))

    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        wanted = {"Range": f"bytes={start}-{start + length - 1}"}
        try:
            _, answer = self._storage.client.files_download(self._path(key), extra_headers=wanted)
        except HttpError as error:
            if error.status_code == 416:
                return
            raise
        with answer:
            yield from answer.iter_content(BLOCK)

    def _size(self, key: str) -> int:
        return int(self._storage.size(key))

    def _delete(self, key: str) -> None:
        self._storage.delete(key)

    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        client = self._storage.client
        page = client.files_list_folder(self._path(shard))
        while True:
            for found in page.entries:
                if isinstance(found, FileMetadata):
                    yield found.name, int(found.size), found.server_modified.replace(tzinfo=UTC)
            if not page.has_more:
                return
            page = client.files_list_folder_continue(page.cursor)

    def _trouble(self, error: Exception) -> Trouble | None:
        name = type(error).__name__
        if isinstance(error, ApiError):
            said = str(error.error)
            if "not_found" in said:
                return Trouble("missing", "not_found")
            if "insufficient_space" in said:
                return Trouble("full", "insufficient_space")
            return Trouble("busy" if "too_many_write_operations" in said else "refused", name)
        if isinstance(error, AuthError):
            return Trouble("refused", name)
        if isinstance(error, InternalServerError | RateLimitError | RequestException | ValueError):
            return Trouble("busy", name)
        return Trouble("refused", name) if isinstance(error, DropboxException) else None
