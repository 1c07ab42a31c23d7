"""What allauth asks us: who may sign up, who was just here, what ends with a session, how passkeys name this site."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import lazy
from django.utils.translation import get_language, ngettext

from backupweb.accounts import leaving, rooms, services
from backupweb.accounts.models import Account, DeletionBy, Invitation

INVITATION_KEY = "invitation"


def _wrong_too_often() -> str:
    """allauth's sentence, with a time: people who do not know how long to wait try on."""
    minutes = math.ceil(settings.BACKUPWEB_LIMIT_WRONG_PASSWORD.seconds / 60)
    told = ngettext(
        "Too many wrong tries. Try again in a minute.",
        "Too many wrong tries. Try again in %(minutes)s minutes.",
        minutes,
    )
    return told % {"minutes": minutes}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is open, by invitation, or closed."""

    error_messages = DefaultAccountAdapter.error_messages | {"too_many_login_attempts": lazy(_wrong_too_often, str)()}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.BACKUPWEB_SIGNUP != "invite":
            return bool(settings.BACKUPWEB_SIGNUP == "open")
        token = request.session.get(INVITATION_KEY)
        return isinstance(token, str) and Invitation.objects.open_for(token).exists()

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        # One transaction: two people with one link end with one account, and a failed sign-up keeps the invitation.
        with transaction.atomic():
            token = request.session.pop(INVITATION_KEY, "")
            invitation = Invitation.objects.open_for(token).first()
            if not Invitation.objects.spend(token):
                invitation = None
            if invitation is None and settings.BACKUPWEB_SIGNUP == "invite":
                raise ImmediateHttpResponse(redirect("account_signup"))
            if isinstance(user, Account):
                user.language = get_language() or settings.LANGUAGE_CODE
            saved = super().save_user(request, user, form, commit)
            if isinstance(saved, Account) and invitation is not None and invitation.plan is not None:
                rooms.plan_set(accounts=[saved], plan=invitation.plan)
            return saved

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        # What was planned because nobody came is over when somebody comes.
        if isinstance(user, Account) and user.deletion_by == DeletionBy.INACTIVITY:
            leaving.deletion_cancel(account=user)
        return super().post_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Whoever signed in or signed up just now has shown who they are; allauth counts only being asked once more.
        account, since = self.request.user, time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        shown = [record["at"] for record in get_authentication_records(self.request, account)]
        if isinstance(account, Account):
            shown.append(account.date_joined.timestamp())
        if any(at > since for at in shown):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class MFAAdapter(DefaultMFAAdapter):
    """Authenticator apps and passkeys show this name, not an address."""

    def _get_site_name(self) -> str:
        return "Backupweb"


class UserSessionsAdapter(DefaultUserSessionsAdapter):
    """Every door through which a person ends sessions ends them in our way, so that open pages hear of it."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        services.sessions_end(sessions)
