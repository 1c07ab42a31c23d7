"""What may be done with accounts, their room and their invitations."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backupweb.accounts import mail, sessions
from backupweb.accounts.errors import NoSuchDevice
from backupweb.accounts.events import announce
from backupweb.accounts.models import Account, Invitation, Plan

security = logging.getLogger("backupweb.security")


def language_set(*, account: Account, language: str) -> None:
    """Remembers the language for letters and for devices that have not chosen one."""
    if language in dict(settings.LANGUAGES):
        Account.objects.filter(pk=account.pk).update(language=language)


def session_end(*, account: Account, number: int) -> None:
    """Signs one of the account's devices out, at once and everywhere; one that is gone already is harmless."""
    sessions_end(UserSession.objects.filter(user=account, pk=number))


def sessions_end(ended: Iterable[UserSession]) -> None:
    """Ends sessions and tells the open pages of each, which cannot ask any more, that this is why."""
    for session in ended:
        key, named = session.session_key, sessions.name_of(session)
        session.end()
        event = {"event": "device-revoked", "account": session.user_id.hex}
        # Beside the event, not in it: the log keeps nothing that a person typed.
        security.info("security event", extra={"event": event, "device": named})
        announce(session.user_id, {"kind": "revoked", "session": key})


def session_rename(*, account: Account, number: int, name: str) -> UserSession:
    """Calls one of the account's devices by a name of the person's own."""
    with transaction.atomic():
        session: UserSession | None = UserSession.objects.select_for_update().filter(user=account, pk=number).first()
        if session is None:
            raise NoSuchDevice
        sessions.give_name(session, name)
        session.save(update_fields=["data"])
    return session


def invitation_create(*, note: str, days: int, plan: Plan | None = None) -> tuple[Invitation, str]:
    """Makes an invitation and its link. The link is told once; the server keeps only a hash of it."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        note=note,
        expires=timezone.now() + timedelta(days=days),
        token_hash=Invitation.objects.all().hashed(token),
        plan=plan,
    )
    return invitation, f"{settings.BACKUPWEB_URL}/invitation/{token}/"


def invitation_send(*, invitation: Invitation, link: str, address: str, language: str) -> bool:
    """Sends the link by mail; False when the post office did not take it. The address is not kept."""
    told = {"link": link, "day": invitation.expires, "site": settings.BACKUPWEB_URL}
    return mail.write_to(address, language, "mail/invitation", **told)


def admin_ensure(*, name: str, email: str, password: str) -> bool:
    """Makes the first admin if nobody of that name exists; True when it was made. An existing account is left alone."""
    with transaction.atomic():
        if Account.objects.filter(username=name).exists():
            return False
        Account.objects.create_superuser(username=name, email=email, password=password)
        return True
