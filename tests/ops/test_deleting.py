"""Who is due goes from every table and from the store, wherever the run is cut off; who is not due stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from backupweb.accounts import leaving
from backupweb.accounts.models import Account
from backupweb.backups import services as backups
from backupweb.backups.errors import NoSuchObject
from backupweb.backups.models import DiscardedName, SealedObject
from backupweb.lib import objectstore
from backupweb.ops.deleting import accounts_delete_due
from backupweb.ops.exporting import NO_PART, PARTS
from backupweb.vault import embedded
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.ledger import ledger
from tests.ops.everything import found_of, leave_traces, tables_of
from tests.people import PASSWORD, Person, Thing, head
from tests.vault.device import by_http, carry, enrol, log_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture(autouse=True)
def one_process(settings: Any) -> None:
    settings.SEVERAL_PROCESSES = False  # passwords are set without a socket here


NOTHING = {"accounts": 0, "sealed_objects": 0, "unfinished": 0}


def plan(person: Person, *, days_ago: float = 0) -> None:
    leaving.deletion_plan(account=person.account, by=person.account)
    Account.objects.filter(pk=person.account.pk).update(delete_after=timezone.now() - timedelta(days=days_ago))


def stored(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "packs").rglob("*") if path.is_file()}


def in_ledger(account: UUID, tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "vault-keys" / "ledger.sqlite3") as book:
        found = book.execute("SELECT count(*) FROM record_key WHERE account = ?", (account.bytes,)).fetchone()
        return int(found[0])


def test_no_row_refers_to_the_account_any_more_and_the_store_has_no_byte(
    alice: Person, bob: Person, tmp_path: Path
) -> None:
    leave_traces(alice, bob)
    account = Account.objects.get(pk=alice.account.pk)
    # The search finds what there is to find: in every table of the export and in every other that leads to accounts.
    everywhere = {part.table._meta.label for part in PARTS} | set(NO_PART) | {"sessions.Session"}
    nothing_to_find = {
        *("accounts.Account_groups", "accounts.Account_user_permissions"),  # never written
        *("backups.SnapshotPart", "pairing.Letter", "account.EmailConfirmation"),  # lead there by another
    }
    assert everywhere - tables_of(account) == nothing_to_find
    for part in PARTS:
        assert part.rows(account).exists(), part.file
    his = Thing.make()
    bob.store(his)
    mail.outbox.clear()
    plan(alice)
    assert accounts_delete_due() == {"accounts": 1, "sealed_objects": 4, "unfinished": 0}
    assert found_of(account) == []
    for part in PARTS:
        assert not part.rows(account).exists(), part.file
    assert in_ledger(account.pk, tmp_path) == 0
    assert stored(tmp_path) == {SealedObject.objects.get().store_name}
    assert bob.fetch(his).body == his.content
    last = mail.outbox[-1]
    assert (last.to, last.subject) == ([account.email], "Backupweb: Your account is deleted")
    assert accounts_delete_due() == NOTHING


def test_who_is_not_due_stays(alice: Person, bob: Person) -> None:
    leaving.deletion_plan(account=alice.account, by=alice.account)
    assert accounts_delete_due() == NOTHING
    assert alice.get("/api/account").status_code == 200


def test_who_calls_it_off_at_the_last_moment_stays(alice: Person) -> None:
    alice.store(Thing.make())
    plan(alice)
    leaving.deletion_cancel(account=alice.account, by=alice.account)
    assert accounts_delete_due() == NOTHING
    assert alice.room == (4096, 0)


def test_the_name_can_be_taken_by_somebody_else_who_finds_nothing(alice: Person) -> None:
    alice.store(Thing.make())
    plan(alice)
    accounts_delete_due()
    answer = Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    again = Person.named("alice")
    assert again.room == (0, 0)
    assert again.get("/api/keyring").status_code == 404


def test_when_store_or_vault_do_not_answer_the_next_run_goes_on(
    alice: Person, bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise VaultUnavailable

    for person in (alice, bob):
        person.store(Thing.make())
        carry(enrol(), by_http(person))
    plan(alice, days_ago=2)
    plan(bob, days_ago=1)
    account = Account.objects.get(pk=alice.account.pk)
    for where, name in ((backups, "discarded_delete"), (embedded, "drop")):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, away)
            assert accounts_delete_due() == {**NOTHING, "unfinished": 2}
        assert alice.get("/api/account").status_code == 401
    assert accounts_delete_due()["accounts"] == 2
    assert found_of(account) == []
    backups.discarded_delete(DiscardedName.objects.values_list("name", flat=True))
    assert stored(tmp_path) == set()


def test_an_upload_that_was_under_way_leaves_nothing_unnoted(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make()
    alice.begin(pack)
    sealed = SealedObject.objects.select_related("account").get()
    spool = objectstore.Spool(objectstore.open_store())
    spool.write(pack.content)
    plan(alice)
    accounts_delete_due()
    with pytest.raises(NoSuchObject):
        backups.object_store(sealed=sealed, arrival=spool)
    assert stored(tmp_path) == set()
    assert DiscardedName.objects.filter(name=sealed.store_name).exists()
    assert not Account.objects.filter(username="alice").exists()


# ---------------------------------------------------------------- cut off anywhere


class KilledError(BaseException):
    """As by SIGKILL: nothing below catches it, and open transactions are lost."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """Lets so many steps pass, then kills: before a statement that writes, before bytes go, before the ledger hears."""
    passed = 0

    def tick() -> None:
        nonlocal passed
        if passed == step:
            raise KilledError
        passed += 1

    def statement(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE", "RELEASE SAVEPOINT")):
            tick()
        return execute(sql, *rest)

    def before(work: Any) -> Any:
        def ticking(*args: Any, **kwargs: Any) -> Any:
            tick()
            return work(*args, **kwargs)

        return ticking

    with monkeypatch.context() as patch:
        patch.setattr(backups, "discarded_delete", before(backups.discarded_delete))
        patch.setattr(embedded, "drop", before(embedded.drop))
        patch.setattr(type(ledger()), "forget", before(type(ledger()).forget))
        with connections["default"].execute_wrapper(statement), connections["vault"].execute_wrapper(statement):
            yield lambda: passed


def test_killed_between_any_two_steps_nothing_is_left_unnoted_and_the_next_run_ends_it(
    bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(enrol(), by_http(bob))
    step, ended = 0, False
    while not ended:
        person = Person.named(f"person-{step}-ends")
        snapshot, pack = Thing.make("snapshot"), Thing.make()
        person.store(snapshot, pack, Thing.make())
        person.commit(1, head(), [(snapshot, [pack])])
        carry(enrol(), by_http(person))
        plan(person)
        account = Account.objects.get(pk=person.account.pk)
        with killed_at(step, monkeypatch) as passed:
            try:
                accounts_delete_due()
            except KilledError:
                pass
            else:
                ended = passed() <= step
        noted = set(SealedObject.objects.values_list("store_name", flat=True))
        noted |= set(DiscardedName.objects.values_list("name", flat=True))
        assert stored(tmp_path) <= noted, step
        if Account.objects.filter(pk=account.pk).exists():
            assert person.room[1] == 0
        accounts_delete_due()
        assert found_of(account) == [], step
        assert in_ledger(account.pk, tmp_path) == 0, step
        backups.discarded_delete(DiscardedName.objects.values_list("name", flat=True))
        assert stored(tmp_path) == set(), step
        DiscardedName.objects.all().delete()
        step += 1
    assert step > 20
    assert carry(log_in(), by_http(bob)) is not None
