"""Sealed bytes in and out, beside Django: its own handler would spool every body before a view could say no.

Mounted at `/objects/{id}` by `asgi.py`. Django is asked first, in a thread: session, origin, and whether the object was
announced. Then the body streams to where it is kept while it is hashed; at no time is more than a few blocks of it in
memory. Where nginx carries the bytes (`deploy/nginx`), only the asking is done here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation

from backupweb.backups import services
from backupweb.backups.asking import asked_for, request_of
from backupweb.backups.errors import BadRange, CutOff, NoSuchObject, WrongHash, WrongSize
from backupweb.backups.models import LARGEST, SealedObject, State
from backupweb.backups.ranges import ByteRange, read_range
from backupweb.lib import objectstore
from backupweb.lib.errors import DomainError, MethodNotAllowed, fault_of
from backupweb.lib.gathering import GATHERED
from backupweb.lib.headers import raw_headers
from backupweb.lib.http import error_body
from backupweb.lib.objectstore.incoming import waiting_place
from backupweb.lib.threads import in_thread
from backupweb.lib.transfer import NGINX

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

PREFIX = "/objects/"
# What nginx asks before it takes a body.
_PLACE = "/place"
_DRAINED = max(LARGEST.values())

logger = logging.getLogger(__name__)


async def application(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers `PUT`, `GET` and `HEAD`; every refusal in the one shape."""
    request = request_of(scope)
    body = _Body(receive, request)
    try:
        if scope["method"] == "PUT":
            await _put(request, body)
            await body.drain()
            await _answer(send, 204, [])
        elif scope["method"] in {"GET", "HEAD"}:
            if scope["path"].endswith(_PLACE) and settings.BACKUPWEB_TRANSFER == NGINX:
                await _answer(send, *await in_thread(_place, request))
            else:
                await _get(request, send)
        else:
            raise MethodNotAllowed
    except CutOff:
        return  # the other side is gone
    except DomainError as error:
        await _refuse(request, body, send, error)
    except Exception as error:
        logger.exception("an object could not be moved")
        await _refuse(request, body, send, fault_of(error))


# ---------------------------------------------------------------- in


async def _put(request: ASGIRequest, body: _Body) -> None:
    sealed = await in_thread(asked_for, request, request.path_info.removeprefix(PREFIX))
    if sealed.state == State.STORED:
        return  # the answer to the first try was lost
    if body.announced_length not in {None, sealed.size}:
        raise WrongSize
    arrival = await in_thread(_receive, sealed)
    digest = hashlib.sha256()
    taken: asyncio.Future[None] | None = None
    try:
        received = 0
        async for batch in body.batches():
            received += len(batch)
            if received > sealed.size:
                raise WrongSize
            # One batch is hashed and written while the next one comes in, never more: memory stays flat.
            if taken is not None:
                await taken
            taken = asyncio.ensure_future(in_thread(_take, arrival, digest, batch))
        if taken is not None:
            await taken
        if received != sealed.size:
            raise WrongSize
        if digest.hexdigest() != sealed.sha256:
            raise WrongHash
        await in_thread(services.object_store, sealed=sealed, arrival=arrival)
    finally:
        if taken is not None:
            await asyncio.wait([taken])
        await in_thread(arrival.discard)


def _receive(sealed: SealedObject) -> objectstore.Arrival:
    return objectstore.receive(objectstore.open_store(), sealed.store_name, size=sealed.size, sha256=sealed.sha256)


def _take(arrival: objectstore.Arrival, digest: Any, batch: bytes) -> None:
    digest.update(batch)
    arrival.write(batch)


class _Body:
    """The body as it comes, in batches. It knows what is still outstanding."""

    def __init__(self, receive: ASGIReceiveCallable, request: ASGIRequest) -> None:
        self._receive = receive
        self.ended = request.method not in {"PUT", "POST", "PATCH", "DELETE"}
        length = request.META.get("CONTENT_LENGTH", "")
        self.announced_length = int(length) if length.isascii() and length.isdigit() else None
        # A client that waits for "100 Continue" sends nothing unless it is asked to.
        self.waits = request.META.get("HTTP_EXPECT", "").lower() == "100-continue"

    async def _next(self) -> bytes:
        self.waits = False
        message = await self._receive()
        if message["type"] != "http.request":
            self.ended = True
            raise CutOff
        self.ended = not message.get("more_body", False)
        return message.get("body", b"")

    async def batches(self) -> AsyncIterator[bytes]:
        """As large as the pieces that uvicorn gathers; the last one is shorter."""
        parts: list[bytes] = []
        gathered = 0
        while not self.ended:
            parts.append(await self._next())
            gathered += len(parts[-1])
            # One hand-over to a thread for each piece that the server hands on.
            if gathered >= GATHERED:
                yield b"".join(parts)
                parts, gathered = [], 0
        if gathered:
            yield b"".join(parts)

    async def drain(self) -> bool:
        """Reads and forgets the rest, if it is of bearable length. A browser whose body is not read sees a broken
        connection in place of the answer."""
        drained = 0
        while not self.ended and not self.waits and drained <= _DRAINED:
            drained += len(await self._next())
        return self.ended


