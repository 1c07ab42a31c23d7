"""A keyring is made once, never overwritten, and never left without a slot."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from backupweb.keyring.models import Slot
from backupweb.ops.models import SecurityEvent
from tests.accounts.test_events import Socket
from tests.keyring.slots import added_slot_body, keyring_body, slot_body
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def test_what_was_sent_comes_back(alice: Person) -> None:
    assert code(alice.get("/api/keyring")) == "keyring.none"
    body = keyring_body(2)
    assert alice.post("/api/keyring", body).status_code == 201
    kept = alice.get("/api/keyring").json()
    for slot in kept["slots"]:
        assert slot.pop("created").endswith("Z")
    assert kept == body


def test_the_same_again_is_harmless_another_one_is_refused(alice: Person) -> None:
    body = keyring_body()
    alice.post("/api/keyring", body)
    assert alice.post("/api/keyring", body).status_code == 200
    assert code(alice.post("/api/keyring", keyring_body())) == "keyring.exists"
    other = body | {"slots": [slot_body()]}
    assert code(alice.post("/api/keyring", other)) == "keyring.exists"
    assert Slot.objects.count() == 1


def test_the_same_again_after_another_slot_was_added_is_harmless(alice: Person) -> None:
    body = keyring_body()
    alice.post("/api/keyring", body)
    alice.post("/api/keyring/slots", added_slot_body(3))
    answer = alice.post("/api/keyring", body)
    assert (answer.status_code, len(answer.json()["slots"])) == (200, 2)


def test_slots_come_and_go_but_for_the_last(alice: Person) -> None:
    body, second = keyring_body(), added_slot_body(3)
    assert code(alice.post("/api/keyring/slots", second)) == "keyring.none"
    alice.post("/api/keyring", body)
    assert alice.post("/api/keyring/slots", second).status_code == 201
    assert alice.post("/api/keyring/slots", second).status_code == 200
    assert code(alice.post("/api/keyring/slots", added_slot_body() | {"id": second["id"]})) == "keyring.slot_differs"
    first = f"/api/keyring/slots/{body['slots'][0]['id']}"
    assert [slot["id"] for slot in alice.delete(first).json()["slots"]] == [second["id"]]
    assert code(alice.delete(first)) == "keyring.no_such_slot"
    assert code(alice.delete(f"/api/keyring/slots/{second['id']}")) == "keyring.last_slot"


def test_every_change_is_written_down_by_its_way(alice: Person) -> None:
    body, passkey = keyring_body(), added_slot_body(3)
    alice.post("/api/keyring", body)
    alice.post("/api/keyring", body)
    alice.post("/api/keyring/slots", passkey)
    alice.post("/api/keyring/slots", passkey)
    alice.delete(f"/api/keyring/slots/{passkey['id']}")
    alice.delete(f"/api/keyring/slots/{body['slots'][0]['id']}")  # the last: refused
    events = SecurityEvent.objects.filter(account=alice.account, kind__startswith="way-").order_by("pk")
    assert list(events.values_list("kind", "detail")) == [
        ("way-added", "recovery-code"),
        ("way-added", "passkey"),
        ("way-removed", "passkey"),
    ]


async def test_open_pages_hear_of_every_change_and_of_nothing_else(alice: Person, bob: Person) -> None:
    body, passkey = keyring_body(), added_slot_body(3)
    await sync_to_async(alice.post)("/api/keyring", body)
    hers, his = Socket(alice), Socket(bob)
    await hers.connect()
    await his.connect()
    for times in range(2):
        await sync_to_async(alice.post)("/api/keyring/slots", passkey)
        if times == 0:
            assert await hers.hears() == {"kind": "ways"}
        assert await hers.receive_nothing()
    await sync_to_async(alice.delete)(f"/api/keyring/slots/{passkey['id']}")
    assert await hers.hears() == {"kind": "ways"}
    assert await his.receive_nothing()
    await hers.leave()
    await his.leave()


def test_two_devices_that_remove_the_last_two_slots_leave_one(alice: Person) -> None:
    body = keyring_body(2)
    alice.post("/api/keyring", body)

    def device(slot: str) -> None:
        try:
            alice.delete(f"/api/keyring/slots/{slot}")
        finally:
            connection.close()

    threads = [threading.Thread(target=device, args=(slot["id"],)) for slot in body["slots"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Slot.objects.count() == 1


def test_there_is_an_end_to_slots(alice: Person) -> None:
    alice.post("/api/keyring", keyring_body(32))
    assert code(alice.post("/api/keyring/slots", added_slot_body())) == "keyring.too_many_slots"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": 4},
        {"kind": 0},
        {"kind": 2},  # the vault keeps those
        {"sealed": "AAAA"},
        {"sealed": "A" * 81 + "="},
        {"sealed": "A" * 81 + "B"},
        {"label": "x" * 101},
        {"parameters": "+/"},
        {"root": "00"},
    ],
)
def test_a_malformed_slot_is_refused(alice: Person, wrong: dict[str, object]) -> None:
    answer = alice.post("/api/keyring", keyring_body() | {"slots": [slot_body() | wrong]})
    assert (answer.status_code, code(answer)) == (422, "http.malformed")


def test_a_slot_that_stands_twice_is_refused(alice: Person) -> None:
    slot = slot_body()
    assert alice.post("/api/keyring", keyring_body() | {"slots": [slot, slot]}).status_code == 422
    assert alice.post("/api/keyring", keyring_body() | {"slots": []}).status_code == 422
