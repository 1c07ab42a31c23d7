"""What can be asked about accounts."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from backupweb.accounts.models import Account, Quota, limit_that_counts


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


def room_of_all() -> Room:
    """What all accounts together may keep, keep, and are about to keep."""
    sums = Quota.objects.annotate(counted=limit_that_counts()).aggregate(
        limit=Coalesce(Sum("counted"), Value(0), output_field=BigIntegerField()),
        used=Coalesce(Sum("used"), Value(0), output_field=BigIntegerField()),
        reserved=Coalesce(Sum("reserved"), Value(0), output_field=BigIntegerField()),
    )
    return Room(**sums)


def with_room(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Accounts with what they keep and may keep beside them, for lists."""
    site = Value(settings.BACKUPWEB_DEFAULT_QUOTA)
    limit = Coalesce(F("quota__limit"), F("quota__plan__limit"), site, output_field=BigIntegerField())
    used = Coalesce(F("quota__used"), Value(0), output_field=BigIntegerField())
    return accounts.annotate(
        room_limit=limit,
        room_used=used,
        room_free=ExpressionWrapper(F("room_limit") - F("room_used"), output_field=BigIntegerField()),
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
