"""The admin sees who has a password and how many guesses are left; never a byte of it, and never a way to change it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin

from backupweb.vault import services
from backupweb.vault.messages import read_message
from backupweb.vault.models import GuessBudget, Tombstone, VaultRecord
from tests.people import Person
from tests.vault.device import by_http, carry, enrol, first_message

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def chef(settings: Any) -> Person:
    settings.SEVERAL_PROCESSES = False
    person = Person.named("chef")
    person.account.is_staff = person.account.is_superuser = True
    person.account.save()
    return person


def test_records_budgets_and_tombstones_are_shown_and_nothing_of_their_content(
    alice: Person, bob: Person, chef: Person
) -> None:
    carry(enrol(), by_http(alice))
    carry(enrol(), by_http(bob))
    for _ in range(10):
        services.answer(bob.account.pk, read_message.validate_python(first_message()))
    record = VaultRecord.objects.get(account=alice.account.pk)
    sealed = bytes(record.sealed)
    assert len(sealed) > 100
    for model, key in (
        (VaultRecord, record.pk),
        (GuessBudget, alice.account.pk),
        (Tombstone, Tombstone.objects.get(account=bob.account.pk).pk),
    ):
        address = f"/admin/vault/{model._meta.model_name}/"
        page = chef.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert ("bob" if model is Tombstone else "alice") in text
        assert not re.search(r"(field|column)-(sealed|parameters|record)", text)
        assert sealed[:12].hex() not in text
        assert repr(sealed[:12])[2:-1] not in text
        assert record.pk.hex not in text
        assert str(record.pk) not in text
        # The list says everything that may be said.
        assert chef.get(f"{address}{key}/change/").status_code == 404
        assert chef.get(f"{address}add/").status_code == 404
        assert chef.client.post(f"{address}{key}/delete/", {"post": "yes"}).status_code == 403
        assert alice.get(address).status_code == 302


def test_no_column_with_content_is_listed() -> None:
    for model in (VaultRecord, GuessBudget, Tombstone):
        shown = admin.site._registry[model]
        assert not {"sealed", "parameters", "record"} & {*map(str, shown.list_display), *map(str, shown.fields or ())}
