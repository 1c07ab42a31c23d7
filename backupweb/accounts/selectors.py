"""What can be asked about accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from backupweb.accounts.models import Account, Notice, Quota, QuotaRequest, limit_that_counts

Mark = Literal[0, 80, 95]
# From which share of the room on, in percent, people are told that it gets scarce.
MARKS: dict[Notice.Kind, Mark] = {Notice.Kind.ROOM_80: 80, Notice.Kind.ROOM_95: 95}
# Below its mark by this much, a warning is over; a little less would bring it back with every export.
CLEARLY = 5


@dataclass(frozen=True)
class Room:
    """How much an account may keep, keeps, and is about to keep."""

    limit: int
    used: int
    reserved: int


def room_of(account: Account) -> Room:
    """The account's quota as it stands."""
    quota = Quota.objects.of(account)
    return Room(limit=quota.allowed, used=quota.used, reserved=quota.reserved)


def plan_of(account: Account) -> str | None:
    """What the account's plan is called, if it has one."""
    plan = Quota.objects.of(account).plan
    return None if plan is None else plan.name


def room_of_all() -> Room:
    """What all accounts together may keep, keep, and are about to keep."""
    sums = with_room(Account.objects.all()).aggregate(
        limit=_sum("room_limit"), used=_sum("room_used"), reserved=_sum("quota__reserved")
    )
    return Room(**sums)


def room_promised() -> int:
    """How many bytes people may still add: what the store must have free if all of them did."""
    left = Greatest(F("room_free"), Value(0), output_field=BigIntegerField())
    sums = with_room(Account.objects.all()).annotate(left=left).aggregate(promised=_sum("left"))
    return int(sums["promised"])


def _sum(field: str) -> Coalesce:
    return Coalesce(Sum(field), Value(0), output_field=BigIntegerField())


def warning_at(used: int, limit: int) -> Mark:
    """The highest mark that is reached, or 0."""
    reached: list[Mark] = [mark for mark in MARKS.values() if used > 0 and used * 100 >= limit * mark]
    return max(reached, default=0)


def rooms_filled(*, from_share: int) -> QuerySet[Quota]:
    """The quotas of accounts in use that keep at least so many percent of what they may."""
    active = Quota.objects.filter(account__is_active=True, used__gt=0).select_related("account")
    weighed = active.annotate(weight=F("used") * 100, counted=limit_that_counts())
    return weighed.filter(weight__gte=F("counted") * from_share)


def rooms_emptied(*, below_share: int) -> QuerySet[Quota]:
    """The quotas of accounts that keep less than so many percent of what they may."""
    weighed = Quota.objects.annotate(weight=F("used") * 100, counted=limit_that_counts())
    return weighed.filter(weight__lt=F("counted") * below_share)


def last_request_of(account: Account) -> QuotaRequest | None:
    """The account's last wish for more room, decided or not."""
    return QuotaRequest.objects.visible_to(account).order_by("-pk").first()


def undecided_requests() -> QuerySet[QuotaRequest]:
    """Wishes that wait for an answer, oldest first."""
    return QuotaRequest.objects.undecided().select_related("account").order_by("made")


def with_room(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts with what they keep and may keep beside them, for lists."""
    used = Coalesce(F("quota__used"), Value(0), output_field=BigIntegerField())
    return accounts.annotate(
        room_limit=limit_that_counts("quota__"),
        room_used=used,
        room_free=ExpressionWrapper(F("room_limit") - F("room_used"), output_field=BigIntegerField()),
    )


def unseen_since(moment: datetime) -> QuerySet[Account]:
    """People who have not been here since: no sign-in, and no session of theirs was seen. Staff have other duties."""
    seen = UserSession.objects.filter(user=OuterRef("pk"), last_seen_at__gte=moment)
    return Account.objects.filter(
        ~Exists(seen), Q(last_login=None) | Q(last_login__lt=moment), date_joined__lt=moment, is_staff=False
    )


def devices_of(account: Account) -> list[UserSession]:
    """Where the account is signed in, last seen first; sessions that ended by themselves are forgotten on the way."""
    living: list[UserSession] = UserSession.objects.purge_and_list(account)
    return sorted(living, key=lambda session: session.last_seen_at, reverse=True)


def passkeys_of(account: Account) -> QuerySet[Authenticator]:
    """The passkeys that sign the account in, oldest first."""
    passkeys: QuerySet[Authenticator] = Authenticator.objects.filter(
        user=account, type=Authenticator.Type.WEBAUTHN
    ).order_by("pk")
    return passkeys
