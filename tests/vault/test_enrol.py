"""Setting, proving, changing and taking away a password."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID, uuid4

import opaque_snake
import pytest

from backupweb.vault import services
from backupweb.vault.errors import ExchangeGone, MalformedMessage, NoRecord, WrongPassword
from backupweb.vault.ledger import ledger
from backupweb.vault.messages import EnrolBegin, EnrolResponse, EnrolUpload, LoginBegin, LoginFinish
from backupweb.vault.models import GuessBudget, RecordState, Tombstone, VaultRecord
from tests.vault.client import PARAMETERS, WRONG, VaultClient

pytestmark = pytest.mark.django_db(databases=["vault", "default"], transaction=True)


def later(record: UUID) -> None:
    """Ten minutes pass for a pending record."""
    row = VaultRecord.objects.get(record=record)
    VaultRecord.objects.filter(record=record).update(created=row.created - timedelta(minutes=11))
    with ledger()._transaction() as book:
        book.execute("UPDATE record_key SET made = made - 660")


def test_a_password_opens_what_was_sealed_under_it() -> None:
    alice = VaultClient()
    assert alice.state().record is None
    record = alice.enrol("correct horse")
    opened = alice.login("correct horse")
    assert (opened.sealed, opened.left, opened.enrolled, opened.erased) == (alice.slot, 10, False, False)
    found = alice.state().record
    assert found is not None
    assert (found.id, found.parameters) == (record, PARAMETERS)


def test_an_unproven_record_is_not_in_use_and_costs_the_account_nothing() -> None:
    alice = VaultClient()
    pending = alice.upload("correct horse").record
    assert alice.state().record is None
    with pytest.raises(NoRecord):
        alice.begin("correct horse")
    assert alice.begin(WRONG, pending).answer.left == 2
    assert alice.state().left == 10
    assert alice.finish(alice.begin("correct horse", pending).prove()).left == 10


def test_a_pending_record_has_three_tries_and_then_it_is_gone() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    pending = alice.upload("another one").record
    third = [alice.begin("another one", pending) for _ in range(3)][2]
    with pytest.raises(NoRecord):
        alice.begin("another one", pending)
    with pytest.raises(ExchangeGone):
        alice.finish(third.prove())
    assert alice.login("correct horse").left == 10


def test_the_third_try_of_a_pending_record_still_proves_it() -> None:
    alice = VaultClient()
    pending = alice.upload("correct horse").record
    last = [alice.begin("correct horse", pending) for _ in range(3)][2]
    assert alice.finish(last.prove()).enrolled
    assert alice.login("correct horse").left == 10


def test_the_old_password_holds_until_the_new_one_is_proven() -> None:
    alice = VaultClient()
    old = alice.enrol("the old one")
    pending = alice.upload("the new one").record
    assert alice.login("the old one").sealed == alice.slot
    alice.finish(alice.begin("the new one", pending).prove())
    assert not VaultRecord.objects.filter(record=old).exists()
    assert alice.tries(old) is None
    with pytest.raises(opaque_snake.AuthenticationError):
        alice.login("the old one")
    assert alice.login("the new one").left == 10


def test_a_record_that_replaces_one_takes_over_what_was_left() -> None:
    alice = VaultClient()
    alice.enrol("the old one")
    alice.guess_wrong(4)
    second = alice.enrol("the new one")
    assert (alice.state().left, alice.tries(second), GuessBudget.objects.get().left) == (6, 6, 6)
    assert alice.begin(WRONG).answer.left == 5


def test_a_second_upload_takes_the_place_of_the_first() -> None:
    alice = VaultClient()
    first = alice.upload("first").record
    second = alice.upload("second").record
    assert alice.tries(first) is None
    with pytest.raises(NoRecord):
        alice.begin("first", first)
    assert alice.finish(alice.begin("second", second).prove()).enrolled


def test_a_pending_record_is_erased_after_ten_minutes() -> None:
    alice = VaultClient()
    old = alice.enrol("the old one")
    pending = alice.upload("the new one").record
    later(pending)
    services.tidy()
    assert alice.tries(pending) is None
    assert set(VaultRecord.objects.values_list("record", flat=True)) == {old}
    assert alice.login("the old one").left == 10


def test_a_pending_record_that_is_too_old_is_refused_before_anybody_tidies() -> None:
    alice = VaultClient()
    pending = alice.upload("too late").record
    later(pending)
    with pytest.raises(NoRecord):
        alice.begin("too late", pending)
    assert alice.tries(pending) is None


def test_tidying_keeps_what_is_young_and_what_is_in_use() -> None:
    alice, bob = VaultClient(), VaultClient()
    used, pending = alice.enrol("alice's"), bob.upload("bob's").record
    later(used)
    services.tidy()
    services.tidy()
    assert alice.login("alice's").left == 10
    VaultRecord.objects.filter(record=pending).update(state=RecordState.PENDING)
    assert VaultRecord.objects.filter(record=pending).exists()


def test_a_removed_password_is_gone_and_a_new_one_begins_at_ten() -> None:
    alice = VaultClient()
    record = alice.enrol("correct horse")
    alice.guess_wrong(3)
    state = alice.remove(record)
    assert (state.record, state.left, state.tombstone) == (None, 10, None)
    assert alice.tries(record) is None
    with pytest.raises(NoRecord):
        alice.begin("correct horse")
    with pytest.raises(NoRecord):
        alice.remove(record)
    alice.enrol("another one")
    assert alice.state().left == 10


def test_nobody_removes_or_tries_the_record_of_another_account() -> None:
    alice, bob = VaultClient(), VaultClient()
    used, pending = alice.enrol("alice's"), alice.upload("alice's next").record
    for record in (used, pending):
        with pytest.raises(NoRecord):
            bob.remove(record)
        with pytest.raises(NoRecord):
            bob.begin("alice's", record)
    assert alice.finish(alice.begin("alice's next", pending).prove()).enrolled


def test_an_exchange_belongs_to_its_account_and_is_used_once() -> None:
    alice, bob = VaultClient(), VaultClient()
    alice.enrol("correct horse")
    begun = alice.begin("correct horse")
    proof = begun.prove()
    with pytest.raises(ExchangeGone):
        bob.finish(proof)
    assert alice.finish(proof).left == 10
    with pytest.raises(ExchangeGone):
        alice.finish(proof)


def test_an_exchange_ends_when_its_record_is_taken_away_or_replaced() -> None:
    alice = VaultClient()
    record = alice.enrol("correct horse")
    before = alice.begin("correct horse").prove()
    second = alice.enrol("another one")
    with pytest.raises(ExchangeGone):
        alice.finish(before)
    before = alice.begin("another one").prove()
    alice.remove(second)
    with pytest.raises(ExchangeGone):
        alice.finish(before)
    assert record != second
    assert not Tombstone.objects.exists()


def test_what_is_no_message_of_the_protocol_costs_nothing() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    for ke1 in (bytes(96), b"\xff" * 96, bytes(32) + b"\xff" * 64):
        with pytest.raises(MalformedMessage):
            alice.say(LoginBegin(kind="login-begin", ke1=ke1, record=None))
    with pytest.raises(MalformedMessage):
        alice.say(EnrolBegin(kind="enrol-begin", request=bytes(32)))
    assert alice.state().left == 10


@pytest.mark.parametrize(("upload", "parameters"), [(bytes(192), PARAMETERS), (None, b"\x02" + PARAMETERS[1:])])
def test_an_upload_that_cannot_be_a_record_is_refused(upload: bytes | None, parameters: bytes) -> None:
    alice = VaultClient()
    client = opaque_snake.OpaqueClient()
    request, state = client.start_registration("x")
    response = alice.say(EnrolBegin(kind="enrol-begin", request=request.to_bytes()))
    assert isinstance(response, EnrolResponse)
    read = opaque_snake.RegistrationResponse.from_bytes(response.response)
    real = client.finish_registration(read, state, "x").upload.to_bytes()
    message = EnrolUpload(
        kind="enrol-upload",
        exchange=response.exchange,
        upload=upload or real,
        parameters=parameters,
        sealed=alice.slot,
    )
    with pytest.raises(MalformedMessage):
        alice.say(message)
    with pytest.raises(ExchangeGone):
        alice.say(message)
    assert not VaultRecord.objects.exists()


def test_a_proof_that_does_not_hold_says_how_many_guesses_are_left() -> None:
    alice = VaultClient()
    alice.enrol("correct horse")
    begun = alice.begin("correct horse")
    with pytest.raises(WrongPassword) as refused:
        alice.finish(begun.fake())
    assert refused.value.params == {"left": 9}
    with pytest.raises(ExchangeGone):
        alice.finish(begun.prove())
    with pytest.raises(ExchangeGone):
        alice.finish(LoginFinish(kind="login-finish", exchange=uuid4(), ke3=bytes(64)))
    assert alice.state().left == 9


def test_an_account_that_goes_leaves_nothing_behind() -> None:
    alice, bob = VaultClient(), VaultClient()
    first = alice.enrol("correct horse")
    alice.guess_wrong(10)
    second = alice.enrol("again")
    alice.upload("and again")
    bob.enrol("bob's")
    services.drop(alice.account)
    services.drop(alice.account)
    for model in (VaultRecord, GuessBudget, Tombstone):
        assert not model.objects.filter(account=alice.account).exists()
    assert alice.tries(first) is alice.tries(second) is None
    assert bob.login("bob's").left == 10


def test_what_happened_is_told_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    alice = VaultClient()
    with caplog.at_level(logging.INFO, logger="backupweb.security"):
        record = alice.enrol("correct horse")
        alice.login("correct horse")
        with pytest.raises(WrongPassword):
            alice.finish(alice.begin("correct horse").fake())
        alice.remove(record)
    told = [line.event for line in caplog.records if line.name == "backupweb.security"]  # type: ignore[attr-defined]
    assert [(event["event"], event["left"]) for event in told] == [
        ("vault-enrolled", 10),
        ("vault-guess", 9),
        ("vault-opened", 10),
        ("vault-guess", 9),
        ("vault-wrong-password", 9),
        ("vault-removed", 10),
    ]
    assert {event["account"] for event in told} == {alice.account.hex}
    assert all(set(event) == {"event", "account", "left"} for event in told)
    assert "horse" not in caplog.text
