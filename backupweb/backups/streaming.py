"""Sealed bytes in and out, beside Django: its own handler would spool every body before a view could say no.

Mounted at `/objects/{id}` by `asgi.py`. Django is asked first, in a thread: session, origin, and whether the object was
announced. Then the body streams to the spool while it is hashed; at no time is more than a few blocks of it in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation
from ninja.utils import check_csrf

from backupweb.accounts.models import Account
from backupweb.backups import selectors, services
from backupweb.backups.errors import BadRange, CutOff, NoSuchObject, WrongHash, WrongSize
from backupweb.backups.models import LARGEST, SealedObject, State
from backupweb.backups.ranges import ByteRange, read_range
from backupweb.lib import objectstore
from backupweb.lib.errors import DomainError, ForgeryRefused, MethodNotAllowed, NotSignedIn, UnknownHost, fault_of
from backupweb.lib.headers import raw_headers
from backupweb.lib.http import error_body
from backupweb.lib.threads import in_thread
from backupweb.lib.wire import read_id

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

PREFIX = "/objects/"
# One hand-over to a thread per MiB: smaller batches cost more in hand-overs than in hashing.
BATCH = 1024 * 1024
_DRAINED = max(LARGEST.values())

logger = logging.getLogger(__name__)


async def application(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers `PUT`, `GET` and `HEAD`; every refusal in the one shape."""
    request = ASGIRequest(scope, BytesIO())
    body = _Body(receive, request)
    try:
        if scope["method"] == "PUT":
            await _put(request, body)
            await body.drain()
            await _answer(send, 204, [])
        elif scope["method"] in {"GET", "HEAD"}:
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
    sealed = await in_thread(_asked_for, request)
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


def _take(arrival: objectstore.Arrival, digest: Any, batch: bytearray) -> None:
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

    async def batches(self) -> Any:
        """About a MiB at a time; the last one is shorter."""
        batch = bytearray()
        while not self.ended:
            batch += await self._next()
            if len(batch) >= BATCH:
                yield batch
                batch = bytearray()
        if batch:
            yield batch

    async def drain(self) -> bool:
        """Reads and forgets the rest, if it is of bearable length. A browser whose body is not read sees a broken
        connection in place of the answer."""
        drained = 0
        while not self.ended and not self.waits and drained <= _DRAINED:
            drained += len(await self._next())
        return self.ended


# ---------------------------------------------------------------- out


async def _get(request: ASGIRequest, send: ASGISendCallable) -> None:
    sealed = await in_thread(_asked_for, request, stored=True)
    etag = f'"{sealed.sha256}"'
    headers = [
        (b"etag", etag.encode()),
        (b"cache-control", b"private, max-age=31536000, immutable"),
        (b"vary", b"Cookie"),
        (b"accept-ranges", b"bytes"),
    ]
    if _matches(request.META.get("HTTP_IF_NONE_MATCH"), etag):
        await _answer(send, 304, headers)
        return
    wanted = ByteRange(0, sealed.size)
    status = 200
    if_range = request.META.get("HTTP_IF_RANGE")
    if if_range in {None, etag} and (found := read_range(request.META.get("HTTP_RANGE"), sealed.size)):
        wanted, status = found, 206
        headers.append((b"content-range", f"bytes {wanted.start}-{wanted.end - 1}/{sealed.size}".encode()))
    headers += [
        (b"content-type", b"application/octet-stream"),
        (b"content-length", str(wanted.length).encode()),
    ]
    if request.method == "HEAD":
        await _answer(send, status, headers)
        return
    store = objectstore.open_store()
    try:
        blocks = await in_thread(store.read, sealed.store_name, wanted.start, wanted.length)
        block = await in_thread(next, blocks, b"")
    except objectstore.MissingObject as error:
        logger.error("the store has lost an object", extra={"event": {"store_name": sealed.store_name}})
        raise NoSuchObject from error
    await _start(send, status, headers)
    while block:
        await send({"type": "http.response.body", "body": block, "more_body": True})
        block = await in_thread(next, blocks, b"")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _matches(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags


# ---------------------------------------------------------------- asking Django


def _asked_for(request: ASGIRequest, *, stored: bool = False) -> SealedObject:
    """The object that this request is about, if whoever asks may ask for it."""
    try:
        request.get_host()
    except DisallowedHost as error:
        raise UnknownHost from error
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    account = get_user(request)  # refuses suspended accounts and sessions from before a new password
    if not isinstance(account, Account):
        raise NotSignedIn
    request.user = account
    if check_csrf(request) is not None:
        raise ForgeryRefused
    try:
        object_id = read_id(request.path_info.removeprefix(PREFIX))
    except ValueError as error:
        raise NoSuchObject from error
    if stored:
        return selectors.stored_object_of(account, object_id)
    return selectors.object_of(account, object_id)


# ---------------------------------------------------------------- answering


async def _start(send: ASGISendCallable, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    headers = [*headers, *raw_headers(settings.BACKUPWEB_STORE_PUBLIC)]
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
