"""The keyring as browsers and the Python client see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router, Status
from pydantic import Field, field_validator

from backupweb.accounts.http import SignedInRequest
from backupweb.keyring import selectors, services
from backupweb.keyring.models import Keyring, Slot
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.wire import Bytes, HexId, Wire

router = Router(tags=["keyring"])


class SlotBody(Wire):
    """One sealed copy of the root key. Kind 1 is a recovery code, 3 a passkey; 2 lies in the vault, 4 on its device."""

    id: HexId
    kind: Literal[1, 3]
    parameters: Annotated[Bytes, Field(max_length=4096)]
    sealed: Annotated[Bytes, Field(min_length=61, max_length=61)]
    label: Annotated[str, Field(max_length=100)]

    def value(self) -> services.SealedSlot:
        """For the services."""
        return services.SealedSlot(
            id=self.id, kind=self.kind, parameters=self.parameters, sealed=self.sealed, label=self.label
        )


class NewSlotBody(SlotBody):
    """A slot, and the epoch of the key that it holds."""

    epoch: Annotated[int, Field(ge=1, lt=2**32)]


class KeyringBody(Wire):
    """A new keyring."""

    library: HexId
    epoch: Annotated[int, Field(ge=1, lt=2**32)]
    check: Annotated[Bytes, Field(min_length=16, max_length=16)]
    slots: Annotated[list[SlotBody], Field(min_length=1, max_length=services.MOST_SLOTS)]

    @field_validator("slots")
    @classmethod
    def _each_once(cls, slots: list[SlotBody]) -> list[SlotBody]:
        if len({slot.id for slot in slots}) < len(slots):
            raise ValueError("a slot stands twice")
        return slots


class SlotAnswer(Wire):
    """A slot as it is kept."""

    id: HexId
    kind: int
    parameters: Bytes
    sealed: Bytes
    created: datetime
    label: str

    @classmethod
    def of(cls, row: Slot) -> SlotAnswer:
        """From its row."""
        return cls(
            id=row.slot_id,
            kind=row.kind,
            parameters=bytes(row.parameters),
            sealed=bytes(row.sealed),
            created=row.created.replace(microsecond=0),
            label=row.label,
        )


class KeyringAnswer(Wire):
    """The keyring with its slots, oldest first."""

    library: HexId
    epoch: int
    check: Bytes
    slots: list[SlotAnswer]

    @classmethod
    def of(cls, keyring: Keyring) -> KeyringAnswer:
        """From its row."""
        return cls(
            library=keyring.library,
            epoch=keyring.epoch,
            check=bytes(keyring.check_value),
            slots=[SlotAnswer.of(row) for row in sorted(keyring.slots.all(), key=lambda row: row.pk)],
        )


@router.get("/keyring", response={200: KeyringAnswer, 404: ErrorAnswer})
def keyring(request: SignedInRequest) -> KeyringAnswer:
    """The account's keyring."""
    return KeyringAnswer.of(selectors.keyring_of(request.user))


@router.post("/keyring", response={201: KeyringAnswer, 200: KeyringAnswer, 409: ErrorAnswer})
def keyring_create(request: SignedInRequest, body: KeyringBody) -> Status[KeyringAnswer]:
    """Makes the keyring, once."""
    made = services.keyring_create(
        account=request.user,
        library=body.library,
        epoch=body.epoch,
        check=body.check,
        slots=[slot.value() for slot in body.slots],
    )
    return Status(201 if made else 200, keyring(request))


@router.post("/keyring/slots", response={201: KeyringAnswer, 200: KeyringAnswer, 404: ErrorAnswer, 409: ErrorAnswer})
def slot_add(request: SignedInRequest, body: NewSlotBody) -> Status[KeyringAnswer]:
    """Adds one slot."""
    made = services.slot_add(account=request.user, epoch=body.epoch, slot=body.value())
    return Status(201 if made else 200, keyring(request))


@router.delete("/keyring/slots/{slot}", response={200: KeyringAnswer, 404: ErrorAnswer, 409: ErrorAnswer})
def slot_remove(request: SignedInRequest, slot: HexId) -> KeyringAnswer:
    """Removes one slot, but never the last."""
    services.slot_remove(account=request.user, slot=slot)
    return keyring(request)
