"""A vault on its own host: it takes a site's messages over mutual TLS, says that it is alive, and nothing else.

Raw ASGI: nothing here needs what Django has for pages, no session, no cookie, no template, no address but two.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from backupweb.lib.errors import (
    BodyTooLarge,
    DomainError,
    InternalFault,
    MalformedRequest,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
)
from backupweb.lib.http import error_body
from backupweb.lib.threads import in_thread
from backupweb.vault import embedded
from backupweb.vault.messages import (
    LARGEST_FRAME,
    Accounts,
    Answer,
    AskAccounts,
    AskUntold,
    Drop,
    Noted,
    Relayed,
    Reply,
    Told,
    Untold,
)
from backupweb.vault.services import tidy

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

MESSAGES = "/v1/messages"
HEALTH = "/healthz"
_LARGEST_BODY = LARGEST_FRAME + 256  # the account and the braces around a message
_TIDY_EVERY = 600.0

logger = logging.getLogger(__name__)


async def application(scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Two addresses, and a life in which it tidies up now and then."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        try:
            answer = await _answer(scope, receive)
        except DomainError as error:
            await _send(send, error.status, error_body(error))
        except Exception:
            logger.exception("a message could not be answered")
            await _send(send, InternalFault.status, error_body(InternalFault()))
        else:
            await _send(send, 200, answer)


async def _answer(scope: HTTPScope, receive: ASGIReceiveCallable) -> dict[str, object]:
    if scope["scheme"] != "https":
        raise NotAllowed  # started without `run_vault`: nobody has shown a certificate
    wanted = {MESSAGES: "POST", HEALTH: "GET"}.get(scope["path"])
    if wanted is None:
        raise NotFound
    if scope["method"] != wanted:
        raise MethodNotAllowed
    if scope["path"] == HEALTH:
        return {"alive": await in_thread(embedded.alive)}
    try:
        relayed = Relayed.model_validate_json(await _body(receive))
    except ValidationError as error:
        raise MalformedRequest from error
    said = await in_thread(_carry_out, relayed)
    return said.model_dump(mode="json")


async def _body(receive: ASGIReceiveCallable) -> bytes:
    body = b""
    while True:
        piece = await receive()
        if piece["type"] != "http.request":
            raise MalformedRequest  # the other side is gone
        body += piece["body"]
        if len(body) > _LARGEST_BODY:
            raise BodyTooLarge
        if not piece["more_body"]:
            return body


def _carry_out(relayed: Relayed) -> Answer | Reply:
    account, message = relayed.account, relayed.message
    match message:
        case AskUntold():
            return Untold(guesses=embedded.untold(account))
        case Told():
            embedded.told(account)
            return Noted()
        case Drop():
            embedded.drop(account)
            return Noted()
        case AskAccounts():
            return Accounts(accounts=embedded.accounts_after(account))
        case _:
            return embedded.answer(account, message)


async def _send(send: ASGISendCallable, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": False})


# ---------------------------------------------------------------- its life


async def _live(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    tidying: asyncio.Task[None] | None = None
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            tidying = asyncio.create_task(_tidy_now_and_then())
            await send({"type": "lifespan.startup.complete"})
        elif event["type"] == "lifespan.shutdown":
            if tidying is not None:
                tidying.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _tidy_now_and_then() -> None:
    while True:
        try:
            await in_thread(tidy)
        except Exception:
            logger.exception("the vault could not be tidied")
        await asyncio.sleep(_TIDY_EVERY)
