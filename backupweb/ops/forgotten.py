"""Vault rows of accounts that are no more: the vault knows accounts by number only, and cannot notice by itself."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from uuid import UUID

from backupweb.accounts.models import Account
from backupweb.vault import door
from backupweb.vault.errors import VaultUnavailable

logger = logging.getLogger(__name__)


def drop_forgotten(*, dry_run: bool) -> int:
    """Drops what the vault keeps for accounts that were deleted; how many there were."""
    try:
        return _drop(door.vault(), dry_run=dry_run)
    except VaultUnavailable:
        logger.warning("the vault cannot be reached: deleted accounts are dropped there another time")
        return 0


def _drop(vault: door.Vault, *, dry_run: bool) -> int:
    gone: list[UUID] = []
    known = 0
    for batch in _in_vault(vault):
        here = set(Account.objects.filter(pk__in=batch).values_list("pk", flat=True))
        known += len(here)
        gone += [account for account in batch if account not in here]
    # Dropping is for good. Where most are unknown it is no deleted account, but the wrong database or an empty one.
    if len(gone) > known:
        logger.error("most accounts of the vault are unknown here: nothing was dropped")
        return 0
    if not dry_run:
        for account in gone:
            vault.drop(account)
    return len(gone)


def _in_vault(vault: door.Vault) -> Iterator[list[UUID]]:
    last = UUID(int=0)
    while batch := vault.accounts_after(last):
        yield batch
        last = batch[-1]