def _place(request: ASGIRequest) -> tuple[int, list[tuple[bytes, bytes]]]:
    """Where nginx lays a body that may come. It understands no refusal but this one; then the body comes here after
    all, and `_put` says what is wrong."""
    request.method = "PUT"  # and it must come from our own page, as a PUT
    try:
        sealed = asked_for(request, request.path_info.removeprefix(PREFIX).removesuffix(_PLACE))
    except DomainError:
        return 403, []
    if sealed.state == State.STORED or request.META.get("HTTP_X_LENGTH") != str(sealed.size):
        return 403, []
    return 204, [(b"x-place", waiting_place(objectstore.open_store(), sealed.store_name).name.encode())]


# ---------------------------------------------------------------- out


@dataclass(frozen=True)
class _Found:
    """An answer to `GET`: its head, the first block of its body, and those that follow."""

    status: int
    headers: list[tuple[bytes, bytes]]
    first: bytes = b""
    others: Iterator[bytes] = field(default_factory=lambda: iter(()))
    left: int = 0
    """So many bytes follow the first block."""


async def _get(request: ASGIRequest, send: ASGISendCallable) -> None:
    found = await in_thread(_find, request)
    await _start(send, found.status, found.headers)
    block, left = found.first, found.left
    while left:
        # One block is read while the one before goes out, never more.
        following = asyncio.ensure_future(in_thread(next, found.others, b""))
        await send({"type": "http.response.body", "body": block, "more_body": True})
        block = await following
        left = left - len(block) if block else 0  # who gets less than was promised sees a broken connection
    await send({"type": "http.response.body", "body": block, "more_body": False})


def _find(request: ASGIRequest) -> _Found:
    sealed = asked_for(request, request.path_info.removeprefix(PREFIX))
    if sealed.state != State.STORED:
        raise NoSuchObject
    etag = f'"{sealed.sha256}"'
    headers = [
        (b"etag", etag.encode()),
        (b"cache-control", b"private, max-age=31536000, immutable"),
        (b"vary", b"Cookie"),
        (b"accept-ranges", b"bytes"),
    ]
    if _matches(request.META.get("HTTP_IF_NONE_MATCH"), etag):
        return _Found(304, headers)
    wanted = ByteRange(0, sealed.size)
    status = 200
    if_range = request.META.get("HTTP_IF_RANGE")
    if if_range in {None, etag} and (found := read_range(request.META.get("HTTP_RANGE"), sealed.size)):
        wanted, status = found, 206
        headers.append((b"content-range", f"bytes {wanted.start}-{wanted.end - 1}/{sealed.size}".encode()))
    headers.append((b"content-type", b"application/octet-stream"))
    # While the store is being moved, nginx sees one of the two only.
    if settings.BACKUPWEB_TRANSFER == NGINX and settings.BACKUPWEB_STORE_OTHER is None:
        place = f"/stored/{sealed.store_name[:2]}/{sealed.store_name}"
        return _Found(200, [*headers, (b"x-accel-redirect", place.encode())])  # which range, nginx reads for itself
    headers.append((b"content-length", str(wanted.length).encode()))
    if request.method == "HEAD":
        return _Found(status, headers)
    try:
        blocks = objectstore.open_store().read(sealed.store_name, wanted.start, wanted.length)
        first = next(blocks, b"")
        return _Found(status, headers, first, blocks, wanted.length - len(first))
    except objectstore.MissingObject as error:
        logger.error("the store has lost an object", extra={"event": {"store_name": sealed.store_name}})
        raise NoSuchObject from error


def _matches(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


# ---------------------------------------------------------------- answering


async def _start(send: ASGISendCallable, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [*headers, *raw_headers(settings.BACKUPWEB_STORE_PUBLIC, settings.SECURE_HSTS_SECONDS)]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})


async def _answer(send: ASGISendCallable, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _refuse(request: ASGIRequest, body: _Body, send: ASGISendCallable, error: DomainError) -> None:
    try:
        drained = await body.drain()
    except CutOff:
        return
    with translation.override(translation.get_language_from_request(request)):
        content = json.dumps(error_body(error)).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if not drained:
        headers.append((b"connection", b"close"))
    if isinstance(error, BadRange):
        headers.append((b"content-range", f"bytes */{error.params['size']}".encode()))
    await _answer(send, error.status, headers, b"" if request.method == "HEAD" else content)
