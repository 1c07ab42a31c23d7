"""The site's one way to the vault, embedded or on its own host, and what the person is told afterwards."""

from __future__ import annotations

import logging
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django_tasks import task

from backupweb.accounts import mail
from backupweb.accounts.models import Account
from backupweb.lib.throttle import throttle
from backupweb.vault import embedded, events, notices
from backupweb.vault.errors import StaffHoldsNoVault, VaultErased, WrongPassword
from backupweb.vault.messages import (
    Answer,
    AskState,
    EnrolBegin,
    LoginAnswer,
    LoginBegin,
    LoginFinish,
    Message,
    Opened,
    Remove,
    State,
    TombstoneFacts,
)

# How long one process may take to tell of an erasure before another begins to.
_TELLING = 300

logger = logging.getLogger(__name__)


class Vault(Protocol):
    """What the vault does for the site, wherever it stands."""

    def answer(self, account: UUID, message: Message) -> Answer:
        """The answer to a client's message, or a refusal."""

    def untold(self, account: UUID) -> int | None:
        """How many guesses erased the record, if the person has not been told."""

    def told(self, account: UUID) -> None:
        """The person has been told."""

    def drop(self, account: UUID) -> None:
        """The account is gone: so goes everything of it."""

    def accounts_after(self, account: UUID) -> list[UUID]:
        """Which accounts the vault knows, in order, after this one; at most a thousand."""

    def alive(self) -> bool:
        """Whether a guess could be counted now."""


def vault() -> Vault:
    """The vault of this site."""
    if settings.BACKUPWEB_VAULT_URL is None:
        return embedded
    # An HTTP client that only those load whose vault stands elsewhere.
    from backupweb.vault import remote  # noqa: PLC0415

    return remote


def talk(*, account: Account, message: Message) -> Answer:
    """The vault's answer to one message of this person, or a refusal."""
    if account.is_staff:
        raise StaffHoldsNoVault  # who runs the server has no chats on it to lose
    _limit(account, message)
    concerned = _concerns_record_in_use(account, message)
    try:
        answer = vault().answer(account.pk, message)
    except VaultErased:
        _tell_of_erasure(account)
        raise
    except WrongPassword as refusal:
        _note(account, "vault-wrong-password", refusal.params.get("left", 0))
        raise
    _tell(account, message, answer, concerned=concerned)
    return answer


def _concerns_record_in_use(account: Account, message: Message) -> bool:
    """Whether this is about the password that opens the library now, not about one that waits for its proof."""
    match message:
        case LoginBegin(record=None):
            return True
        case LoginBegin(record=UUID() as named) | Remove(record=named):
            state = vault().answer(account.pk, AskState(kind="state"))
            return isinstance(state, State) and state.record is not None and state.record.id == named
        case _:
            return False


def _limit(account: Account, message: Message) -> None:
    # Beside the budget, which alone is exact: this only keeps somebody who is signed in from wearing the vault out.
    match message:
        case LoginBegin():
            throttle(f"vault-login:{account.pk.hex}", settings.BACKUPWEB_LIMIT_VAULT)
        case EnrolBegin():
            throttle(f"vault-enrol:{account.pk.hex}", settings.BACKUPWEB_LIMIT_VAULT_ENROL)
        case _:
            pass


def _tell(account: Account, message: Message, answer: Answer, *, concerned: bool) -> None:
    match message, answer:
        case LoginBegin(), LoginAnswer(left=left) if concerned:
            _note(account, "vault-guess", left)
            notices.guess_made(account, left=left)
            if left == 0:
                _note(account, "vault-erased", left)
                _tell_of_erasure(account)
        case LoginFinish(), Opened(enrolled=True, left=left):
            _note(account, "vault-enrolled", left)
            notices.password_set(account)
        case LoginFinish(), Opened(left=left):
            _note(account, "vault-opened", left)
        case Remove(), State(left=left) if concerned:
            _note(account, "vault-removed", left)
            notices.password_removed(account)
        case AskState(), State(tombstone=TombstoneFacts()):
            _tell_of_erasure(account)
        case _:
            pass


def _note(account: Account, happening: events.Happening, left: int) -> None:
    # A vault on its own host writes these lines over there, where nobody can show them to the person.
    if settings.BACKUPWEB_VAULT_URL is not None:
        events.note(happening, account.pk, left=left)


def _tell_of_erasure(account: Account) -> None:
    """At least once: a process that dies before it could tell leaves it to whoever looks next."""
    try:
        guesses = vault().untold(account.pk)
        # One process at a time: the letter takes a moment, and the page asks how things stand right after the guess.
        if guesses is None or not cache.add(f"vault-telling:{account.pk.hex}", 1, _TELLING):
            return
        notices.password_erased(account)
        write_of_erasure.enqueue(account.pk.hex)
    except Exception:
        logger.exception("an erased password could not be told")


@task
def write_of_erasure(account_id: str, tried: int = 0) -> None:
    """The letter. What the vault keeps until the person was told goes only when the post office took it."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        return
    try:
        guesses = vault().untold(account.pk)
        if guesses is None:
            return
        if notices.password_erased_letter(account, guesses=guesses):
            vault().told(account.pk)
            return
    except Exception:
        logger.exception("an erased password could not be told")
    # Given up here, it is still told to whoever looks next: see `_tell_of_erasure`.
    if write_of_erasure.get_backend().supports_defer and tried < len(mail.AGAIN):
        write_of_erasure.using(run_after=timezone.now() + mail.AGAIN[tried]).enqueue(account_id, tried + 1)
