"""What a browser asks about its own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from allauth.usersessions.models import UserSession
from ninja import Router, Status
from pydantic import StringConstraints

from backupweb.accounts import selectors, services, sessions
from backupweb.accounts.http import SignedInRequest
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.wire import Bytes, HexId, Wire

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


# ---------------------------------------------------------------- devices


class DeviceAnswer(Wire):
    """A browser that is signed in. `name`: the person's own, else browser and system."""

    id: int
    name: str
    system: str
    signed_in: datetime
    last_seen: datetime
    current: bool

    @classmethod
    def of(cls, session: UserSession, request: SignedInRequest) -> DeviceAnswer:
        """From its row."""
        return cls(
            id=session.pk,
            name=sessions.name_of(session),
            system=sessions.system_of(session.user_agent),
            signed_in=session.created_at.replace(microsecond=0),
            last_seen=session.last_seen_at.replace(microsecond=0),
            current=session.session_key == request.session.session_key,
        )


class DevicesAnswer(Wire):
    """Where the account is signed in, last seen first."""

    devices: list[DeviceAnswer]


# A name is shown to the person on other devices: nothing in it moves or hides the text around it.
GivenName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=sessions.LONGEST_GIVEN_NAME,
        pattern=r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$",
    ),
]


class DeviceChange(Wire):
    """What a person calls the device."""

    name: GivenName


@router.get("/devices", response=DevicesAnswer)
def devices(request: SignedInRequest) -> DevicesAnswer:
    """Where the account is signed in."""
    return DevicesAnswer(devices=[DeviceAnswer.of(one, request) for one in selectors.devices_of(request.user)])


@router.patch("/devices/{number}", response={200: DeviceAnswer, 404: ErrorAnswer})
def device_change(request: SignedInRequest, number: int, body: DeviceChange) -> DeviceAnswer:
    """Gives a device a name."""
    return DeviceAnswer.of(services.session_rename(account=request.user, number=number, name=body.name), request)


@router.delete("/devices/{number}", response={204: None})
def device_remove(request: SignedInRequest, number: int) -> Status[None]:
    """Signs a device out, at once; one that is gone already is harmless."""
    services.session_end(account=request.user, number=number)
    return Status(204, None)


# ---------------------------------------------------------------- passkeys


class PasskeyAnswer(Wire):
    """A passkey that signs in; `credential` is its id, as its slot in the keyring carries it."""

    id: int
    credential: Bytes
    name: str
    created: datetime
    last_used: datetime | None


class PasskeysAnswer(Wire):
    """The account's passkeys, oldest first. Adding, renaming and removing is allauth's (docs/api.md)."""

    passkeys: list[PasskeyAnswer]


@router.get("/passkeys", response=PasskeysAnswer)
def passkeys(request: SignedInRequest) -> PasskeysAnswer:
    """The passkeys that sign in."""
    return PasskeysAnswer(
        passkeys=[
            PasskeyAnswer(
                id=row.pk,
                credential=row.wrap().authenticator_data.credential_data.credential_id,
                name=row.wrap().name,
                created=row.created_at.replace(microsecond=0),
                last_used=row.last_used_at.replace(microsecond=0) if row.last_used_at else None,
            )
            for row in selectors.passkeys_of(request.user)
        ]
    )
