"""What a browser asks about its own account."""

from __future__ import annotations

from typing import Literal

from ninja import Router

from backupweb.accounts import selectors, services
from backupweb.accounts.http import SignedInRequest
from backupweb.lib.wire import HexId, Wire

router = Router(tags=["account"])


class QuotaAnswer(Wire):
    """Bytes: what may be kept, what is kept, what is reserved."""

    limit: int
    used: int
    reserved: int


class AccountAnswer(Wire):
    """Who is signed in."""

    id: HexId
    name: str
    email: str
    staff: bool
    quota: QuotaAnswer
    language: str


class AccountChange(Wire):
    """What a person may change here; everything else about signing in is allauth's."""

    language: Literal["de", "en"]


@router.get("/account", response=AccountAnswer)
def account(request: SignedInRequest) -> AccountAnswer:
    """Who is signed in, and how much room is left."""
    person = request.user
    room = selectors.room_of(person)
    return AccountAnswer(
        id=person.pk,
        name=person.username,
        email=person.email,
        staff=person.is_staff,
        quota=QuotaAnswer(limit=room.limit, used=room.used, reserved=room.reserved),
        language=person.language,
    )


@router.patch("/account", response=AccountAnswer)
def account_change(request: SignedInRequest, body: AccountChange) -> AccountAnswer:
    """Remembers the language."""
    services.language_set(account=request.user, language=body.language)
    request.user.refresh_from_db()
    return account(request)
