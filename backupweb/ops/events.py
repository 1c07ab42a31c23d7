"""Security events as log lines: what happened and to which account, never who typed what."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
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
        # Of a failed attempt nothing is told but that there was one: the name may be a password in the wrong field.
        account = kwargs.get("user")
        if isinstance(account, Account):
            event["account"] = account.pk.hex
        elif kind != "sign-in-failed":
            return  # nobody was signed in, so nobody signed out
        level = logging.WARNING if kind == "sign-in-failed" else logging.INFO
        logger.log(level, "security event", extra={"event": event})

    return note
