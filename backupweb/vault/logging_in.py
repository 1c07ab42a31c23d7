"""KE1 to KE2, and KE3: every KE2 is a guess, counted in two places before it is made (docs/vault.md §5)."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backupweb.lib.databases import VAULT
from backupweb.lib.secret import SecretBytes
from backupweb.vault import enrolling, erasing, events, selectors
from backupweb.vault.errors import ExchangeGone, MalformedMessage, NoRecord, VaultUnavailable, WrongPassword
from backupweb.vault.exchanges import LoggingIn, exchanges
from backupweb.vault.ledger import ledger
from backupweb.vault.messages import LoginAnswer, LoginBegin, LoginFinish, Opened
from backupweb.vault.models import GUESSES, GuessBudget, RecordState, Tombstone, VaultRecord
from backupweb.vault.opaque import DoesNotHold, NotOpaque, credential_identifier, opaque
from backupweb.vault.sealed import Damaged, Place, unseal

logger = logging.getLogger(__name__)


def begin(account: UUID, message: LoginBegin) -> LoginAnswer:
    """Spends a guess, then makes KE2."""
    try:
        opaque.check_ke1(message.ke1)
    except NotOpaque as error:
        raise MalformedMessage from error
    erasing.finish(account)
    row = selectors.in_use(account)
    if message.record is not None and (row is None or row.record != message.record):
        return _begin_proof(account, message.record, message.ke1)
    if row is None:
        raise erasing.nothing_there(account)
    return _begin_guess(row, message.ke1)


def _begin_guess(row: VaultRecord, ke1: bytes) -> LoginAnswer:
    account = row.account
    spent = ledger().spend(account=account, record=row.record, pending=False)
    if spent is None:
        erasing.meet(row)
        raise erasing.nothing_there(account)
    left = _count(row, tries=spent.left)
    if left == 0:
        erasing.finish(account)
        events.note("vault-erased", account, left=0)
    events.note("vault-guess", account, left=left)
    return _answer(row, spent.key, ke1, pending=False, left=left)


def _count(row: VaultRecord, *, tries: int) -> int:
    """Counts the guess in the database too; the lower of both counts holds. At the last one the record goes here."""
    with transaction.atomic(using=VAULT, durable=True):  # an outer rollback would hand the guess back
        budget = GuessBudget.objects.hold(row.account)
        here = VaultRecord.objects.filter(record=row.record, state=RecordState.IN_USE).exists()
        counted = here and GuessBudget.objects.spend(row.account)
        left = min(tries, budget.left - 1) if counted else 0
        if here and left == 0:
            erasing.used_up(row.account, row.record, guesses=GUESSES)
    # Somebody else may have met the record between the ledger's last try and this: the last guess is still a guess.
    if counted or (tries == 0 and Tombstone.objects.filter(record=row.record).exists()):
        return left
    erasing.finish(row.account)
    raise erasing.nothing_there(row.account)


def _begin_proof(account: UUID, record: UUID, ke1: bytes) -> LoginAnswer:
    row = selectors.pending(account, record)
    if row is None:
        raise NoRecord
    spent = None
    if row.created > timezone.now() - enrolling.PENDING_FOR:
        spent = ledger().spend(account=account, record=record, pending=True)
    with transaction.atomic(using=VAULT, durable=True):
        waiting = VaultRecord.objects.filter(record=record, state=RecordState.PENDING)
        counted = spent is not None and waiting.filter(proofs_left__gt=0).update(proofs_left=F("proofs_left") - 1) == 1
        if not counted:
            erasing.let_go(record, RecordState.PENDING)
    if spent is None or not counted:
        erasing.finish(account)
        raise NoRecord
    return _answer(row, spent.key, ke1, pending=True, left=min(spent.left, row.proofs_left - 1))


def _answer(row: VaultRecord, key: SecretBytes, ke1: bytes, *, pending: bool, left: int) -> LoginAnswer:
    parameters = bytes(row.parameters)
    try:
        opened = unseal(key, Place(row.account, row.record, parameters), bytes(row.sealed))
    except Damaged as error:
        logger.exception("a vault record does not open under its own key")
        raise VaultUnavailable from error
    name = credential_identifier(row.account, row.record)
    begun = opaque.begin(opened.setup, opened.password_file, ke1, name)
    last = left == 0 and not pending
    exchange = exchanges.open(LoggingIn(row.account, row.record, begun.started, opened.slot, pending, last, left))
    return LoginAnswer(exchange=exchange, record=row.record, parameters=parameters, ke2=begun.ke2, left=left)


def finish(account: UUID, message: LoginFinish) -> Opened:
    """Judges KE3. A valid one opens, and gives the guesses back."""
    exchange = exchanges.take(message.exchange, account, LoggingIn)
    try:
        opaque.finish(exchange.started, message.ke3)
    except DoesNotHold as error:
        events.note("vault-wrong-password", account, left=exchange.left)
        raise WrongPassword(left=exchange.left) from error
    if exchange.pending:
        left = enrolling.put_in_use(account, exchange.record)
        return Opened(sealed=exchange.slot, left=left, enrolled=True, erased=False)
    erased = exchange.last or not _restore(account, exchange.record)
    left = 0 if erased else GUESSES
    events.note("vault-opened", account, left=left)
    return Opened(sealed=exchange.slot, left=left, enrolled=False, erased=erased)


def _restore(account: UUID, record: UUID) -> bool:
    """All guesses again; False when guesses erased the record in the meantime."""
    with transaction.atomic(using=VAULT, durable=True):
        GuessBudget.objects.hold(account)
        here = VaultRecord.objects.filter(record=record, state=RecordState.IN_USE).exists()
        if here:
            GuessBudget.objects.filter(account=account).update(left=GUESSES)
    if here:
        ledger().restore(record)
    elif not Tombstone.objects.filter(record=record).exists():
        raise ExchangeGone  # taken away, or replaced
    return here
