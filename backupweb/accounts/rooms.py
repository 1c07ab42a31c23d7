"""How much room people have: plans, wishes for more of it, and letters before it runs out.

A limit may be lowered below what is kept: then nothing more is taken in, and everything else goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy

from backupweb.accounts import mail, selectors
from backupweb.accounts.errors import RequestDecided, RequestTooSmall, RequestWaiting
from backupweb.accounts.events import announce
from backupweb.accounts.models import Account, Notice, Plan, Quota, QuotaRequest
from backupweb.lib.sizes import in_words

BATCH = 500
in_its_words = lazy(in_words, str)


# ---------------------------------------------------------------- limits


def plan_set(*, accounts: Iterable[Account], plan: Plan | None) -> int:
    """Gives accounts a plan, or takes theirs away; returns how many. A limit of an account's own goes before it."""
    pks = [account.pk for account in accounts]
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        with transaction.atomic():
            Quota.objects.bulk_create((Quota(account_id=pk) for pk in batch), ignore_conflicts=True)
            Quota.objects.filter(account_id__in=batch).update(plan=plan)
            transaction.on_commit(partial(_tell_all, batch))
    return len(pks)


def limit_set(*, account: Account, limit: int | None) -> None:
    """Gives one account a limit of its own, or takes it away."""
    with transaction.atomic():
        Quota.objects.locked(account)
        Quota.objects.filter(account=account).update(limit=limit)
        transaction.on_commit(partial(room_changed, account))


def room_changed(account: Account) -> None:
    """Tells the person's open pages to look again."""
    _tell_all([account.pk])


def warn_if_crossed(before: Quota, *, stored: int) -> None:
    """Called where `stored` more bytes are counted: open pages hear at once that room gets scarce, letters follow."""
    after = selectors.warning_at(before.used + stored, before.allowed)
    if after > selectors.warning_at(before.used, before.allowed):
        transaction.on_commit(partial(_tell_all, [before.account_id]))


# ---------------------------------------------------------------- wishes for more


def quota_request_make(*, account: Account, wanted: int, reason: str) -> QuotaRequest:
    """Asks for `wanted` bytes in all. One wish at a time; the same again is harmless."""
    if wanted <= Quota.objects.of(account).allowed:
        raise RequestTooSmall
    try:
        with transaction.atomic():
            return QuotaRequest.objects.create(account=account, wanted=wanted, reason=reason)
    except IntegrityError:
        waiting = QuotaRequest.objects.visible_to(account).undecided().filter(wanted=wanted, reason=reason).first()
        if waiting is None:
            raise RequestWaiting from None
        return waiting


def quota_request_withdraw(*, account: Account) -> None:
    """Takes the undecided wish back; when there is none, that is harmless."""
    QuotaRequest.objects.visible_to(account).undecided().delete()


def quota_request_decide(*, request: QuotaRequest, granted: bool, limit: int | None = None) -> QuotaRequest:
    """Answers a wish, once: the person hears of it. Granted, `limit` is the account's own; None: what was wanted."""
    with transaction.atomic():
        Quota.objects.locked(request.account)
        undecided = QuotaRequest.objects.undecided().filter(pk=request.pk)
        if undecided.update(decided=timezone.now(), granted=granted) == 0:
            raise RequestDecided
        if granted:
            limit = request.wanted if limit is None else limit
            Quota.objects.filter(account=request.account).update(limit=limit)
        transaction.on_commit(partial(_tell_decided, request, granted))
    request.refresh_from_db()
    return request


def _tell_decided(request: QuotaRequest, granted: bool) -> None:
    room_changed(request.account)
    _write(request.account, "room_granted" if granted else "room_refused")


# ---------------------------------------------------------------- letters


def room_notices() -> int:
    """Writes to everybody whose room got scarce since the last time, once per crossing; returns how many letters.

    Whoever comes well below a mark again will be told the next time it is crossed.
    """
    for kind, mark in selectors.MARKS.items():
        emptied = selectors.rooms_emptied(below_share=mark - selectors.CLEARLY)
        Notice.objects.filter(kind=kind, account__in=emptied.values("account_id")).delete()
    sent = 0
    # The highest mark first: who crosses several at once gets one letter.
    for kind, mark in sorted(selectors.MARKS.items(), key=lambda item: -item[1]):
        told = Notice.objects.filter(kind=kind).values("account_id")
        for quota in selectors.rooms_filled(from_share=mark).exclude(account_id__in=told).iterator(BATCH):
            sent += _warn(quota.account, kind, mark)
    return sent


def _warn(account: Account, kind: Notice.Kind, mark: int) -> bool:
    if not Notice.objects.all().claim(account, kind, before=account.date_joined):
        return False
    if not _write(account, f"room_{mark}"):
        Notice.objects.all().forget(account, kind)
        return False
    for lower, passed in selectors.MARKS.items():
        if passed < mark:
            Notice.objects.all().claim(account, lower, before=account.date_joined)
    return True


def _write(account: Account, template: str) -> bool:
    room = selectors.room_of(account)
    page = f"{settings.BACKUPWEB_URL}{reverse('app')}#/settings/room"
    sizes = {"limit": room.limit, "used": room.used, "left": max(0, room.limit - room.used)}
    # In words only where the letter is written: its language decides how.
    return mail.write(account, f"mail/{template}", page=page, **{name: in_its_words(sizes[name]) for name in sizes})


def _tell_all(pks: Iterable[UUID]) -> None:
    for pk in pks:
        announce(pk, {"kind": "room"})
