"""What the vault does when a message comes, and what keeps it in order: the one door for site, relay and commands."""

from __future__ import annotations

import logging
import sqlite3
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from backupweb.lib.databases import VAULT
from backupweb.vault import enrolling, erasing, events, logging_in, selectors
from backupweb.vault.errors import NoRecord, VaultUnavailable
from backupweb.vault.exchanges import exchanges
from backupweb.vault.ledger import Ledger, Standing, ledger
from backupweb.vault.messages import (
    Answer,
    AskState,
    EnrolBegin,
    EnrolUpload,
    LoginBegin,
    LoginFinish,
    Message,
    RecordFacts,
    Remove,
    State,
    TombstoneFacts,
)
from backupweb.vault.models import GUESSES, GuessBudget, RecordState, Tombstone, VaultRecord

logger = logging.getLogger(__name__)


def answer(account: UUID, message: Message) -> Answer:
    """The vault's answer, or a refusal. To be called in threads, as often at once as one likes."""
    try:
        return _answer(account, message)
    except (sqlite3.Error, OperationalError, OSError) as error:
        # Whatever was counted stays counted; what could not be counted was not answered.
        logger.exception("the vault's ledger or database cannot be used")
        raise VaultUnavailable from error


def _answer(account: UUID, message: Message) -> Answer:
    match message:
        case AskState():
            return _state(account)
        case EnrolBegin():
            return enrolling.begin(account, message)
        case EnrolUpload():
            return enrolling.upload(account, message)
        case LoginBegin():
            return logging_in.begin(account, message)
        case LoginFinish():
            return logging_in.finish(account, message)
        case Remove():
            return _remove(account, message.record)


def untold(account: UUID) -> int | None:
    """How many guesses erased a record, if the person has not been told; None when there is nothing to tell."""
    found = Tombstone.objects.filter(account=account, told=None).order_by("-at").first()
    return None if found is None else found.guesses


def told(account: UUID) -> None:
    """The person has been told."""
    Tombstone.objects.filter(account=account, told=None).update(told=timezone.now())


def tidy() -> None:
    """Lets go of exchanges that are too old, erases what was not proven, finishes what was cut off."""
    exchanges.expire()
    erasing.tidy(timezone.now() - enrolling.PENDING_FOR)


def drop(account: UUID) -> None:
    """The account is gone: so goes everything of it. Doing it again is harmless."""
    erasing.drop(account)


def ledger_adopt() -> None:
    """Goes on with the ledger that is in the key folder, or a new one: the old one will never come back."""
    Ledger(settings.BACKUPWEB_VAULT_KEYS).adopt()


def ledger_standing() -> Standing:
    """Whether the key folder holds this vault's ledger."""
    return Ledger(settings.BACKUPWEB_VAULT_KEYS).standing()


def rotate_key() -> int:
    """Moves the KEK's epoch; returns the new one."""
    return ledger().rotate()


def _state(account: UUID) -> State:
    erasing.finish(account)
    row = selectors.in_use(account)
    tries = None if row is None else ledger().left(account=account, record=row.record)
    if row is not None and not tries:
        erasing.meet(row)
        row = None
    found = selectors.tombstone(account)
    counts = [count for count in (selectors.left(account), tries) if count is not None]
    return State(
        record=_record_facts(row),
        left=min(counts, default=GUESSES),
        of=GUESSES,
        tombstone=None if found is None else TombstoneFacts(at=found.at, guesses=found.guesses),
    )


def _record_facts(row: VaultRecord | None) -> RecordFacts | None:
    if row is None:
        return None
    return RecordFacts(id=row.record, parameters=bytes(row.parameters), created=row.created)


def _remove(account: UUID, record: UUID) -> State:
    with transaction.atomic(using=VAULT, durable=True):
        GuessBudget.objects.hold(account)
        row = selectors.in_use(account)
        used = row is not None and row.record == record
        if used:
            erasing.let_go(record, RecordState.IN_USE)
            GuessBudget.objects.filter(account=account).update(left=GUESSES)
        elif selectors.pending(account, record) is not None:
            erasing.let_go(record, RecordState.PENDING)
        else:
            raise NoRecord
    erasing.finish(account)
    if used:
        events.note("vault-removed", account, left=GUESSES)
    return _state(account)
