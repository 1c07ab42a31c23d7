"""Older databases and older ledgers, put back: none gives a guess back, none brings a destroyed record back."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import override_settings

from backupweb.vault import services
from backupweb.vault.errors import NoRecord, VaultErased, VaultUnavailable
from backupweb.vault.ledger import Ledger, Standing
from backupweb.vault.models import GuessBudget, KnownLedger, RecordState, VaultRecord
from tests.vault.client import VaultClient
from tests.vault.stores import DatabaseFile, Dump, LedgerFile
from tests.vault.test_guesses import everything_is_in_order, guesses_until_refused, ke2_is_given

pytestmark = pytest.mark.django_db(databases=["vault", "default"], transaction=True)


def enrolled(password: str = "correct horse") -> VaultClient:
    client = VaultClient()
    client.enrol(password)
    return client


def test_a_dump_from_before_the_guesses_gives_none_back() -> None:
    alice = enrolled()
    dump = Dump()
    alice.guess_wrong(7)
    dump.restore()
    assert alice.state().left == 3
    assert alice.begin("wrong").answer.left == 2
    dump.restore()
    assert guesses_until_refused(alice) == 2


def test_a_dump_from_before_the_erasure_brings_nothing_back() -> None:
    alice, bob = enrolled(), enrolled("bob's")
    dump = Dump()
    alice.guess_wrong(10)
    for _ in range(2):
        dump.restore()
        with pytest.raises(VaultErased) as refused:
            alice.begin("correct horse")
        assert refused.value.params == {"guesses": 10}
        assert not VaultRecord.objects.filter(account=alice.account).exists()
        found = alice.state()
        assert (found.left, found.record) == (0, None)
    assert bob.login("bob's").sealed == bob.slot
    everything_is_in_order()


def test_the_state_meets_a_restored_record_as_erased_too() -> None:
    alice = enrolled()
    dump = Dump()
    alice.guess_wrong(10)
    dump.restore()
    found = alice.state()
    assert (found.record, found.left) == (None, 0)
    assert found.tombstone is not None
    assert not VaultRecord.objects.exists()


def test_a_dump_restored_after_every_guess_still_ends_at_ten() -> None:
    alice = enrolled()
    dump = Dump()
    given = 0
    for _ in range(20):
        given += ke2_is_given(alice)
        dump.restore()
    assert given == 10


def test_an_old_row_of_a_replaced_record_does_not_come_back() -> None:
    alice = enrolled("the old one")
    dump = Dump()
    alice.enrol("the new one")
    dump.restore(VaultRecord)
    with pytest.raises(VaultErased) as refused:
        alice.begin("the old one")
    assert refused.value.params == {"guesses": 0}
    assert not VaultRecord.objects.exists()


def test_an_old_row_beside_a_removed_record_does_not_come_back() -> None:
    alice = enrolled()
    record = VaultRecord.objects.get().record
    dump = Dump()
    alice.remove(record)
    dump.restore(VaultRecord)
    with pytest.raises(VaultErased):
        alice.begin("correct horse")
    assert not VaultRecord.objects.exists()


def test_an_old_budget_alone_gives_no_guess_back() -> None:
    alice = enrolled()
    dump = Dump()
    alice.guess_wrong(6)
    dump.restore(GuessBudget)
    assert guesses_until_refused(alice) == 4


def test_another_s_row_in_one_s_own_place_does_not_open() -> None:
    """Somebody who writes into the database gives alice's record to an account of their own."""
    alice, mallory = enrolled("alice's"), enrolled("mallory's")
    VaultRecord.objects.filter(account=mallory.account).delete()
    VaultRecord.objects.filter(account=alice.account).update(account=mallory.account)
    with pytest.raises(VaultErased):
        mallory.begin("alice's")
    row = VaultRecord.objects.filter(account=mallory.account)
    assert not row.exists()


def test_a_pending_record_that_was_restored_mints_no_tries() -> None:
    alice = VaultClient()
    record = alice.upload("correct horse").record
    dump = Dump()
    given = 0
    for _ in range(8):
        try:
            alice.begin("wrong", record)
            given += 1
        except NoRecord:
            pass
        dump.restore()
    assert given == 3


def test_an_old_ledger_alone_gives_no_guess_back(tmp_path: Path) -> None:
    alice = enrolled()
    old = LedgerFile(tmp_path / "old-ledger")
    alice.guess_wrong(7)
    old.restore()
    assert alice.state().left == 3
    given = 0
    for _ in range(6):
        given += ke2_is_given(alice)
        old.restore()
    assert given == 3
    assert alice.state().tombstone is not None


def test_the_last_guess_by_the_database_s_count_destroys_the_key_in_an_old_ledger(tmp_path: Path) -> None:
    alice = enrolled()
    record = VaultRecord.objects.get().record
    old = LedgerFile(tmp_path / "old-ledger")
    alice.guess_wrong(9)
    old.restore()
    begun = alice.begin("correct horse")
    assert begun.answer.left == 0
    assert alice.tries(record) is None
    assert not VaultRecord.objects.exists()
    assert alice.finish(begun.prove()).erased


