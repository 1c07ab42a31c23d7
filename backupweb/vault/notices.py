"""What the person hears from the vault: at once on every open page, and by letter in their language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from backupweb.accounts import mail
from backupweb.accounts.events import announce
from backupweb.accounts.models import Account


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


def _write(account: Account, template: str, **numbers: int) -> bool:
    settings_page = f"{settings.BACKUPWEB_URL}{reverse('app')}#/settings/ways"
    devices = f"{settings.BACKUPWEB_URL}{reverse('usersessions_list')}"
    return mail.write(account, f"vault/{template}", settings=settings_page, devices=devices, **numbers)
