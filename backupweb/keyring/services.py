"""Making a keyring, adding and removing slots. Everything may be tried again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db import transaction

from backupweb.accounts.events import announce
from backupweb.accounts.models import Account
from backupweb.keyring.errors import (
    KeyChanged,
    KeyringExists,
    LastSlot,
    NoKeyring,
    NoSuchSlot,
    SlotDiffers,
    TooManySlots,
)
from backupweb.keyring.models import Keyring, Slot

MOST_SLOTS = 32

# Slots of kind 2 are the vault's now; an old one can still be removed.
_NAMES = {1: "recovery-code", 2: "password", 3: "passkey"}
security = logging.getLogger("backupweb.security")


@dataclass(frozen=True)
class SealedSlot:
    """A slot as a client sends it."""

    id: UUID
    kind: int
    parameters: bytes
    sealed: bytes
    label: str


def keyring_create(*, account: Account, library: UUID, epoch: int, check: bytes, slots: Sequence[SealedSlot]) -> bool:
    """Makes the keyring; False when this very keyring was there already. Another one is never overwritten."""
    with transaction.atomic():
        keyring, made = Keyring.objects.get_or_create(
            account=account, defaults={"library": library, "epoch": epoch, "check_value": check}
        )
        if made:
            Slot.objects.bulk_create(_row(keyring, slot) for slot in slots)
            _tell(account, "way-added", *(slot.kind for slot in slots))
            return True
    if (keyring.library, keyring.epoch, bytes(keyring.check_value)) != (library, epoch, check):
        raise KeyringExists
    kept = {row.slot_id: row for row in keyring.slots.all()}
    if not all(slot.id in kept and _same(kept[slot.id], slot) for slot in slots):
        raise KeyringExists
    return False


def keyring_replace(*, account: Account, library: UUID, epoch: int, check: bytes, slots: Sequence[SealedSlot]) -> bool:
    """The next epoch's keyring in place of the one before, all of whose slots go; False when it was there already."""
    with transaction.atomic():
        keyring = _locked(account)
        kept = {row.slot_id: row for row in keyring.slots.all()}
        if (keyring.library, keyring.epoch, bytes(keyring.check_value)) == (library, epoch, check):
            if not all(slot.id in kept and _same(kept[slot.id], slot) for slot in slots):
                raise KeyChanged(epoch=keyring.epoch)
            return False
        if keyring.library != library or epoch != keyring.epoch + 1:
            raise KeyChanged(epoch=keyring.epoch)
        keyring.slots.all().delete()
        keyring.epoch, keyring.check_value = epoch, check
        keyring.save()
        Slot.objects.bulk_create(_row(keyring, slot) for slot in slots)
        security.info("security event", extra={"event": {"event": "key-changed", "account": account.pk.hex}})
        transaction.on_commit(partial(announce, account.pk, {"kind": "ways"}))
        return True


def slot_add(*, account: Account, epoch: int, slot: SealedSlot) -> bool:
    """Adds a slot; False when this very slot was there already. One that holds an older key is refused."""
    with transaction.atomic():
        keyring = _locked(account)
        if keyring.epoch != epoch:
            raise KeyChanged(epoch=keyring.epoch)
        kept = keyring.slots.filter(slot_id=slot.id).first()
        if kept is not None:
            if _same(kept, slot):
                return False
            raise SlotDiffers
        if keyring.slots.count() >= MOST_SLOTS:
            raise TooManySlots
        _row(keyring, slot).save()
        _tell(account, "way-added", slot.kind)
        return True


def slot_remove(*, account: Account, slot: UUID) -> None:
    """Removes a slot, but never the last one."""
    with transaction.atomic():
        keyring = _locked(account)
        kept = keyring.slots.filter(slot_id=slot).first()
        if kept is None:
            raise NoSuchSlot
        if keyring.slots.count() == 1:
            raise LastSlot
        kept.delete()
        _tell(account, "way-removed", kept.kind)


def _locked(account: Account) -> Keyring:
    # Held until the end: two devices that remove the last two slots at once must not both succeed.
    keyring = Keyring.objects.select_for_update().filter(account=account).first()
    if keyring is None:
        raise NoKeyring
    return keyring


def _tell(account: Account, what: str, *kinds: int) -> None:
    # Within the transaction: what is not committed did not happen, and is not written down either.
    for kind in kinds:
        event = {"event": what, "account": account.pk.hex, "way": _NAMES[kind]}
        security.info("security event", extra={"event": event})
    transaction.on_commit(partial(announce, account.pk, {"kind": "ways"}))


def _row(keyring: Keyring, slot: SealedSlot) -> Slot:
    return Slot(
        keyring=keyring,
        slot_id=slot.id,
        kind=slot.kind,
        parameters=slot.parameters,
        sealed=slot.sealed,
        label=slot.label,
    )


def _same(row: Slot, slot: SealedSlot) -> bool:
    return (row.kind, bytes(row.parameters), bytes(row.sealed)) == (slot.kind, slot.parameters, slot.sealed)
