"""What a browser asks about its own account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from allauth.usersessions.models import UserSession
from django.conf import settings
from ninja import Router, Status
from pydantic import Field, StringConstraints

from backupweb.accounts import rooms, selectors, services, sessions
from backupweb.accounts.http import SignedInRequest
from backupweb.accounts.models import Account, QuotaRequest
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.throttle import throttle
from backupweb.lib.wire import Bytes, HexId, Wire

router = Router(tags=["account"])


class RoomRequestAnswer(Wire):
    """A wish for more room; `granted` is null while nobody has answered it."""

    wanted: int
    reason: str
    made: datetime
    decided: datetime | None
    granted: bool | None

    @classmethod
    def of(cls, row: QuotaRequest) -> RoomRequestAnswer:
        """From its row."""
        return cls(
            wanted=row.wanted,
            reason=row.reason,
            made=row.made.replace(microsecond=0),
            decided=row.decided.replace(microsecond=0) if row.decided else None,
            granted=row.granted,
        )


class QuotaAnswer(Wire):
    """Bytes: what may be kept, what is kept, what is reserved. `warning`: the highest mark that is reached, or 0."""

    limit: int
    used: int
    reserved: int
    plan: str | None
    warning: Literal[0, 80, 95]
    request: RoomRequestAnswer | None

    @classmethod
    def of(cls, person: Account) -> QuotaAnswer:
        """As it stands."""
        room = selectors.room_of(person)
        wish = selectors.last_request_of(person)
        return cls(
            limit=room.limit,
            used=room.used,
            reserved=room.reserved,
            plan=selectors.plan_of(person),
            warning=selectors.warning_at(room.used, room.limit),
            request=None if wish is None else RoomRequestAnswer.of(wish),
        )


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
    return AccountAnswer(
        id=person.pk,
        name=person.username,
        email=person.email,
        staff=person.is_staff,
        quota=QuotaAnswer.of(person),
        language=person.language,
    )


@router.patch("/account", response=AccountAnswer)
def account_change(request: SignedInRequest, body: AccountChange) -> AccountAnswer:
    """Remembers the language."""
    services.language_set(account=request.user, language=body.language)
    request.user.refresh_from_db()
    return account(request)


# ---------------------------------------------------------------- more room


# Far beyond any disk, and still a number that every browser holds exactly.
MOST_WANTED = 2**50


class RoomRequestBody(Wire):
    """How many bytes somebody would like to keep in all, and why."""

    wanted: Annotated[int, Field(gt=0, le=MOST_WANTED)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


@router.post("/account/room-request", response={201: RoomRequestAnswer, 409: ErrorAnswer, 429: ErrorAnswer})
def room_request_make(request: SignedInRequest, body: RoomRequestBody) -> Status[RoomRequestAnswer]:
    """Asks for more room."""
    throttle(f"room:{request.user.pk.hex}", settings.BACKUPWEB_LIMIT_ROOM)
    wish = rooms.quota_request_make(account=request.user, wanted=body.wanted, reason=body.reason)
    return Status(201, RoomRequestAnswer.of(wish))


@router.delete("/account/room-request", response={204: None})
def room_request_withdraw(request: SignedInRequest) -> Status[None]:
    """Takes the wish back that nobody has answered; none is harmless."""
    rooms.quota_request_withdraw(account=request.user)
    return Status(204, None)


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
