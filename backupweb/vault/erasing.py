"""How a record goes: the database lets go of it, the ledger destroys its key, then its row goes too.

[Leaving] Between the two stores a process may be killed. The database therefore first marks a row as *leaving* and
empties it, in the transaction that decides; whoever comes next finishes, and finishing twice is harmless. Only guesses
go the other way: the ledger destroys the key in the very step that counts the last one, and `meet` finishes that.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backupweb.lib.databases import VAULT
from backupweb.vault import events, selectors
from backupweb.vault.errors import NoRecord, VaultErased
from backupweb.vault.ledger import ledger
from backupweb.vault.models import GUESSES, GuessBudget, RecordState, Tombstone, VaultRecord


def let_go(record: UUID, state: RecordState) -> bool:
    """Marks a record of this state as leaving and empties it; False when it was not there. In a transaction."""
    found = VaultRecord.objects.filter(record=record, state=state)
    return found.update(state=RecordState.LEAVING, sealed=b"") == 1


def used_up(account: UUID, record: UUID, *, guesses: int) -> bool:
    """Erases the record in use for good, with a tombstone; False when it was gone. The account's lock is held."""
    if not let_go(record, RecordState.IN_USE):
        return False
    Tombstone.objects.get_or_create(
        record=record, defaults={"account": account, "at": timezone.now(), "guesses": guesses}
    )
    GuessBudget.objects.filter(account=account).update(left=0)
    return True


def finish(account: UUID | None = None) -> None:
    """Finishes what leaves: of one account, or of all."""
    rows = selectors.leaving(account)
    if not rows:
        return
    for other in {row.account for row in rows}:
        # First the tries go over to the record that replaces: with the old key they would be forgotten.
        current = selectors.in_use(other)
        if current is not None:
            ledger().settle(account=other, record=current.record)
    records = {row.record for row in rows}
    ledger().erase(records)
    VaultRecord.objects.filter(record__in=records, state=RecordState.LEAVING).delete()


def meet(row: VaultRecord) -> None:
    """No key may be left for this record: used up by guesses, or a row that came back from a dump. Then it goes."""
    tries = ledger().left(account=row.account, record=row.record)
    if tries:
        return
    with transaction.atomic(using=VAULT, durable=True):
        GuessBudget.objects.hold(row.account)
        gone = used_up(row.account, row.record, guesses=0 if tries is None else GUESSES)
    finish(row.account)
    if gone:
        events.note("vault-erased", row.account, left=0)


def nothing_there(account: UUID) -> NoRecord | VaultErased:
    """Why there is no record: never set or taken away, or used up."""
    found = selectors.tombstone(account)
    return NoRecord() if found is None else VaultErased(guesses=found.guesses)


def tidy(before: datetime) -> None:
    """Erases what was not proven in time, and finishes whatever was cut off."""
    VaultRecord.objects.filter(state=RecordState.PENDING, created__lt=before).update(
        state=RecordState.LEAVING, sealed=b""
    )
    finish()
    orphans = set()
    for record in ledger().pending_before(before):
        row = VaultRecord.objects.filter(record=record).first()
        if row is None:
            orphans.add(record)
        elif row.state == RecordState.IN_USE:  # proven, and cut off before the ledger heard of it
            ledger().settle(account=row.account, record=record)
    ledger().erase(orphans)
    ledger().sweep()


def drop(account: UUID) -> None:
    """Everything of an account goes."""
    VaultRecord.objects.filter(account=account).update(state=RecordState.LEAVING, sealed=b"")
    ledger().forget(account)
    with transaction.atomic(using=VAULT, durable=True):
        for model in (VaultRecord, Tombstone, GuessBudget):
            model.objects.filter(account=account).delete()
