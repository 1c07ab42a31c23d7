"""Who is gone is gone from the vault too; and a run against the wrong database erases nobody's password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backupweb.accounts.models import Account
from backupweb.ops.collection import collect
from backupweb.ops.forgotten import drop_forgotten
from backupweb.vault import selectors
from backupweb.vault.ledger import ledger
from backupweb.vault.models import GuessBudget, Tombstone, VaultRecord
from tests.people import Person
from tests.vault.device import by_http, carry, enrol, log_in

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def one_process(settings: Any) -> None:
    settings.SEVERAL_PROCESSES = False


def test_a_collection_drops_what_the_vault_keeps_of_a_deleted_account(alice: Person, bob: Person) -> None:
    carry(enrol(), by_http(alice))
    record = VaultRecord.objects.get().pk
    carry(enrol(), by_http(bob))
    gone = alice.account.pk
    alice.account.delete()
    assert collect(grace=timedelta(hours=1), dry_run=True).forgotten_accounts == 1
    assert VaultRecord.objects.filter(account=gone).exists()
    assert collect(grace=timedelta(hours=1), dry_run=False).forgotten_accounts == 1
    for model in (VaultRecord, GuessBudget, Tombstone):
        assert not model.objects.filter(account=gone).exists()
    assert ledger().left(account=gone, record=record) is None
    assert collect(grace=timedelta(hours=1), dry_run=False).forgotten_accounts == 0
    assert carry(log_in(), by_http(bob)) is not None


def test_an_empty_database_is_not_taken_for_deleted_accounts(alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        carry(enrol(), by_http(person))
    Account.objects.all().delete()
    assert drop_forgotten(dry_run=False) == 0
    assert VaultRecord.objects.count() == 2


def test_more_accounts_than_one_page_are_all_looked_at(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [alice, *(Person.named(f"person-{number}") for number in range(6))]
    for person in people:
        carry(enrol(), by_http(person))
    monkeypatch.setattr(selectors, "_PAGE", 2)
    for person in people[:3]:
        person.account.delete()
    assert drop_forgotten(dry_run=False) == 3
    assert set(VaultRecord.objects.values_list("account", flat=True)) == {one.account.pk for one in people[3:]}
