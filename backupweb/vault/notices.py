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


def password_erased(account: Account) -> None:
    """Guesses destroyed the password: open pages hear of it at once, the letter follows."""
    announce(account.pk, {"kind": "password-erased"})


def password_erased_letter(account: Account, *, guesses: int) -> bool:
    """The letter about it; False when the post office did not take it."""
    return mail.send(account, "vault/password_erased", guesses=guesses, **_pages())


def _write(account: Account, template: str) -> None:
    mail.write(account, f"vault/{template}", **_pages())


def _pages() -> dict[str, str]:
    return {
        "settings": f"{settings.BACKUPWEB_URL}{reverse('app')}#/settings/ways",
        "devices": f"{settings.BACKUPWEB_URL}{reverse('usersessions_list')}",
    }
