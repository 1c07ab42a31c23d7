"""The server's calls, typed. Fields a newer server adds are passed over; those this client needs are checked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Final, Literal, ParamSpec, TypeVar

import httpx

from backupweb_client.errors import ClientError, OverQuotaError, ServerRefusedError, UnexpectedAnswerError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.limits import ID_BYTES
from backupweb_client.format.slots import Keyring, Slot
from backupweb_client.format.strict_json import Fields
from backupweb_client.format.wire import to_base64url
from backupweb_client.server.transport import Transport, refusal

ObjectKind = Literal["pack", "catalog", "snapshot"]
STORED: Final = "stored"
_MOST_IDS: Final = 256  # in one call


@dataclass(frozen=True)
class ObjectFacts:
    """What is announced of an object before it is sent; `size` in bytes."""

    object_id: bytes
    kind: ObjectKind
    size: int
    digest: bytes


@dataclass(frozen=True)
class Ticket:
    object_id: bytes
    state: str
    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class ObjectState:
    object_id: bytes
    state: str
    size: int
    digest: bytes


@dataclass(frozen=True)
class ServedHead:
    sequence: int
    sealed: bytes


@dataclass(frozen=True)
class Quota:
    """Bytes the account may store, stores, and has announced."""

    limit: int
    used: int
    reserved: int

    @property
    def free(self) -> int:
        return max(0, self.limit - self.used - self.reserved)


@dataclass(frozen=True)
class Addition:
    """A snapshot that enters with a commit, and every catalog and pack it needs."""

    snapshot_id: bytes
    objects: tuple[bytes, ...]


@dataclass(frozen=True)
class HeadMoved:
    """Another device was faster: read the newest head and try again. Expected, so a value."""


class NotStoredError(Exception):
    """The server has no such object."""


Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _understood(call: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """An answer without the fields this client needs is the server's fault, not damage to what is sealed."""

    @wraps(call)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return call(*args, **kwargs)
        except DamagedObjectError as error:
            raise UnexpectedAnswerError(call.__name__) from error

    return checked


