"""Writes to people who have not been here for long, whose last backup is old, or whose account is about to go.

Of two processes that find the same reason, one writes (`Notice.claim`); a letter that the post office did not take is
tried again by the next run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from backupweb.accounts import leaving, mail
from backupweb.accounts.models import Account, Notice
from backupweb.accounts.selectors import unseen_since

_NEAR = timedelta(days=3)
_AT_ONCE = 500


def inactivity_notices() -> dict[str, int]:
    """One run; how many letters of each kind went out."""
    now = timezone.now()
    return {"inactive": _inactive(now), "old_backups": _old_backups(now), "deletions_near": _deletions_near(now)}


def _inactive(now: datetime) -> int:
    days = settings.BACKUPWEB_INACTIVE_DAYS
    if not days:
        return 0
    since = now - timedelta(days=days)
    written = 0
    # Who has no address cannot be told, and what nobody was told does not happen to them.
    unseen = unseen_since(since).filter(is_active=True, delete_after=None).exclude(email="")
    for account in _not_told(unseen, Notice.Kind.INACTIVE, since):
        goes = now + timedelta(days=settings.BACKUPWEB_DELETION_DAYS) if settings.BACKUPWEB_INACTIVE_DELETE else None
        if _tell(account, Notice.Kind.INACTIVE, since, "inactive", days=days, day=goes):
            written += 1
            if goes is not None:
                leaving.deletion_plan(account=account, by=None)
    return written


def _old_backups(now: datetime) -> int:
    days = settings.BACKUPWEB_OLD_BACKUP_DAYS
    if not days:
        return 0
    since = now - timedelta(days=days)
    people = Account.objects.filter(is_active=True, backup_reminders=True, delete_after=None).exclude(email="")
    old = people.annotate(last_backup=Max("head__written")).filter(last_backup__lt=since)
    return sum(
        _tell(account, Notice.Kind.BACKUP_OLD, since, "backup_old", days=days, day=account.last_backup)
        for account in _not_told(old, Notice.Kind.BACKUP_OLD, since)
    )


def _deletions_near(now: datetime) -> int:
    if timedelta(days=settings.BACKUPWEB_DELETION_DAYS) <= _NEAR:
        return 0  # the letter that told of the plan is young enough
    # Once per plan: whoever calls one off forgets the notice, too.
    long_ago = now - timedelta(days=settings.BACKUPWEB_DELETION_DAYS)
    near = Account.objects.filter(is_active=True, delete_after__gt=now, delete_after__lt=now + _NEAR).exclude(email="")
    return sum(
        _tell(account, Notice.Kind.DELETION, long_ago, "deletion_near", at=account.delete_after)
        for account in _not_told(near, Notice.Kind.DELETION, long_ago)
    )


def _not_told(accounts: QuerySet[Account], kind: Notice.Kind, since: datetime) -> Iterator[Any]:
    told = Notice.objects.filter(account=OuterRef("pk"), kind=kind, sent__gte=since)
    waiting, last = accounts.filter(~Exists(told)).order_by("pk"), UUID(int=0)
    while batch := list(waiting.filter(pk__gt=last)[:_AT_ONCE]):
        yield from batch
        last = batch[-1].pk


def _tell(account: Account, kind: Notice.Kind, before: datetime, template: str, **told: object) -> bool:
    if not Notice.objects.all().claim(account, kind, before=before):
        return False
    site = settings.BACKUPWEB_URL
    pages = {"page": f"{site}{reverse(_PAGES[kind])}", "data": f"{site}{reverse('account_data')}"}
    if mail.send(account, f"mail/{template}", **pages, **told):
        return True
    Notice.objects.all().forget(account, kind)
    return False


_PAGES = {
    Notice.Kind.INACTIVE: "account_data",
    Notice.Kind.BACKUP_OLD: "app",
    Notice.Kind.DELETION: "account_delete",
}
