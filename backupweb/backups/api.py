"""Sealed objects and heads as browsers and the Python client see them. The bytes themselves go by `streaming.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from django.conf import settings
from django.middleware.csrf import get_token
from ninja import Router, Status
from pydantic import Field, model_validator

from backupweb.accounts.http import SignedInRequest
from backupweb.backups import selectors, services
from backupweb.backups.models import LARGEST, SMALLEST, Head, Kind, SealedObject
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.objectstore.signing import GET_SECONDS
from backupweb.lib.throttle import throttle
from backupweb.lib.wire import Bytes, HexId, Sha256, Wire

if TYPE_CHECKING:
    from backupweb.lib.objectstore.direct import Direct

router = Router(tags=["backups"])

KindName = Literal["pack", "catalog", "snapshot"]
StateName = Literal["expected", "stored"]
# A head lists each import in about a hundred bytes.
LARGEST_HEAD = 4 * 1024 * 1024
SealedHead = Annotated[Bytes, Field(min_length=SMALLEST, max_length=LARGEST_HEAD)]
Sequence = Annotated[int, Field(ge=1, lt=2**53)]


class AnnouncementBody(Wire):
    """What an object will be."""

    id: HexId
    kind: KindName
    size: Annotated[int, Field(ge=SMALLEST)]
    sha256: Sha256

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        if self.size > LARGEST[Kind(self.kind)]:
            raise ValueError("larger than its kind may be")
        return self


class BeginBody(Wire):
    """Objects that are about to be sent."""

    objects: Annotated[list[AnnouncementBody], Field(min_length=1, max_length=64)]


class Ticket(Wire):
    """Where to put an object. `stored`: it is there already. `fallback`: this site's address, where `url` is the
    store's own."""

    id: HexId
    state: StateName
    method: Literal["PUT"]
    url: str
    headers: dict[str, str]
    fallback: str | None


class TicketsAnswer(Wire):
    """One ticket per announced object, in the same order."""

    tickets: list[Ticket]


class IdsBody(Wire):
    """Some objects."""

    ids: Annotated[list[HexId], Field(min_length=1, max_length=256)]


class Address(Wire):
    """Where to read an object."""

    id: HexId
    url: str


class AddressesAnswer(Wire):
    """Where to read objects past this site, for `seconds`. Not `direct`: at `/objects/{id}`, and nowhere else."""

    direct: bool
    seconds: int
    addresses: list[Address]


class ObjectAnswer(Wire):
    """An object as the server has it."""

    id: HexId
    kind: KindName
    size: int
    sha256: Sha256
    state: StateName

    @classmethod
    def of(cls, row: SealedObject) -> ObjectAnswer:
        """From its row."""
        return cls.model_construct(id=row.object_id, kind=row.kind, size=row.size, sha256=row.sha256, state=row.state)


class ObjectsAnswer(Wire):
    """Objects as the server has them."""

    objects: list[ObjectAnswer]


class AbandonAnswer(Wire):
    """How many objects were given up."""

    abandoned: int


class HeadAnswer(Wire):
    """A sealed head."""

    sequence: int
    sealed: Bytes
    sha256: Sha256

    @classmethod
    def of(cls, head: Head) -> HeadAnswer:
        """From its row."""
        return cls(sequence=head.sequence, sealed=bytes(head.sealed), sha256=head.sha256)


class AdditionBody(Wire):
    """A snapshot and every catalog and pack it needs."""

    snapshot: HexId
    objects: Annotated[list[HexId], Field(max_length=200_000)]


class CommitBody(Wire):
    """A new head and what changed with it."""

    sequence: Sequence
    sealed: SealedHead
    add: Annotated[list[AdditionBody], Field(max_length=64)] = Field(default_factory=list)
    remove: Annotated[list[HexId], Field(max_length=10_000)] = Field(default_factory=list)


class CommitAnswer(Wire):
    """The head that stands now."""

    sequence: int
    sha256: Sha256


