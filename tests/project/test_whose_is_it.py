"""Alice's things are not there when Bob asks for them, and not shown to Charlie, who is not signed in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from django.test import Client

from backupweb.api import api
from backupweb.backups.models import SealedObject, Snapshot
from tests.keyring.slots import added_slot_body, key_change_body, keyring_body
from tests.people import Person, Thing, head
from tests.raw import ask
from tests.vault.device import by_http, carry, enrol, first_message

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def hers(alice: Person) -> dict[str, str]:
    """Ids of everything Alice owns."""
    snapshot, pack, loose = Thing.make("snapshot"), Thing.make(), Thing.make()
    alice.store(snapshot, pack, loose)
    alice.commit(1, head("hers"), [(snapshot, [pack])])
    body = keyring_body()
    alice.post("/api/keyring", body)
    return {"snapshot": snapshot.id, "pack": pack.id, "loose": loose.id, "slot": body["slots"][0]["id"]}


def test_reading_objects(bob: Person, hers: dict[str, str]) -> None:
    for name in ("snapshot", "pack", "loose"):
        for method in ("GET", "HEAD", "PUT"):
            answer = asyncio.run(bob.ask(method, f"/objects/{hers[name]}", [bytes(4096)]))
            assert answer.status == 404, (method, name)
    assert bob.get("/api/objects").json() == {"objects": []}


def test_finishing_and_giving_up(alice: Person, bob: Person, hers: dict[str, str]) -> None:
    ids = {"ids": [hers["snapshot"], hers["pack"], hers["loose"]]}
    assert bob.post("/api/objects/finish", ids).json() == {"objects": []}
    assert bob.post("/api/abandon", ids).json() == {"abandoned": 0}
    assert alice.room == (3 * 4096, 0)


def test_announcing_the_same_ids_takes_nothing_and_blocks_nothing(
    alice: Person, bob: Person, hers: dict[str, str]
) -> None:
    his = Thing(hers["pack"], "pack", bytes(5000))
    bob.store(his)
    assert bob.fetch(his).body == bytes(5000)
    assert asyncio.run(alice.ask("GET", f"/objects/{hers['pack']}")).body != bytes(5000)
    assert len(set(SealedObject.objects.values_list("store_name", flat=True))) == 4


def test_committing_with_what_is_hers(bob: Person, hers: dict[str, str]) -> None:
    assert bob.get("/api/head").status_code == 404
    assert bob.get("/api/heads/1").status_code == 404
    own = Thing.make("snapshot")
    bob.store(own)
    needed = Thing(hers["pack"], "pack", b"")
    assert bob.commit(1, head(), [(own, [needed])]).json()["error"]["code"] == "backups.not_stored"
    assert bob.commit(1, head(), [(Thing(hers["snapshot"], "snapshot", b""), [])]).status_code == 409
    assert bob.commit(1, head(), remove=[Thing(hers["snapshot"], "snapshot", b"")]).status_code == 201
    assert Snapshot.objects.count() == 1


def test_the_keyring(bob: Person, hers: dict[str, str]) -> None:
    assert bob.get("/api/keyring").json()["error"]["code"] == "keyring.none"
    assert bob.delete(f"/api/keyring/slots/{hers['slot']}").status_code == 404
    bob.post("/api/keyring", keyring_body())
    assert bob.delete(f"/api/keyring/slots/{hers['slot']}").status_code == 404


def test_the_vault(alice: Person, bob: Person, settings: Any) -> None:
    settings.SEVERAL_PROCESSES = False
    hers, his = by_http(alice), by_http(bob)
    record = carry(enrol(), hers)
    begun = hers(first_message())
    assert his({"kind": "state"})["record"] is None
    for message in (first_message(), first_message(record), {"kind": "remove", "record": record}):
        assert his(message)["error"]["code"] == "vault.no_record"
    finish = {"kind": "login-finish", "exchange": begun["exchange"], "ke3": "A" * 86}
    assert his(finish)["error"]["code"] == "vault.exchange_gone"
    assert hers({"kind": "state"})["left"] == 9


def test_charlie_is_asked_to_sign_in_everywhere(charlie: Client, hers: dict[str, str]) -> None:
    asked = 0
    bodies: dict[str, object] = {
        "/api/objects/begin": {"objects": [Thing.make().announcement]},
        "/api/objects/finish": {"ids": [hers["pack"]]},
        "/api/abandon": {"ids": [hers["pack"]]},
        "/api/commit": {"sequence": 2, "sealed": "", "add": [], "remove": []},
        "/api/keyring": keyring_body(),
        "/api/keyring/slots": added_slot_body(),
        "/api/keyring/change": key_change_body(keyring_body(), 2),
        "/api/account": {"language": "de"},
    }
    for path, operations in api.get_openapi_schema()["paths"].items():
        address = path.replace("{slot}", hers["slot"]).replace("{sequence}", "1")
        for method in operations:
            body = json.dumps(bodies.get(address, {}))
            answer = charlie.generic(method.upper(), address, body, "application/json")
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "http.not_signed_in"), address
            asked += 1
    assert asked >= 23
    for method in ("GET", "HEAD", "PUT"):
        assert asyncio.run(ask(method, f"/objects/{hers['pack']}", [b"x"], {})).status == 401


def test_staff_see_no_more_than_others(bob: Person, hers: dict[str, str]) -> None:
    bob.account.is_staff = bob.account.is_superuser = True
    bob.account.save()
    assert bob.get("/api/head").status_code == 404
    assert asyncio.run(bob.ask("GET", f"/objects/{hers['pack']}")).status == 404
