"""Requests to an S3 store that are signed beforehand, each for one name, and a body that is sent on by one of them.

A signed PUT binds length and SHA-256 too: a store that keeps to what it signed takes nothing else.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

from backupweb.lib.objectstore.errors import Reason, StoreFull, StoreUnavailable

# A signature is looked at when the request begins.
PUT_SECONDS = 15 * 60
# As long as somebody who was signed out may still read sealed bytes.
GET_SECONDS = 10 * 60
_SILENCE = 60
_TYPE = "application/octet-stream"


class Bucket(Protocol):
    """What signing needs of an S3 store."""

    @property
    def bucket(self) -> str:
        """Its name."""

    def client(self, endpoint: str | None) -> Any:
        """A client that signs for `endpoint`, or for the store's own address."""

    def full_key(self, key: str) -> str:
        """Where in the bucket a key lies."""

    def size(self, name: str) -> int | None:
        """How many bytes lie under a name."""


@dataclass(frozen=True)
class Signed:
    """One request that the store lets through. The body's length is signed too; whoever sends it names it."""

    url: str
    headers: Mapping[str, str]


def place_of(store: Bucket, name: str) -> dict[str, str]:
    """A name, as requests to S3 say it."""
    return {"Bucket": store.bucket, "Key": store.full_key(f"{name[:2]}/{name}")}


def signed_put(store: Bucket, client: Any, name: str, *, size: int, sha256: str) -> Signed:
    """A PUT of exactly these bytes."""
    headers = {"Content-Type": _TYPE, "x-amz-checksum-sha256": checksum(sha256)}
    bound = {"ContentType": _TYPE, "ContentLength": size, "ChecksumSHA256": checksum(sha256)}
    return Signed(client.generate_presigned_url("put_object", place_of(store, name) | bound, PUT_SECONDS), headers)


def signed_get(store: Bucket, client: Any, name: str) -> str:
    """An address to read from, in ranges or whole."""
    url: str = client.generate_presigned_url("get_object", place_of(store, name), GET_SECONDS)
    return url


def checksum(sha256: str) -> str:
    """A hash as S3 writes it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


class Stream:
    """A body that goes on to the store while it comes in, once.

    The last block is held back until `place`: a store that was promised more bytes than it got keeps none of them, so
    bytes whose hash turned out wrong never get a name.
    """

    def __init__(self, store: Bucket, name: str, *, size: int, sha256: str) -> None:
        self._store, self._name, self._size = store, name, size
        signed = signed_put(store, store.client(None), name, size=size, sha256=sha256)
        parts = urlsplit(signed.url)
        make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = make(parts.netloc, timeout=_SILENCE)
        self._address = f"{parts.path}?{parts.query}"
        self._headers = {**signed.headers, "Content-Length": str(size)}
        self._begun = False
        self._held: bytes | bytearray = b""

    def write(self, block: bytes | bytearray) -> None:
        """Sends on what came before."""
        self._with_the_store(self._send)
        self._held = block

    def place(self, name: str) -> None:
        """Sends the last block; once this returns the store has them all."""
        if name != self._name:
            raise ValueError("a stream has its name from the beginning")
        self._with_the_store(self._send)
        status = self._with_the_store(self._answer)
        self._connection.close()
        if status == HTTPStatus.INSUFFICIENT_STORAGE:
            raise StoreFull
        if status != HTTPStatus.OK:
            raise StoreUnavailable(_reason(status), str(status))
        if self._store.size(name) != self._size:
            raise StoreUnavailable("incomplete", "length")

    def discard(self) -> None:
        """Breaks off; after `place` it does nothing."""
        self._held = b""
        self._connection.close()

    def _send(self) -> int:
        if not self._begun:
            self._connection.request("PUT", self._address, headers=self._headers)
            self._begun = True
        if self._held:
            self._connection.send(self._held)
            self._held = b""
        return 0

    def _answer(self) -> int:
        answer = self._connection.getresponse()
        answer.read()
        return answer.status

    @staticmethod
    def _with_the_store(work: Callable[[], int]) -> int:
        try:
            return work()
        except (OSError, HTTPException) as error:
            raise StoreUnavailable("busy", type(error).__name__) from error


def _reason(status: int) -> Reason:
    if status == HTTPStatus.BAD_REQUEST:
        return "incomplete"
    return "refused" if HTTPStatus.UNAUTHORIZED <= status < HTTPStatus.INTERNAL_SERVER_ERROR else "busy"