class Api:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @_understood
    def quota(self) -> Quota:
        fields = self._transport.call("GET", "/api/account").inner("quota")
        return Quota(fields.whole("limit"), fields.whole("used"), fields.whole("reserved"))

    @_understood
    def keyring(self) -> Keyring | None:
        answer = _none_when("keyring.none", lambda: self._transport.call("GET", "/api/keyring"))
        return None if answer is None else _read_keyring(answer)

    def create_keyring(self, keyring: Keyring, label: str) -> None:
        slots = [
            {
                "id": slot.slot_id.hex(),
                "kind": slot.kind,
                "parameters": to_base64url(slot.parameters),
                "sealed": to_base64url(slot.sealed),
                "label": label,
            }
            for slot in keyring.slots
        ]
        body = {
            "library": keyring.library.hex(),
            "epoch": keyring.epoch,
            "check": to_base64url(keyring.check),
            "slots": slots,
        }
        self._transport.call("POST", "/api/keyring", body)

    @_understood
    def begin(self, objects: Sequence[ObjectFacts]) -> list[Ticket]:
        announced = [
            {"id": each.object_id.hex(), "kind": each.kind, "size": each.size, "sha256": each.digest.hex()}
            for each in objects
        ]
        try:
            answer = self._transport.call("POST", "/api/objects/begin", {"objects": announced})
        except ServerRefusedError as error:
            if error.code == "backups.quota_exceeded":
                raise OverQuotaError(error.params.get("missing")) from error
            raise
        return [_read_ticket(each) for each in answer.inners("tickets")]

    def put(self, ticket: Ticket, content: bytes) -> None:
        self._transport.put_bytes(ticket.method, ticket.url, ticket.headers, content)

    @_understood
    def finish(self, ids: Iterable[bytes]) -> list[ObjectState]:
        answer = self._transport.call("POST", "/api/objects/finish", {"ids": [each.hex() for each in ids]})
        return [_read_state(each) for each in answer.inners("objects")]

    @_understood
    def objects(self) -> list[ObjectState]:
        return [_read_state(each) for each in self._transport.call("GET", "/api/objects").inners("objects")]

    def read_object(self, object_id: bytes, span: tuple[int, int] | None = None) -> bytes:
        """The bytes of an object, or those from `span[0]` up to, not including, `span[1]`."""
        asked = None if span is None else (span[0], span[1] - 1)
        answer = self._transport.get_bytes(f"/objects/{object_id.hex()}", asked)
        if answer.status_code == 404:
            raise NotStoredError
        if answer.status_code == 200:
            return answer.content if span is None else answer.content[span[0] : span[1]]
        # 416: the stored object is shorter than the catalog says; the caller sees that by its length.
        return _partial(answer)

    @_understood
    def head(self) -> ServedHead | None:
        answer = _none_when("backups.no_head", lambda: self._transport.call("GET", "/api/head"))
        return None if answer is None else _read_head(answer)

    @_understood
    def head_at(self, sequence: int) -> ServedHead:
        answer = self._transport.raw("GET", f"/api/heads/{sequence}")
        if answer.status_code == 404:
            raise NotStoredError
        return _read_head(self._transport.call("GET", f"/api/heads/{sequence}"))

    def commit(
        self, sequence: int, sealed: bytes, *, add: Sequence[Addition] = (), remove: Sequence[bytes] = ()
    ) -> HeadMoved | None:
        body = {
            "sequence": sequence,
            "sealed": to_base64url(sealed),
            "add": [
                {"snapshot": each.snapshot_id.hex(), "objects": [one.hex() for one in each.objects]} for each in add
            ],
            "remove": [each.hex() for each in remove],
        }
        try:
            self._transport.call("POST", "/api/commit", body)
        except ServerRefusedError as error:
            if error.code == "backups.head_moved":
                return HeadMoved()
            raise
        return None

    def abandon(self, ids: Sequence[bytes]) -> None:
        """Gives back the reservations of objects that no snapshot refers to."""
        for at in range(0, len(ids), _MOST_IDS):
            some = [each.hex() for each in ids[at : at + _MOST_IDS]]
            self._transport.call("POST", "/api/abandon", {"ids": some})


def _none_when(code: str, call: Callable[[], Fields]) -> Fields | None:
    try:
        return call()
    except ServerRefusedError as error:
        if error.status == 404 and error.code == code:
            return None
        raise


def _partial(answer: httpx.Response) -> bytes:
    if answer.status_code == 206:
        return answer.content
    if answer.status_code == 416:
        return b""
    error: ClientError = refusal(answer)
    raise error


def _read_keyring(fields: Fields) -> Keyring:
    slots = tuple(
        Slot(
            slot_id=each.identity("id"),
            kind=each.whole("kind", 255),
            parameters=each.base64url("parameters"),
            sealed=each.base64url("sealed"),
            label=each.text("label"),
        )
        for each in fields.inners("slots")
    )
    return Keyring(fields.identity("library"), fields.whole("epoch", 2**32 - 1), _check(fields), slots)


def _check(fields: Fields) -> bytes:
    check = fields.base64url("check")
    if len(check) != ID_BYTES:
        raise DamagedObjectError("malformed")
    return check


def _read_ticket(fields: Fields) -> Ticket:
    return Ticket(
        object_id=fields.identity("id"),
        state=fields.text("state"),
        method=fields.text("method"),
        url=fields.text("url"),
        headers=fields.text_map("headers"),
    )


def _read_state(fields: Fields) -> ObjectState:
    return ObjectState(fields.identity("id"), fields.text("state"), fields.whole("size"), fields.digest("sha256"))


def _read_head(fields: Fields) -> ServedHead:
    return ServedHead(fields.whole("sequence"), fields.base64url("sealed"))
