"""A new key: its keyring in place of the old one, and the first head that is sealed under it, in one transaction.

[What the old key opened] The old slots and every head before go with it. Heads hold names, and nobody needs the old
ones: the new head carries their hashes (docs/format.md §7), so that a device can still tell that it descends from what
it saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from backupweb.accounts.models import Account, Quota
from backupweb.backups import services as backups
from backupweb.keyring import services as keyring


@dataclass(frozen=True)
class NewKey:
    """The keyring of the next epoch, as a client sends it."""

    library: UUID
    epoch: int
    check: bytes
    slots: Sequence[keyring.SealedSlot]


def key_change(*, account: Account, key: NewKey, sequence: int, sealed: bytes) -> bool:
    """Changes the key; False when this very change had landed before. Else somebody was faster, and nothing changes."""
    with transaction.atomic():
        Quota.objects.locked(account)  # *One account at a time*: no commit comes between
        fresh = keyring.keyring_replace(
            account=account, library=key.library, epoch=key.epoch, check=key.check, slots=key.slots
        )
        landed = backups.commit(account=account, sequence=sequence, sealed=sealed, add=[], remove=[])
        if fresh:
            backups.heads_forget(account=account, before=landed.sequence)
        return fresh
