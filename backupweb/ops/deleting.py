"""Takes accounts away whose time has come, from every room.

[The order of going] The account is closed first: nobody comes back into one that is half gone. Then go its sealed
objects, then what the vault keeps for it, and in one last transaction its row with all that hangs on it. A run may be
cut off between any two steps; the row stands until the rest is gone, and the next run goes on where this one stopped.
"""

from __future__ import annotations

import logging

from auditlog.models import LogEntry
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.db import transaction
from django.utils import timezone

from backupweb.accounts import leaving, mail
from backupweb.accounts.models import Account
from backupweb.backups import services as backups
from backupweb.vault import door

logger = logging.getLogger(__name__)


def accounts_delete_due() -> dict[str, int]:
    """One run. What could not be finished, because a store or a vault did not answer, is left to the next one."""
    counts = {"accounts": 0, "sealed_objects": 0, "unfinished": 0}
    for account in list(Account.objects.filter(delete_after__lte=timezone.now()).order_by("delete_after")):
        try:
            erased = _delete(account)
        except Exception:
            logger.exception("an account could not be deleted", extra={"event": {"account": account.pk.hex}})
            counts["unfinished"] += 1
            continue
        if erased is not None:
            counts["accounts"] += 1
            counts["sealed_objects"] += erased
    return counts


def _delete(account: Account) -> int | None:
    if not leaving.close(account=account):
        return None
    erased = backups.library_erase(account=account)
    # Before the row: without it nobody would know for whom the vault keeps this.
    door.vault().drop(account.pk)
    with transaction.atomic():
        _nameless(account)
        account.delete()
        # In the same step: the last letter is neither forgotten nor sent twice.
        mail.write(account, "mail/deletion_done")
    return erased


def _nameless(account: Account) -> None:
    """What staff did stays written down, but no more to whom."""
    LogEntry.objects.filter(object_pk=str(account.pk)).update(object_pk="", object_repr="")
    AdminLogEntry.objects.filter(object_id=str(account.pk)).update(object_id="", object_repr="")
