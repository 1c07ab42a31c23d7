"""Whatever is done in whatever order, no password gets an eleventh answer without having been proven in between."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import opaque_snake
import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backupweb.vault import erasing, services
from backupweb.vault.errors import ExchangeGone, NoRecord, VaultErased, WrongPassword
from backupweb.vault.ledger import ledger
from backupweb.vault.models import KnownLedger, RecordState, VaultRecord
from tests.vault.client import WRONG, Begun, VaultClient
from tests.vault.stores import TABLES, Dump, LedgerFile

PASSWORDS = ("correct horse", "another one")
REFUSED = (NoRecord, VaultErased)
# What one password may be asked between two proofs: ten times in use, and three times while it is pending.
MOST = 10


class Vaults(RuleBasedStateMachine):
    """One account, somebody who is signed in to it, and an operator who turns back the database or the ledger.

    Whoever turns back both has more guesses: that is the honest limit of one vault, and no rule here.
    """

    begun = Bundle("begun")
    dumps = Bundle("dumps")
    ledgers = Bundle("ledgers")

    def __init__(self) -> None:
        super().__init__()
        self.alice = VaultClient()
        self.answers: dict[UUID, int] = {}  # KE2 given for a record since it was last proven
        self.destroyed: set[UUID] = set()
        self.folder = Path(tempfile.mkdtemp())
        self.turned_back = ""

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(turned_back=st.sampled_from(("database", "ledger")))
    def begin_with_nothing(self, turned_back: str) -> None:
        self.turned_back = turned_back
        shutil.rmtree(django_settings.BACKUPWEB_VAULT_KEYS, ignore_errors=True)
        for model in (*TABLES, KnownLedger):
            model.objects.all().delete()
        self.enrol(PASSWORDS[0])

    # -------- the person

    @rule(password=st.sampled_from(PASSWORDS))
    def enrol(self, password: str) -> None:
        before = self.in_use()
        record = self.alice.upload(password).record
        begun = self.ask(password, record)
        assert isinstance(begun, Begun)
        assert self.alice.finish(begun.prove()).enrolled
        self.answers[record] = 0
        if before is not None:
            self.destroyed.add(before)

    @rule(target=begun, password=st.sampled_from((*PASSWORDS, WRONG)))
    def begin(self, password: str) -> Any:
        found = self.ask(password, None)
        return multiple() if found is None else found

    @rule(times=st.integers(2, 6))
    def guess_wrong(self, times: int) -> None:
        for _ in range(times):
            self.ask(WRONG, None)

    @rule(login=consumes(begun))
    def finish(self, login: Begun) -> None:
        record = login.answer.record
        try:
            proof = login.prove()
        except opaque_snake.AuthenticationError:
            return
        try:
            opened = self.alice.finish(proof)
        except ExchangeGone:
            return
        assert opened.sealed == self.alice.slot
        assert not opened.enrolled
        if not opened.erased:
            assert opened.left == 10
            self.answers[record] = 0

    @rule(login=consumes(begun))
    def finish_wrongly(self, login: Begun) -> None:
        with pytest.raises((WrongPassword, ExchangeGone)):
            self.alice.finish(login.fake())

    @rule()
    def remove(self) -> None:
        record = self.in_use()
        if record is not None:
            self.alice.remove(record)
            self.destroyed.add(record)

    @rule(password=st.sampled_from(PASSWORDS))
    def leave_one_pending(self, password: str) -> None:
        self.alice.upload(password)

    @rule()
    def look(self) -> None:
        state = self.alice.state()
        assert 0 <= state.left <= 10
        assert (state.record is None) or state.left > 0
        assert state.tombstone is None or state.record is None

    # -------- the operator

    @rule()
    def rotate(self) -> None:
        services.rotate_key()

    @rule(minutes=st.sampled_from((0, 11)))
    def tidy(self, minutes: int) -> None:
        erasing.tidy(timezone.now() + timedelta(minutes=minutes - 10))

    @precondition(lambda self: self.turned_back == "database")
    @rule(target=dumps)
    def dump(self) -> Dump:
        return Dump()

    @precondition(lambda self: self.turned_back == "database")
    @rule(dump=dumps)
    def restore(self, dump: Dump) -> None:
        dump.restore()

    @precondition(lambda self: self.turned_back == "database")
    @rule(dump=dumps, models=st.sets(st.sampled_from(TABLES), min_size=1))
    def restore_in_part(self, dump: Dump, models: set[Any]) -> None:
        dump.restore(*models)

    @precondition(lambda self: self.turned_back == "ledger")
    @rule(target=ledgers)
    def copy_ledger(self) -> LedgerFile:
        return LedgerFile(self.folder / f"ledger-{len(list(self.folder.iterdir()))}")

    @precondition(lambda self: self.turned_back == "ledger")
    @rule(copy=ledgers)
    def restore_ledger(self, copy: LedgerFile) -> None:
        copy.restore()

    # -------- what holds

    def ask(self, password: str, record: UUID | None) -> Begun | None:
        try:
            found = self.alice.begin(password, record)
        except REFUSED:
            return None
        asked = found.answer.record
        assert asked not in self.destroyed
        self.answers[asked] = self.answers.get(asked, 0) + 1
        assert self.answers[asked] <= MOST
        if found.answer.left == 0 and record is None:
            self.destroyed.add(asked)
        return found

    def in_use(self) -> UUID | None:
        row = VaultRecord.objects.filter(state=RecordState.IN_USE).first()
        return None if row is None else row.record

    @invariant()
    def what_was_destroyed_has_no_key(self) -> None:
        for record in self.destroyed:
            assert not ledger().left(account=self.alice.account, record=record)


@pytest.mark.django_db(databases=["vault", "default"], transaction=True)
def test_no_order_of_steps_gives_an_eleventh_answer() -> None:
    run_state_machine_as_test(
        Vaults,
        settings=settings(
            max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
