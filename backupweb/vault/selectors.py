"""How an account's password stands, and which accounts the vault knows."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from backupweb.vault.ledger import Ledger, Standing
from backupweb.vault.models import GuessBudget, RecordState, Tombstone, VaultRecord

_PAGE = 1000


def in_use(account: UUID) -> VaultRecord | None:
    """The record in use."""
    return VaultRecord.objects.filter(account=account, state=RecordState.IN_USE).first()


def pending(account: UUID, record: UUID) -> VaultRecord | None:
    """A record that waits for its proof."""
    return VaultRecord.objects.filter(account=account, record=record, state=RecordState.PENDING).first()


def leaving(account: UUID | None = None) -> list[VaultRecord]:
    """Records that an interrupted step left to be finished."""
    found = VaultRecord.objects.filter(state=RecordState.LEAVING)
    return list(found if account is None else found.filter(account=account))


def left(account: UUID) -> int | None:
    """The guesses that the database counts; None where no password was ever set."""
    return GuessBudget.objects.filter(account=account).values_list("left", flat=True).first()


def tombstone(account: UUID) -> Tombstone | None:
    """The newest tombstone, as long as nothing was enrolled since."""
    return Tombstone.objects.filter(account=account).order_by("-at").first() if left(account) == 0 else None


def accounts_after(account: UUID) -> list[UUID]:
    """At most a thousand accounts that the vault knows, in order."""
    found = GuessBudget.objects.filter(account__gt=account).order_by("account")
    return list(found.values_list("account", flat=True)[:_PAGE])


def alive() -> bool:
    """Whether a guess could be counted now, in ledger and database, and the KEK opens what it wrapped."""
    found = Ledger(settings.BACKUPWEB_VAULT_KEYS)
    if found.standing() is not Standing.OURS:
        return False
    found.probe()
    GuessBudget.objects.exists()
    return True
