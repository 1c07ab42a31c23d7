"""Security events out of allauth's announcements: what happened and to which account, never who typed what."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import filter_users_by_email, filter_users_by_username
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal

from backupweb.accounts.models import Account

logger = logging.getLogger("backupweb.security")

# These are allauth's announcements; there is no other door to them.
_SIGNALS: dict[str, Signal] = {
    "signed-in": auth_signals.user_logged_in,
    "signed-out": auth_signals.user_logged_out,
    "sign-in-failed": auth_signals.user_login_failed,
    "signed-up": account_signals.user_signed_up,
    "password-changed": account_signals.password_changed,
    "password-reset": account_signals.password_reset,
    "email-changed": account_signals.email_changed,
    "second-factor-added": mfa_signals.authenticator_added,
    "second-factor-removed": mfa_signals.authenticator_removed,
    "second-factor-reset": mfa_signals.authenticator_reset,
}


def listen() -> None:
    """Connects every announcement with its line."""
    for kind, signal in _SIGNALS.items():
        signal.connect(_listener(kind), weak=False, dispatch_uid=f"security-event-{kind}")


def _listener(kind: str) -> Any:
    def note(sender: Any, **kwargs: Any) -> None:
        event = {"event": kind}
        account = kwargs.get("user")
        if kind == "sign-in-failed":
            # The name itself is told to nobody: it may be a password in the wrong field.
            account = _whose_name(kwargs.get("credentials", {}))
        elif not isinstance(account, Account):
            return  # nobody was signed in, so nobody signed out
        if isinstance(account, Account):
            event["account"] = account.pk.hex
        _finer(event, kwargs)
        level = logging.WARNING if kind == "sign-in-failed" else logging.INFO
        logger.log(level, "security event", extra={"event": event})

    return note


def _finer(event: dict[str, str], told: dict[str, Any]) -> None:
    authenticator = told.get("authenticator")
    if event["event"] == "signed-in":
        method = _method(told)
        if method:
            event["method"] = method
    elif isinstance(authenticator, Authenticator):
        if authenticator.type == Authenticator.Type.WEBAUTHN:
            event["event"] = event["event"].replace("second-factor", "passkey")
        else:
            event["method"] = str(authenticator.type)


def _method(told: dict[str, Any]) -> str:
    records = get_authentication_records(told["request"], told["user"]) if told.get("request") else []
    if not records:
        return ""
    last = records[-1]
    if last["method"] != "mfa":
        return str(last["method"])
    return "passkey" if last.get("passwordless") else "second-step"


def _whose_name(credentials: dict[str, Any]) -> Account | None:
    name, email = credentials.get("username"), credentials.get("email")
    found = filter_users_by_username(name).first() if isinstance(name, str) else None
    if found is None and isinstance(email, str):
        found = next(iter(filter_users_by_email(email)), None)
    return found if isinstance(found, Account) else None
