"""What the person hears from the vault: at once on every open page, and by letter in their language."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from backupweb.accounts.events import announce
from backupweb.accounts.models import Account

logger = logging.getLogger(__name__)


def guess_made(account: Account, *, left: int) -> None:
    """Somebody tries the password; `left` guesses remain."""
    announce(account.pk, {"kind": "guess", "left": left})


def password_set(account: Account) -> None:
    """A password was set, for the first time or anew."""
    announce(account.pk, {"kind": "ways"})
    _write(account, "password_set")


def password_removed(account: Account) -> None:
    """The password was taken away by the person."""
    announce(account.pk, {"kind": "ways"})
    _write(account, "password_removed")


def password_erased(account: Account, *, guesses: int) -> bool:
    """Guesses destroyed the password; False when the letter could not be sent."""
    announce(account.pk, {"kind": "password-erased"})
    return _write(account, "password_erased", guesses=guesses)


def _write(account: Account, letter: str, **numbers: int) -> bool:
    if not account.email:
        return True
    told = {
        "name": account.username,
        "settings": f"{settings.BACKUPWEB_URL}{reverse('app')}#/settings/ways",
        "devices": f"{settings.BACKUPWEB_URL}{reverse('usersessions_list')}",
        **numbers,
    }
    with translation.override(account.language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"vault/{letter}_subject.txt", told).strip()
        body = render_to_string(f"vault/{letter}.txt", told)
    try:
        send_mail(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", body, None, [account.email])
    except Exception:
        # Whatever the post office lacks: the vault's answer does not wait for it and does not fail with it.
        logger.exception("a letter could not be sent")
        return False
    return True
