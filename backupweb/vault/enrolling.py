"""Setting a password: a pending record beside the one in use, until its proof puts it in that one's place."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from backupweb.lib.databases import VAULT
from backupweb.vault import erasing, events, selectors
from backupweb.vault.errors import ExchangeGone, MalformedMessage
from backupweb.vault.exchanges import Enrolling, exchanges
from backupweb.vault.ledger import ledger
from backupweb.vault.messages import EnrolBegin, EnrolResponse, EnrolStored, EnrolUpload
from backupweb.vault.models import GUESSES, GuessBudget, RecordState, VaultRecord
from backupweb.vault.opaque import NotOpaque, credential_identifier, opaque
from backupweb.vault.sealed import Opened, Place, seal

# How long a record may wait for its proof.
PENDING_FOR = timedelta(minutes=10)
SCHEME = 1  # one vault with OPAQUE


def begin(account: UUID, message: EnrolBegin) -> EnrolResponse:
    """Makes setup and record id; only in memory."""
    record, setup = UUID(bytes=secrets.token_bytes(16)), opaque.setup()
    try:
        response = opaque.respond(setup, message.request, credential_identifier(account, record))
    except NotOpaque as error:
        raise MalformedMessage from error
    exchange = exchanges.open(Enrolling(account, record, setup))
    return EnrolResponse(exchange=exchange, record=record, response=response)


def upload(account: UUID, message: EnrolUpload) -> EnrolStored:
    """Keeps the record as pending. A pending one from before goes; the one in use stays as it is."""
    exchange = exchanges.take(message.exchange, account, Enrolling)
    if message.parameters[0] != SCHEME:
        raise MalformedMessage
    try:
        password_file = opaque.password_file(message.upload)
    except NotOpaque as error:
        raise MalformedMessage from error
    now = timezone.now()
    # The key first: a row without a key would be taken for one that was erased.
    key = ledger().add(account=account, record=exchange.record, at=now)
    place = Place(account, exchange.record, message.parameters)
    sealed = seal(key, place, Opened(exchange.setup, password_file, message.sealed))
    with transaction.atomic(using=VAULT, durable=True):
        GuessBudget.objects.hold(account)
        for row in VaultRecord.objects.filter(account=account, state=RecordState.PENDING):
            erasing.let_go(row.record, RecordState.PENDING)
        VaultRecord.objects.create(
            record=exchange.record,
            account=account,
            state=RecordState.PENDING,
            parameters=message.parameters,
            sealed=sealed,
            created=now,
        )
    erasing.finish(account)
    return EnrolStored(record=exchange.record)


def put_in_use(account: UUID, record: UUID) -> int:
    """The proof holds: the record is the account's, and takes over what was left. Returns that."""
    with transaction.atomic(using=VAULT, durable=True):
        budget = GuessBudget.objects.hold(account)
        if selectors.pending(account, record) is None:
            raise ExchangeGone
        replaced = selectors.in_use(account)
        if replaced is not None:
            erasing.let_go(replaced.record, RecordState.IN_USE)
        else:
            budget.left = GUESSES
            budget.save(update_fields=["left"])
        VaultRecord.objects.filter(record=record).update(state=RecordState.IN_USE)
    ledger().settle(account=account, record=record)
    erasing.finish(account)
    left = min(budget.left, ledger().left(account=account, record=record) or 0)
    events.note("vault-enrolled", account, left=left)
    return left