@router.post("/objects/begin", response={200: TicketsAnswer, 409: ErrorAnswer, 413: ErrorAnswer})
def objects_begin(request: SignedInRequest, body: BeginBody) -> TicketsAnswer:
    """Reserves room for all of them or none."""
    throttle(f"begin:{request.user.pk.hex}", settings.BACKUPWEB_LIMIT_BEGIN)
    announced = [
        services.Announcement(id=one.id, kind=one.kind, size=one.size, sha256=one.sha256) for one in body.objects
    ]
    rows = services.objects_begin(account=request.user, announcements=announced)
    direct = services.direct_door()
    if direct is not None and direct.enforces():
        return TicketsAnswer(tickets=[_past_this_site(row, direct) for row in rows])
    # A ticket says all that is needed to use it: here our own check against forgery, at another store a signature.
    headers = {"Content-Type": "application/octet-stream", "X-CSRFToken": get_token(request)}
    return TicketsAnswer(tickets=[_by_this_site(row, headers) for row in rows])


def _by_this_site(row: SealedObject, headers: dict[str, str]) -> Ticket:
    return Ticket.model_construct(
        id=row.object_id, state=row.state, method="PUT", url=_own(row), headers=headers, fallback=None
    )


def _past_this_site(row: SealedObject, direct: Direct) -> Ticket:
    signed = direct.put(row.store_name, size=row.size, sha256=row.sha256)
    headers = dict(signed.headers)
    return Ticket.model_construct(
        id=row.object_id, state=row.state, method="PUT", url=signed.url, headers=headers, fallback=_own(row)
    )


def _own(row: SealedObject) -> str:
    return f"/objects/{row.object_id.hex}"


@router.post("/objects/addresses", response=AddressesAnswer)
def objects_addresses(request: SignedInRequest, body: IdsBody) -> AddressesAnswer:
    """Where to read own objects; ids that are not stored are left out."""
    direct = services.direct_door()
    if direct is None:
        return AddressesAnswer(direct=False, seconds=0, addresses=[])
    throttle(f"addresses:{request.user.pk.hex}", settings.BACKUPWEB_LIMIT_BEGIN)
    rows = selectors.stored_objects_of(request.user, body.ids)
    addresses = [Address.model_construct(id=row.object_id, url=direct.get(row.store_name)) for row in rows]
    return AddressesAnswer(direct=True, seconds=GET_SECONDS, addresses=addresses)


@router.post("/objects/finish", response=ObjectsAnswer)
def objects_finish(request: SignedInRequest, body: IdsBody) -> ObjectsAnswer:
    """Asks the store what it has."""
    rows = services.objects_finish(account=request.user, ids=body.ids)
    return ObjectsAnswer(objects=[ObjectAnswer.of(row) for row in rows])


@router.get("/objects", response=ObjectsAnswer)
def objects(request: SignedInRequest, kind: KindName | None = None) -> ObjectsAnswer:
    """All objects of the account, or those of one kind."""
    return ObjectsAnswer(objects=[ObjectAnswer.of(row) for row in selectors.objects_of(request.user, kind=kind)])


@router.get("/head", response={200: HeadAnswer, 404: ErrorAnswer})
def head(request: SignedInRequest) -> HeadAnswer:
    """The newest head."""
    return HeadAnswer.of(selectors.head_of(request.user))


@router.get("/heads/{sequence}", response={200: HeadAnswer, 404: ErrorAnswer})
def head_at(request: SignedInRequest, sequence: Sequence) -> HeadAnswer:
    """An older head of the key in use."""
    return HeadAnswer.of(selectors.head_of(request.user, sequence))


@router.post("/commit", response={201: CommitAnswer, 200: CommitAnswer, 409: ErrorAnswer})
def commit(request: SignedInRequest, body: CommitBody) -> Status[CommitAnswer]:
    """Makes a new head true."""
    # Every head is kept: a broken client must not fill the table.
    throttle(f"commit:{request.user.pk.hex}", settings.BACKUPWEB_LIMIT_COMMIT)
    done = services.commit(
        account=request.user,
        sequence=body.sequence,
        sealed=body.sealed,
        add=[services.Addition(snapshot=one.snapshot, objects=one.objects) for one in body.add],
        remove=body.remove,
    )
    return Status(201 if done.fresh else 200, CommitAnswer(sequence=done.sequence, sha256=done.sha256))


@router.post("/abandon", response=AbandonAnswer)
def objects_abandon(request: SignedInRequest, body: IdsBody) -> AbandonAnswer:
    """Gives up what no snapshot refers to."""
    return AbandonAnswer(abandoned=services.objects_abandon(account=request.user, ids=body.ids))