def test_an_old_ledger_alone_brings_no_destroyed_key_back(tmp_path: Path) -> None:
    alice = enrolled()
    old, dump = LedgerFile(tmp_path / "old-ledger"), Dump()
    alice.guess_wrong(10)
    old.restore()
    with pytest.raises(VaultErased):
        alice.begin("correct horse")
    # Not even with the database of that day: the KEK that wrapped the key is destroyed.
    old.restore()
    dump.restore()
    with pytest.raises(VaultErased):
        alice.begin("correct horse")
    assert not VaultRecord.objects.exists()


def test_an_old_ledger_from_before_another_s_erasure_opens_nobody_s_record(tmp_path: Path) -> None:
    alice, bob = enrolled(), enrolled("bob's")
    old = LedgerFile(tmp_path / "old-ledger")
    alice.guess_wrong(10)
    old.restore()
    with pytest.raises(VaultErased):
        bob.begin("bob's")
    bob.enrol("bob's")
    assert bob.login("bob's").left == 10
    everything_is_in_order()


def test_a_key_folder_that_is_not_there_is_not_a_lost_one() -> None:
    """A folder that is not mounted is an empty one: nothing is erased, and what comes back opens as before."""
    alice = enrolled()
    folder = Path(settings.BACKUPWEB_VAULT_KEYS)
    elsewhere = folder.rename(folder.with_name("unmounted"))
    folder.mkdir()
    for _ in range(2):
        with pytest.raises(VaultUnavailable):
            alice.begin("correct horse")
        with pytest.raises(VaultUnavailable):
            services.tidy()
        assert services.ledger_standing() is Standing.NOT_THERE
    assert list(folder.iterdir()) == []
    folder.rmdir()
    elsewhere.rename(folder)
    assert alice.login("correct horse").left == 10


def test_another_vault_s_key_folder_is_not_a_lost_one(tmp_path: Path) -> None:
    alice = enrolled()
    folder = Path(settings.BACKUPWEB_VAULT_KEYS)
    with override_settings(BACKUPWEB_VAULT_KEYS=tmp_path / "another"):
        (tmp_path / "another").mkdir()
        shutil.copytree(folder, tmp_path / "ours")
        other = Ledger(tmp_path / "another")
        other._make_book()
        with pytest.raises(VaultUnavailable):
            alice.begin("correct horse")
        assert services.ledger_standing() is Standing.ANOTHER
    assert alice.login("correct horse").left == 10


def test_a_dump_from_before_ledgers_were_known_takes_the_one_with_keys_and_no_empty_one() -> None:
    alice = enrolled()
    KnownLedger.objects.all().delete()
    assert alice.login("correct horse").left == 10
    assert services.ledger_standing() is Standing.OURS
    KnownLedger.objects.all().delete()
    folder = Path(settings.BACKUPWEB_VAULT_KEYS)
    elsewhere = folder.rename(folder.with_name("unmounted"))
    assert services.ledger_standing() is Standing.NOT_THERE
    elsewhere.rename(folder)
    assert services.ledger_standing() is Standing.OURS


def test_a_lost_key_folder_is_met_as_erased_once_somebody_says_so() -> None:
    alice = enrolled()
    shutil.rmtree(settings.BACKUPWEB_VAULT_KEYS)
    with pytest.raises(CommandError, match="only not mounted"):
        call_command("vault_new_ledger")
    with pytest.raises(VaultUnavailable):
        alice.begin("correct horse")
    call_command("vault_new_ledger", "--yes", stdout=StringIO())
    with pytest.raises(VaultErased) as refused:
        alice.begin("correct horse")
    assert refused.value.params == {"guesses": 0}
    alice.enrol("another one")
    assert alice.login("another one").left == 10


def test_a_whole_database_file_from_before_brings_nothing_back(tmp_path: Path) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("a file there is only with SQLite; dumps are tried with every database")
    alice, bob = enrolled(), enrolled("bob's")
    alice.guess_wrong(3)
    file = DatabaseFile(tmp_path / "old.sqlite3")
    alice.guess_wrong(2)
    file.restore()
    assert alice.state().left == 5
    assert guesses_until_refused(alice) == 5
    file.restore()
    assert VaultRecord.objects.filter(account=alice.account, state=RecordState.IN_USE).exists()
    with pytest.raises(VaultErased):
        alice.begin("correct horse")
    assert bob.login("bob's").left == 10


def test_restoring_and_tidying_leaves_both_stores_in_order() -> None:
    alice, bob = enrolled(), enrolled("bob's")
    dump = Dump()
    alice.guess_wrong(10)
    bob.upload("bob's next")
    dump.restore()
    services.tidy()
    alice.state()
    everything_is_in_order()
    assert bob.login("bob's").left == 10
    assert bob.tries(VaultRecord.objects.get().record) == 10
