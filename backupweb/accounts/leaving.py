"""Leaving and being kept out: deletion with a grace time, its being called off, and suspension."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from backupweb.accounts import mail, selectors, services
from backupweb.accounts.errors import DeletionNotYours, DeletionUnderWay, LastAdmin
from backupweb.accounts.models import Account, DeletionBy, Notice

# Whose word counts for more, in rising order.
_WEIGHT = [DeletionBy.INACTIVITY, DeletionBy.PERSON, DeletionBy.ADMIN]

security = logging.getLogger("backupweb.security")


def deletion_plan(*, account: Account, by: Account | None) -> datetime:
    """Plans that the account goes, tells the person by mail, and says when it will be.

    `by` is the person or an admin; nobody where it is the site's own rule for inactive accounts, which has written
    before. Planning again changes no date; but what an admin plans, the person cannot call off any more.
    """
    planner = _planner(account, by)
    with transaction.atomic():
        row = _may_go(account)
        if row.delete_after is not None and _WEIGHT.index(planner) <= _WEIGHT.index(DeletionBy(row.deletion_by)):
            return row.delete_after
        at = row.delete_after or timezone.now() + timedelta(days=settings.BACKUPWEB_DELETION_DAYS)
        Account.objects.filter(pk=row.pk).update(delete_after=at, deletion_by=planner)
        _note("deletion-planned", row)
        if planner != DeletionBy.INACTIVITY:
            transaction.on_commit(partial(_write, row, "deletion_planned", at=at, by_admin=planner == DeletionBy.ADMIN))
    account.delete_after, account.deletion_by = at, planner
    return at


def deletion_cancel(*, account: Account, by: Account | None = None) -> None:
    """The account stays. Nothing planned: harmless. `by` nobody: the site itself calls it off."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        if row.delete_after is None:
            return
        if row.deletion_by == DeletionBy.ADMIN and _planner(row, by) == DeletionBy.PERSON:
            raise DeletionNotYours
        _not_under_way(row)
        Account.objects.filter(pk=row.pk).update(delete_after=None, deletion_by="")
        Notice.objects.all().forget(row, Notice.Kind.DELETION)
        _note("deletion-called-off", row)
        transaction.on_commit(partial(_write, row, "deletion_called_off"))
    account.delete_after, account.deletion_by = None, ""


def suspend(*, account: Account) -> None:
    """Shuts the door and ends every session, at once and everywhere. Nothing is deleted; again: harmless."""
    with transaction.atomic():
        row = _may_go(account)
        if Account.objects.filter(pk=row.pk, is_active=True).update(is_active=False):
            _note("suspended", row)
    account.is_active = False
    services.sessions_end(UserSession.objects.filter(user=account))


def readmit(*, account: Account) -> None:
    """Opens the door again; again: harmless."""
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        _not_under_way(row)
        if Account.objects.filter(pk=row.pk, is_active=False).update(is_active=True):
            _note("readmitted", row)
    account.is_active = True


def close(*, account: Account) -> bool:
    """The time has come: shuts the door for good, before anything is taken away; False when the account stays.

    It stays when somebody called the deletion off meanwhile, or came back to an account that nobody had used.
    """
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        if row.delete_after is None or row.delete_after > timezone.now():
            return False
        if row.deletion_by == DeletionBy.INACTIVITY and not _still_inactive(row):
            deletion_cancel(account=row)
            return False
        _may_go(row)
        Account.objects.filter(pk=row.pk).update(is_active=False)
    services.sessions_end(UserSession.objects.filter(user=account))
    return True


def reminders_set(*, account: Account, wanted: bool) -> None:
    """Whether the person is reminded of old backups."""
    Account.objects.filter(pk=account.pk).update(backup_reminders=wanted)
    account.backup_reminders = wanted


def _planner(account: Account, by: Account | None) -> DeletionBy:
    if by is None:
        return DeletionBy.INACTIVITY
    return DeletionBy.PERSON if by.pk == account.pk else DeletionBy.ADMIN


def _still_inactive(account: Account) -> bool:
    if not settings.BACKUPWEB_INACTIVE_DAYS or not settings.BACKUPWEB_INACTIVE_DELETE:
        return False  # the rule was taken back
    long_ago = timezone.now() - timedelta(days=settings.BACKUPWEB_INACTIVE_DAYS)
    return selectors.unseen_since(long_ago).filter(pk=account.pk).exists()


def _not_under_way(row: Account) -> None:
    if row.delete_after is not None and row.delete_after <= timezone.now() and not row.is_active:
        raise DeletionUnderWay


def _may_go(account: Account) -> Account:
    """The account's row, held until the transaction ends: two admins who send each other away must not both succeed."""
    admins = {one.pk: one for one in Account.objects.select_for_update().filter(is_superuser=True, is_active=True)}
    if admins.pop(account.pk, None) and all(one.delete_after is not None for one in admins.values()):
        raise LastAdmin
    return Account.objects.select_for_update().get(pk=account.pk)


def _note(what: str, account: Account) -> None:
    security.info("security event", extra={"event": {"event": what, "account": account.pk.hex}})


def _write(account: Account, template: str, **told: object) -> None:
    page = f"{settings.BACKUPWEB_URL}{reverse('account_delete')}"
    devices = f"{settings.BACKUPWEB_URL}{reverse('usersessions_list')}"
    mail.write(account, f"mail/{template}", page=page, devices=devices, **told)
