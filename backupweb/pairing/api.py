"""The post office as browsers ask for it, one call at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router, Status
from pydantic import Field

from backupweb.accounts.http import SignedInRequest
from backupweb.accounts.sessions import of_request
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.secret import SecretBytes
from backupweb.lib.wire import Bytes, HexId, Wire
from backupweb.pairing import selectors, services
from backupweb.pairing.messages import News, PhaseName, Way

router = Router(tags=["pairing"])

Token = Annotated[Bytes, Field(min_length=services.TOKEN_SIZE, max_length=services.TOKEN_SIZE)]


class MailboxWanted(Wire):
    """By picture or by code."""

    way: Way


class PlaceWanted(Wire):
    """Which mailbox to join; null: the newest open one of this way."""

    way: Way
    mailbox: HexId | None


class PlaceAnswer(Wire):
    """One side of a mailbox. The token is asked for with everything that is done there."""

    mailbox: HexId
    token: Bytes
    expires: datetime


class JoinedAnswer(PlaceAnswer):
    """The joiner's side; `device`: what the opener's session is called."""

    device: str


class LetterBody(Wire):
    """A letter to the other side."""

    token: Token
    phase: PhaseName
    # Any size that is worth an answer of its own; the phase says which is right.
    body: Annotated[Bytes, Field(max_length=8192)]


class TokenBody(Wire):
    """Whose side it is."""

    token: Token


@router.post("/pairing", response={201: PlaceAnswer, 409: ErrorAnswer, 429: ErrorAnswer})
def mailbox_open(request: SignedInRequest, body: MailboxWanted) -> Status[PlaceAnswer]:
    """Opens a mailbox for two minutes."""
    place = services.mailbox_open(account=request.user, way=body.way, device=of_request(request))
    expires = place.expires.replace(microsecond=0)
    return Status(201, PlaceAnswer(mailbox=place.mailbox, token=place.token.expose(), expires=expires))


@router.post("/pairing/join", response={200: JoinedAnswer, 404: ErrorAnswer, 409: ErrorAnswer, 429: ErrorAnswer})
def mailbox_join(request: SignedInRequest, body: PlaceWanted) -> JoinedAnswer:
    """Joins a mailbox that another device of this account opened."""
    place = services.mailbox_join(account=request.user, way=body.way, mailbox=body.mailbox, device=of_request(request))
    return JoinedAnswer(
        mailbox=place.mailbox,
        token=place.token.expose(),
        expires=place.expires.replace(microsecond=0),
        device=place.device,
    )


_REFUSALS = {404: ErrorAnswer, 409: ErrorAnswer, 410: ErrorAnswer, 413: ErrorAnswer}


@router.post("/pairing/{mailbox}/letters", response={204: None, **_REFUSALS})
def letter_write(request: SignedInRequest, mailbox: HexId, body: LetterBody) -> Status[None]:
    """Writes the letter of a phase."""
    services.letter_write(
        account=request.user, mailbox=mailbox, token=SecretBytes(body.token), phase=body.phase, body=body.body
    )
    return Status(204, None)


@router.post("/pairing/{mailbox}/read", response={200: News, 404: ErrorAnswer})
def letters_read(request: SignedInRequest, mailbox: HexId, body: TokenBody) -> News:
    """What the other side wrote."""
    return selectors.news_for(request.user, mailbox, SecretBytes(body.token))


@router.post("/pairing/{mailbox}/end", response={204: None})
def mailbox_end(request: SignedInRequest, mailbox: HexId, body: TokenBody) -> Status[None]:
    """Ends it for both sides."""
    services.mailbox_end(account=request.user, mailbox=mailbox, token=SecretBytes(body.token))
    return Status(204, None)
