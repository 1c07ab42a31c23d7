"""Ten guesses, then the record is gone: one after another, all at once, replayed, and cut off at every step."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from uuid import UUID

import opaque_snake
import pytest
from django.conf import settings

from backupweb.lib.errors import DomainError
from backupweb.vault import services
from backupweb.vault.errors import ExchangeGone, NoRecord, VaultErased, WrongPassword
from backupweb.vault.ledger import ledger
from backupweb.vault.messages import LoginBegin
from backupweb.vault.models import GuessBudget, RecordState, Tombstone, VaultRecord
from tests.vault.client import WRONG, VaultClient
from tests.vault.processes import cut_at, in_threads, start

pytestmark = pytest.mark.django_db(databases=["vault", "default"], transaction=True)

Mark = Callable[[], None]


def kek_epochs() -> set[int]:
    return {int(file.name.removeprefix("kek-")) for file in Path(settings.BACKUPWEB_VAULT_KEYS).glob("kek-*")}


def ke2_is_given(client: VaultClient) -> bool:
    """One guess; whether there was an answer to it."""
    try:
        client.begin(WRONG)
    except (VaultErased, NoRecord):
        return False
    return True


def guesses_until_refused(client: VaultClient) -> int:
    return next(number for number in count() if not ke2_is_given(client))


def everything_is_in_order() -> None:
    """Ten minutes later, tidied: both stores speak of the same records, and one KEK is left, or two around a cut."""
    with ledger()._transaction() as book:
        book.execute("UPDATE record_key SET made = made - 660 WHERE pending = 1")
    services.tidy()
    assert not VaultRecord.objects.filter(state=RecordState.LEAVING).exists()
    kept = {row.record.bytes for row in VaultRecord.objects.filter(state=RecordState.IN_USE)}
    with ledger()._transaction() as book:
        rows = book.execute("SELECT record, epoch, pending FROM record_key WHERE wrapped != x''").fetchall()
    pending = {row.record.bytes for row in VaultRecord.objects.filter(state=RecordState.PENDING)}
    assert {row[0] for row in rows if not row[2]} == kept
    assert {row[0] for row in rows if row[2]} <= pending
    referred = {row[1] for row in rows}
    assert kek_epochs() == referred | {max(kek_epochs())}


# ---------------------------------------------------------------- one after another


def test_ten_wrong_guesses_erase_the_record() -> None:
    alice = VaultClient()
    record = alice.enrol("correct horse")
    before = kek_epochs()
    assert [alice.begin(WRONG).answer.left for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(VaultErased) as refused:
        alice.begin("correct horse")
    assert refused.value.params == {"guesses": 10}
    state = alice.state()
    assert (state.record, state.left, state.of) == (None, 0, 10)
    assert state.tombstone is not None
    assert state.tombstone.guesses == 10
    assert not VaultRecord.objects.filter(record=record).exists()
    assert not before & kek_epochs()
    everything_is_in_order()


def test_the_last_guess_may_be_the_right_one() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    alice.guess_wrong(9)
    begun = alice.begin("correct horse")
    assert alice.tries(begun.answer.record) == 0
    assert not VaultRecord.objects.exists()
    opened = alice.finish(begun.prove())
    assert (opened.sealed, opened.left, opened.erased) == (alice.slot, 0, True)
    with pytest.raises(VaultErased):
        alice.begin("correct horse")
    alice.enrol("correct horse")
    state = alice.state()
    assert (state.left, state.tombstone) == (10, None)
    assert alice.login("correct horse").sealed == alice.slot


def test_the_right_password_restores_all_guesses_in_both_places() -> None:
    alice = VaultClient()
    record = alice.enrol("correct horse")
    for _ in range(3):
        alice.guess_wrong(9)
        assert alice.login("correct horse").erased
        record = alice.enrol("correct horse")
        alice.guess_wrong(8)
        assert alice.login("correct horse").left == 10
        assert (alice.tries(record), GuessBudget.objects.get().left) == (10, 10)


def test_a_guess_is_spent_whatever_becomes_of_it() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    unanswered = alice.begin("correct horse")
    with pytest.raises(opaque_snake.AuthenticationError):
        alice.begin(WRONG).prove()
    with pytest.raises(WrongPassword):
        alice.finish(alice.begin(WRONG).fake())
    assert alice.state().left == 7
    assert alice.finish(unanswered.prove()).left == 10


def test_a_replayed_ke1_costs_a_guess_each_time_and_its_old_ke3_proves_nothing() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    begun = alice.begin("correct horse")
    replayed = alice.say(LoginBegin(kind="login-begin", ke1=begun.ke1, record=None))
    assert alice.state().left == 8
    proof = begun.prove()
    elsewhere = proof.model_copy(update={"exchange": replayed.exchange})  # type: ignore[union-attr]
    with pytest.raises(WrongPassword):
        alice.finish(elsewhere)
    assert alice.finish(proof).left == 10
    for replay in (proof, elsewhere):
        with pytest.raises(ExchangeGone):
            alice.finish(replay)


def test_one_account_s_guesses_are_not_another_s() -> None:
    alice, bob = VaultClient(), VaultClient()
    alice.enrol("alice's")
    bob.enrol("bob's")
    alice.guess_wrong(10)
    assert bob.state().left == 10
    assert bob.login("bob's").sealed == bob.slot


def test_an_erasure_is_told_until_somebody_says_that_it_was() -> None:
    alice, bob = VaultClient(), VaultClient()
    alice.enrol("correct horse")
    assert services.untold(alice.account) is None
    alice.guess_wrong(10)
    assert (services.untold(alice.account), services.untold(bob.account)) == (10, None)
    alice.enrol("another one")
    assert services.untold(alice.account) == 10
    services.told(alice.account)
    assert services.untold(alice.account) is None


def test_no_trace_of_a_destroyed_key_is_left_in_the_ledger_s_files() -> None:
    alice, bob = VaultClient(), VaultClient()
    alice.enrol("alice's")
    bob.enrol("bob's")
    with ledger()._transaction() as book:
        wrapped = [bytes(row[0]) for row in book.execute("SELECT wrapped FROM record_key")]
    alice.guess_wrong(10)
    kept = b"".join(file.read_bytes() for file in Path(settings.BACKUPWEB_VAULT_KEYS).iterdir())
    assert len(wrapped) == 2
    assert not any(one[13:] in kept for one in wrapped)  # bob's was wrapped anew


# ---------------------------------------------------------------- all at once


# Whoever counted an earlier guess may find the record erased when the database is asked: fewer than ten, never more.


def test_two_hundred_attempts_in_threads_get_ten_answers_at_most() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    given = in_threads(200, lambda: ke2_is_given(alice), at_once=20)
    assert 0 < sum(given) <= 10
    assert Tombstone.objects.get().guesses == 10
    everything_is_in_order()


def test_two_hundred_attempts_in_processes_get_ten_answers_at_most() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")

    def attack(mark: Mark) -> None:
        for given in in_threads(25, lambda: ke2_is_given(alice), at_once=5):
            if given:
                mark()

    children = [start(attack) for _ in range(8)]
    assert 0 < sum(child.wait().marks for child in children) <= 10
    assert alice.state().tombstone is not None
    everything_is_in_order()


def test_many_accounts_at_once_do_not_disturb_each_other() -> None:
    clients = [VaultClient() for _ in range(6)]
    for client in clients:
        client.enrol("correct horse")
    turns = iter(clients * 12)

    def one_turn() -> tuple[UUID, bool]:
        client = next(turns)
        return client.account, ke2_is_given(client)

    given = in_threads(72, one_turn, at_once=6)
    for client in clients:
        assert 0 < given.count((client.account, True)) <= 10
        assert client.state().tombstone is not None
    everything_is_in_order()


def test_right_and_wrong_ones_at_once_leave_a_whole_state() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    wrong = iter([True, True, True, False] * 10)

    def one() -> str:
        if next(wrong):
            return "guess" if ke2_is_given(alice) else "refused"
        try:
            return "erased" if alice.login("correct horse").erased else "opened"
        except DomainError as error:
            return error.code

    said = in_threads(40, one, at_once=8)
    assert set(said) <= {"guess", "refused", "erased", "opened", "vault.erased"}
    if "erased" in said or "refused" in said:
        assert alice.state().tombstone is not None
    else:
        assert alice.login("correct horse").left == 10
    everything_is_in_order()


# ---------------------------------------------------------------- cut off


def test_a_process_that_is_killed_while_it_answers_gives_no_guess_back() -> None:
    """After the ledger, after the database, before and after KE2, at every commit between."""
    for step in count(1):
        alice = VaultClient()
        alice.enrol("correct horse")
        alice.guess_wrong(4)

        def guess(mark: Mark, alice: VaultClient = alice) -> None:
            alice.begin(WRONG)
            mark()

        ended = cut_at(step, guess)
        assert 4 + ended.marks + guesses_until_refused(alice) <= 10
        assert alice.state().tombstone is not None
        if not ended.killed:
            break
    assert step > 6
    everything_is_in_order()


def test_a_process_that_is_killed_at_the_last_guess_leaves_no_eleventh() -> None:
    for step in count(1):
        alice = VaultClient()
        alice.enrol("correct horse")
        alice.guess_wrong(9)

        def guess(mark: Mark, alice: VaultClient = alice) -> None:
            alice.begin(WRONG)
            mark()

        ended = cut_at(step, guess)
        assert ended.marks + guesses_until_refused(alice) <= 1
        found = alice.state().tombstone
        assert found is not None
        assert found.guesses == 10
        everything_is_in_order()
        if not ended.killed:
            break
    assert step > 12


def test_a_process_that_is_killed_between_ke2_and_ke3_has_spent_the_guess() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")

    def die(mark: Mark) -> None:
        alice.begin("correct horse").prove()
        mark()
        os.kill(os.getpid(), signal.SIGKILL)

    for left in (9, 8, 7):
        ended = start(die).wait()
        assert (ended.killed, ended.marks) == (True, 1)
        assert alice.state().left == left
    assert alice.login("correct horse").left == 10


def test_a_login_that_is_cut_off_while_it_restores_restores_nothing_or_all() -> None:
    for step in count(1):
        alice = VaultClient()
        alice.enrol("correct horse")
        alice.guess_wrong(5)
        ended = cut_at(step, lambda mark, alice=alice: alice.login("correct horse") and mark())  # type: ignore[misc]
        left = alice.state().left
        assert left == 10 if ended.marks else left in {4, 5, 10}
        assert alice.login("correct horse").left == 10
        if not ended.killed:
            break
    assert step > 10
    everything_is_in_order()


def test_a_change_of_password_that_is_cut_off_leaves_one_of_both_and_mints_no_guess() -> None:
    for step in count(1):
        alice = VaultClient()
        alice.enrol("the old one")
        alice.guess_wrong(4)
        ended = cut_at(step, lambda mark, alice=alice: alice.enrol("the new one") and mark())  # type: ignore[misc]
        assert alice.state().left == 6
        valid = []
        for password in ("the old one", "the new one"):
            try:
                valid.append((password, alice.login(password).left))
            except opaque_snake.AuthenticationError:
                continue
        assert valid in ([("the old one", 10)], [("the new one", 10)])
        assert not ended.marks or valid == [("the new one", 10)]
        everything_is_in_order()
        if not ended.killed:
            break
    assert step > 20


def test_a_removal_that_is_cut_off_is_finished_by_the_next_look() -> None:
    for step in count(1):
        alice = VaultClient()
        record = alice.enrol("correct horse")
        ended = cut_at(step, lambda mark, alice=alice, record=record: alice.remove(record) and mark())  # type: ignore[misc]
        state = alice.state()
        assert state.tombstone is None
        if state.record is None:
            assert alice.tries(record) is None
            assert not VaultRecord.objects.filter(record=record).exists()
        else:
            assert alice.login("correct horse").left == 10
        everything_is_in_order()
        if not ended.killed:
            break
    assert step > 8
