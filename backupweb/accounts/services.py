"""What may be done with accounts, their room and their invitations."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backupweb.accounts.models import Account, Invitation


def language_set(*, account: Account, language: str) -> None:
    """Remembers the language for letters and for devices that have not chosen one."""
    if language in dict(settings.LANGUAGES):
        Account.objects.filter(pk=account.pk).update(language=language)


def session_end(*, account: Account, number: int) -> None:
    """Signs one of the account's devices out, at once and everywhere; one that is gone already is harmless."""
    for session in UserSession.objects.filter(user=account, pk=number):
        session.end()


def invitation_create(*, note: str, days: int) -> tuple[Invitation, str]:
    """Makes an invitation and its link. The link is told once; the server keeps only a hash of it."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        note=note, expires=timezone.now() + timedelta(days=days), token_hash=Invitation.objects.all().hashed(token)
    )
    return invitation, f"{settings.BACKUPWEB_URL}/invitation/{token}/"


def admin_ensure(*, name: str, email: str, password: str) -> bool:
    """Makes the first admin if nobody of that name exists; True when it was made. An existing account is left alone."""
    with transaction.atomic():
        if Account.objects.filter(username=name).exists():
            return False
        Account.objects.create_superuser(username=name, email=email, password=password)
        return True
