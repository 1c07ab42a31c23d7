"""Collecting what nothing refers to, expired reservations, bytes whose rows are gone, and what was kept long enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from backupweb.accounts.models import Account
from backupweb.backups import services
from backupweb.backups.models import DiscardedName, SealedObject, State
from backupweb.lib import objectstore
from backupweb.ops.forgotten import drop_forgotten
from backupweb.ops.models import SecurityEvent
from backupweb.pairing import services as pairing
from backupweb.vault import services as vault

_AT_ONCE = 200
# No single upload of 64 MiB takes as long: after this nobody can lay bytes under a discarded name any more.
_UPLOADS_END = timedelta(hours=24)
_EVENTS_KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Collected:
    """What a run took away, or would take away."""

    objects: int
    bytes: int
    reservations: int
    discarded_names: int
    spool_files: int
    mailboxes: int
    security_events: int
    forgotten_accounts: int


def collect(*, grace: timedelta, dry_run: bool) -> Collected:
    """One run. It may be killed anywhere and run at any time, also twice at once (see *Crash-safe deletion*)."""
    now = timezone.now()
    objects = size = reservations = 0
    # A list, not a cursor held open: SQLite would take the writes below for a conflict with it.
    for account in list(Account.objects.filter(sealedobject__isnull=False).distinct()):
        rows = list(SealedObject.objects.all().collectable(account, now - grace))
        for start in range(0, len(rows), _AT_ONCE):
            batch = rows[start : start + _AT_ONCE]
            if not dry_run:
                batch = services.objects_collect(account=account, rows=batch, before=now - grace)
            stored = [row for row in batch if row.state == State.STORED]
            objects += len(stored)
            size += sum(row.size for row in stored)
            reservations += len(batch) - len(stored)
    names = _forget_names(now - _UPLOADS_END, dry_run=dry_run)
    spool = 0 if dry_run else objectstore.sweep(objectstore.open_store(), older_than_seconds=24 * 3600)
    mailboxes = 0 if dry_run else pairing.mailboxes_erase()
    events = _forget_events(now - _EVENTS_KEPT, dry_run=dry_run)
    if settings.BACKUPWEB_VAULT_URL is None and not dry_run:  # a vault on its own host tidies up by itself
        vault.tidy()
    forgotten = drop_forgotten(dry_run=dry_run)
    return Collected(objects, size, reservations, names, spool, mailboxes, events, forgotten)


def _forget_names(before: datetime, *, dry_run: bool) -> int:
    old = DiscardedName.objects.filter(since__lt=before)
    if dry_run:
        return old.count()
    # Young names too: the process that discarded them may have died before their bytes went.
    services.discarded_delete(list(DiscardedName.objects.values_list("name", flat=True)))
    return old.delete()[0]


def _forget_events(before: datetime, *, dry_run: bool) -> int:
    old = SecurityEvent.objects.filter(at__lt=before)
    return old.count() if dry_run else old.delete()[0]
