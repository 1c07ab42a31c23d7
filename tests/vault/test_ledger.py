"""The ledger: keys and tries for every thread and process, on a file that forgets what is destroyed."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.management import call_command

from backupweb.lib.secret import SecretBytes
from backupweb.vault.kek import FileKeks
from backupweb.vault.ledger import Ledger, ledger
from tests.vault.processes import cut_at, in_threads, start

pytestmark = pytest.mark.django_db(databases=["vault", "default"], transaction=True)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ALICE, BOB = uuid4(), uuid4()


def kept(account: UUID) -> tuple[UUID, SecretBytes]:
    """A record in use."""
    record = uuid4()
    key = ledger().add(account=account, record=record, at=NOW)
    ledger().settle(account=account, record=record)
    return record, key


def folder() -> Path:
    return Path(settings.BACKUPWEB_VAULT_KEYS)


def test_a_key_comes_back_ten_times_and_then_never() -> None:
    record, key = kept(ALICE)
    spent = [ledger().spend(account=ALICE, record=record, pending=False) for _ in range(12)]
    assert [one and one.left for one in spent] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, None, None]
    assert all(one.key == key for one in spent if one)
    assert ledger().left(account=ALICE, record=record) == 0
    ledger().restore(record)
    assert ledger().spend(account=ALICE, record=record, pending=False) is None


def test_the_last_try_moves_the_kek_for_everybody() -> None:
    record, _ = kept(ALICE)
    other, key = kept(BOB)
    before = FileKeks(folder()).epochs()
    for _ in range(10):
        ledger().spend(account=ALICE, record=record, pending=False)
    after = FileKeks(folder()).epochs()
    assert len(after) == 1
    assert not before & after
    found = ledger().spend(account=BOB, record=other, pending=False)
    assert found is not None
    assert (found.key, found.left) == (key, 9)


def test_a_key_is_nobody_else_s() -> None:
    record, _ = kept(ALICE)
    assert ledger().spend(account=BOB, record=record, pending=False) is None
    assert ledger().left(account=BOB, record=record) is None
    assert ledger().left(account=ALICE, record=record) == 10


def test_tries_are_taken_over_from_the_record_that_is_replaced() -> None:
    old, _ = kept(ALICE)
    for _ in range(4):
        ledger().spend(account=ALICE, record=old, pending=False)
    new, _ = kept(ALICE)
    assert ledger().left(account=ALICE, record=old) is None
    assert ledger().left(account=ALICE, record=new) == 6
    ledger().settle(account=ALICE, record=new)
    assert ledger().left(account=ALICE, record=new) == 6


def test_a_pending_key_has_three_tries_and_is_no_record_in_use() -> None:
    record = uuid4()
    ledger().add(account=ALICE, record=record, at=NOW)
    ledger().restore(record)
    spent = [ledger().spend(account=ALICE, record=record, pending=True) for _ in range(4)]
    assert [one and one.left for one in spent] == [2, 1, 0, None]


def test_rotation_keeps_every_key_and_destroys_the_old_kek() -> None:
    keys = dict(kept(uuid4()) for _ in range(3))
    for number in (2, 3, 4):
        said = StringIO()
        call_command("rotate_vault_key", stdout=said)
        assert said.getvalue() == f"epoch={number}\n"
        assert FileKeks(folder()).epochs() == {number}
    with ledger()._transaction() as book:
        rows = book.execute("SELECT record, account FROM record_key").fetchall()
    for record, account in rows:
        found = ledger().spend(account=UUID(bytes=account), record=UUID(bytes=record), pending=False)
        assert found is not None
        assert found.key == keys[UUID(bytes=record)]


def test_no_epoch_is_used_twice_even_when_every_kek_was_lost() -> None:
    record, _ = kept(ALICE)
    (epoch,) = FileKeks(folder()).epochs()
    FileKeks(folder()).destroy(epoch)
    assert ledger().left(account=ALICE, record=record) is None
    kept(BOB)
    assert FileKeks(folder()).epochs() == {epoch + 1}
    assert ledger().spend(account=ALICE, record=record, pending=False) is None


@pytest.mark.parametrize("work", ["rotate", "erase"])
def test_a_move_that_is_cut_off_loses_no_key_and_leaves_no_old_kek(work: str) -> None:
    step = 0
    killed = True
    while killed:
        step += 1
        record, _ = kept(ALICE)
        other, key = kept(BOB)

        def move(_: object, record: UUID = record) -> None:
            if work == "rotate":
                ledger().rotate()
            else:
                ledger().erase({record})

        killed = cut_at(step, move).killed
        found = ledger().spend(account=BOB, record=other, pending=False)
        assert found is not None
        assert found.key == key
        ledger().sweep()
        with ledger()._transaction() as book:
            referred = {row[0] for row in book.execute("SELECT DISTINCT epoch FROM record_key")}
        epochs = FileKeks(folder()).epochs()
        assert epochs == referred | {max(epochs)}
        ledger().forget(ALICE)
        ledger().forget(BOB)
        assert len(FileKeks(folder()).epochs()) == 1
    assert step > 6


def test_a_process_that_dies_in_the_middle_of_a_try_leaves_the_ledger_usable() -> None:
    record, _ = kept(ALICE)

    def spend(_: object) -> None:
        ledger().spend(account=ALICE, record=record, pending=False)

    step = 1
    while cut_at(step, spend).killed:
        # Before the transaction, before its commit, after it.
        assert ledger().left(account=ALICE, record=record) == (9 if step == 3 else 10)
        ledger().restore(record)
        step += 1
    assert step == 4


def test_threads_and_processes_share_one_count() -> None:
    record, _ = kept(ALICE)

    def work(mark: object) -> None:
        assert callable(mark)
        for one in in_threads(20, lambda: ledger().spend(account=ALICE, record=record, pending=False), at_once=5):
            if one is not None:
                mark()

    children = [start(work) for _ in range(4)]
    assert sum(child.wait().marks for child in children) == 10


def test_the_folder_is_its_owner_s_alone() -> None:
    kept(ALICE)
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700
    for file in folder().iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_the_file_is_flushed_at_every_commit_and_overwrites_what_is_freed() -> None:
    kept(ALICE)
    with Ledger(folder())._connection() as book:
        names = ("journal_mode", "synchronous", "secure_delete")
        told = [book.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    assert told == ["wal", 2, 1]
