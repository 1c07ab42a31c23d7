"""A person gets everything that the server has about them, and nothing of anybody else's; no table can be forgotten."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db.models import Model, UUIDField
from django.test import Client

from backupweb.accounts.models import Account
from backupweb.backups.models import SealedObject
from backupweb.keyring.models import Slot
from backupweb.lib import objectstore
from backupweb.lib.wire import read_bytes
from backupweb.ops import exporting
from backupweb.ops.exporting import NO_PART, PARTS, export
from backupweb.ops.models import SecurityEvent
from tests.ops.everything import leave_traces
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@pytest.fixture(autouse=True)
def one_process(settings: Any) -> None:
    settings.SEVERAL_PROCESSES = False  # passwords are set without a socket here


ADDRESS = "/accounts/data/backupweb-data.zip"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "account-export.md").read_text()


def download(person: Person, body: bytes = b"") -> dict[str, Any]:
    form = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    answer = asyncio.run(person.ask("POST", ADDRESS, [body], **form))
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    archive = zipfile.ZipFile(io.BytesIO(answer.body))
    assert archive.testzip() is None
    return {
        name: json.loads(archive.read(name)) if name.endswith(".json") else archive.read(name)
        for name in archive.namelist()
    }


def leads_to_accounts() -> set[type[Model]]:
    """Every model with a way to an account: by foreign keys, however many, or by an account's bare number."""
    models = apps.get_models(include_auto_created=True)
    found: set[type[Model]] = {Account}
    while True:
        more = {
            model
            for model in models
            for field in model._meta.concrete_fields
            if field.related_model in found or (field.name == "account" and isinstance(field, UUIDField))
        } - found
        if not more:
            return found
        found |= more


def test_no_table_is_forgotten() -> None:
    there = {model._meta.label for model in leads_to_accounts()}
    assert there == {part.table._meta.label for part in PARTS} | set(NO_PART)
    assert len({part.file for part in PARTS}) == len(PARTS)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.file)
def test_no_column_is_forgotten(part: exporting.Part) -> None:
    told = {way.split(".")[0].removesuffix("_id") for way in part.columns.values()}
    told |= {way.split(".")[0] for way in part.columns.values()}
    columns = {field.name for field in part.table._meta.concrete_fields}
    assert columns <= told | set(part.left_out)
    assert set(part.left_out) <= columns - told


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.file)
def test_each_file_and_name_is_explained(part: exporting.Part) -> None:
    (row,) = (line for line in DOCUMENT.splitlines() if line.startswith(f"| `{part.file}.json` |"))
    assert set(part.columns) == {name for name in re.findall(r"`(\w+)`", row.split("|")[3]) if name in part.columns}


def test_everything_is_in_it_but_what_would_let_others_act(alice: Person, bob: Person) -> None:
    leave_traces(alice, bob)
    told = download(alice)
    assert {f"{part.file}.json" for part in PARTS} | {"README.txt", "password.json"} == set(told)
    for part in PARTS:
        assert len(told[f"{part.file}.json"]) == part.rows(alice.account).count() > 0, part.file
    assert told["account.json"][0]["username"] == "alice"
    assert told["password.json"]["record"] is not None
    (slot,) = told["keyring-slots.json"]
    assert read_bytes(slot["sealed"]) == bytes(Slot.objects.get().sealed)
    (passkey,) = (one for one in told["sign-in.json"] if one["type"] == "webauthn")
    assert passkey["name"] == "Laptop"
    everything = json.dumps(told, default=str)
    secrets = [alice.account.password, *UserSession.objects.values_list("session_key", flat=True)]
    secrets += [data["seed"] for data in Authenticator.objects.values_list("data", flat=True) if "seed" in data]
    assert len(secrets) >= 3
    for secret in secrets:
        assert secret not in everything
    assert "bob" not in everything
    assert SecurityEvent.objects.filter(account=alice.account, kind="exported").exists()


def test_sealed_objects_come_along_when_asked_for(alice: Person, bob: Person) -> None:
    things = [Thing.make(), Thing.make("snapshot", 70_000), Thing.make(size=2_500_000)]
    alice.store(*things)
    bob.store(Thing.make())
    lost = SealedObject.objects.get(object_id=things[0].id)
    objectstore.open_store().delete(lost.store_name)
    told = download(alice, b"objects=on")
    assert told["missing.json"] == [things[0].id]
    assert {name for name in told if name.startswith("objects/")} == {f"objects/{one.id}" for one in things[1:]}
    for row in told["objects.json"]:
        if row["id"] not in told["missing.json"]:
            content = told[f"objects/{row['id']}"]
            assert (len(content), hashlib.sha256(content).hexdigest()) == (row["size"], row["sha256"])


def test_memory_stays_flat(alice: Person) -> None:
    alice.store(*(Thing.make(size=8 * 2**20) for _ in range(4)))
    tracemalloc.start()
    sent = sum(len(block) for block in export(alice.account, objects=True))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 32 * 2**20
    assert peak < 8 * 2**20


def test_more_rows_than_one_page_are_all_told(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.begin(*(Thing.make() for _ in range(9)))
    (part,) = (part for part in PARTS if part.file == "objects")
    for at_once in (1, 2, 3, 9, 500):
        smaller = exporting.Part(**{**vars(part), "at_once": at_once})
        monkeypatch.setattr(exporting, "PARTS", (smaller,))
        assert len(download(alice)["objects.json"]) == 9


def test_it_is_for_the_person_alone_and_not_for_ever(alice: Person, charlie: Client) -> None:
    assert alice.get(ADDRESS).status_code == 405
    assert alice.client.post(ADDRESS).status_code == 403
    assert charlie.post(ADDRESS).status_code == 403
    form = {"csrfmiddlewaretoken": alice.token}
    statuses = [asyncio.run(alice.ask("POST", ADDRESS, [b""])).status for _ in range(7)]
    assert statuses == [200] * 6 + [429]
    assert alice.client.post(ADDRESS, form).status_code == 429


def test_reminders_are_switched_off_and_on(alice: Person) -> None:
    for form, wanted in (({}, False), ({"wanted": "on"}, True)):
        alice.client.post("/accounts/data/reminders/", {"csrfmiddlewaretoken": alice.token, **form})
        alice.account.refresh_from_db()
        assert alice.account.backup_reminders == wanted
    assert "Your data" in alice.get("/accounts/data/").content.decode()
