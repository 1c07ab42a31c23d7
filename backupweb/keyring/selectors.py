"""What can be asked about keyrings."""

from __future__ import annotations

from backupweb.accounts.models import Account
from backupweb.keyring.errors import NoKeyring
from backupweb.keyring.models import Keyring


def keyring_of(account: Account) -> Keyring:
    """The account's keyring with its slots, oldest first."""
    keyring = Keyring.objects.prefetch_related("slots").filter(account=account).first()
    if keyring is None:
        raise NoKeyring
    return keyring
