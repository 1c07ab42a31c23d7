"""A key changes whole or not at all: keyring and head together, and of two who change it at once, one does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from backupweb.backups.models import Head
from backupweb.keyring.models import Keyring, Slot
from backupweb.lib.wire import read_bytes, write_bytes
from backupweb.ops.models import SecurityEvent
from tests.accounts.test_events import Socket
from tests.keyring.slots import added_slot_body, key_change_body, keyring_body
from tests.people import Person, head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def old(alice: Person) -> dict[str, Any]:
    """A keyring with two slots, and two heads."""
    body = keyring_body(2)
    alice.post("/api/keyring", body)
    alice.commit(1, head("one"))
    alice.commit(2, head("two"))
    return body


def code(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def change(alice: Person, body: dict[str, Any]) -> Any:
    return alice.post("/api/keyring/change", body)


def test_afterwards_nothing_is_left_of_what_was_sealed_under_the_old_key(alice: Person, old: dict[str, Any]) -> None:
    body = key_change_body(old, 3)
    assert change(alice, body).status_code == 201
    kept = alice.get("/api/keyring").json()
    assert (kept["library"], kept["epoch"], kept["check"]) == (old["library"], 2, body["check"])
    assert [slot["id"] for slot in kept["slots"]] == [slot["id"] for slot in body["slots"]]
    assert list(Slot.objects.values_list("slot_id", flat=True).order_by("pk")) == [
        row.slot_id for row in Keyring.objects.get().slots.all()
    ]
    assert read_bytes(alice.get("/api/head").json()["sealed"]) == read_bytes(body["sealed"])
    assert list(Head.objects.values_list("sequence", flat=True)) == [3]
    assert code(alice.get("/api/heads/2")) == "backups.no_head"
    assert alice.commit(4, head("four")).status_code == 201


def test_the_same_change_again_is_confirmed_not_repeated(alice: Person, old: dict[str, Any]) -> None:
    body = key_change_body(old, 3)
    assert [change(alice, body).status_code for _ in range(2)] == [201, 200]
    alice.commit(4, head("four"))
    alice.post("/api/keyring/slots", added_slot_body(3, epoch=2))
    assert change(alice, body).status_code == 200
    assert (Head.objects.count(), Slot.objects.count()) == (2, 2)
    assert SecurityEvent.objects.filter(kind="key-changed").count() == 1


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_a_change_upon_another_head_changes_nothing(alice: Person, old: dict[str, Any], sequence: int) -> None:
    before = alice.get("/api/keyring").json()
    answer = change(alice, key_change_body(old, sequence))
    assert (answer.status_code, code(answer)) == (409, "backups.head_moved")
    assert answer.json()["error"]["params"] == {"sequence": 2}
    assert alice.get("/api/keyring").json() == before
    assert Head.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"epoch": 3}, {"epoch": 2**32 - 1}, {"library": "0" * 32}], ids=["too far", "much too far", "other"]
)
def test_only_the_next_epoch_of_the_same_library_follows(
    alice: Person, old: dict[str, Any], wrong: dict[str, Any]
) -> None:
    before = alice.get("/api/keyring").json()
    answer = change(alice, key_change_body(old, 3) | wrong)
    assert (answer.status_code, code(answer)) == (409, "keyring.key_changed")
    assert alice.get("/api/keyring").json() == before
    assert Head.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"epoch": 1}, {"slots": []}, {"sealed": "AAAA"}, {"sequence": 0}, {"root": "00"}, {"check": ""}]
)
def test_a_malformed_change_is_refused(alice: Person, old: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert code(change(alice, key_change_body(old, 3) | wrong)) == "http.malformed"
    assert Head.objects.count() == 2


def test_nobody_changes_what_is_not_there(alice: Person, bob: Person, old: dict[str, Any]) -> None:
    assert code(change(bob, key_change_body(old, 3))) == "keyring.none"
    assert Keyring.objects.get(account=alice.account).epoch == 1


def test_another_key_of_the_same_epoch_comes_too_late(alice: Person, old: dict[str, Any]) -> None:
    change(alice, key_change_body(old, 3))
    late = change(alice, key_change_body(old, 4))
    assert (late.status_code, code(late)) == (409, "keyring.key_changed")
    assert late.json()["error"]["params"] == {"epoch": 2}


def test_a_slot_that_holds_the_old_key_is_not_added_to_the_new_keyring(alice: Person, old: dict[str, Any]) -> None:
    change(alice, key_change_body(old, 3))
    answer = alice.post("/api/keyring/slots", added_slot_body(3, epoch=1))
    assert (answer.status_code, code(answer)) == (409, "keyring.key_changed")
    assert Slot.objects.count() == 1


def at_once(*works: Callable[[], None]) -> None:
    def alone(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=alone, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_devices_that_change_the_key_at_once_one_does(alice: Person, old: dict[str, Any]) -> None:
    bodies = [key_change_body(old, 3) for _ in range(6)]
    statuses: dict[str, int] = {}

    def device(body: dict[str, Any]) -> None:
        statuses[body["check"]] = change(alice, body).status_code

    at_once(*[lambda body=body: device(body) for body in bodies])
    assert sorted(statuses.values()) == [201, *[409] * 5]
    kept = alice.get("/api/keyring").json()
    assert statuses[kept["check"]] == 201
    winner = next(body for body in bodies if body["check"] == kept["check"])
    assert read_bytes(alice.get("/api/head").json()["sealed"]) == read_bytes(winner["sealed"])
    assert Head.objects.count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_a_change_and_a_commit_at_once_come_one_after_the_other(
    alice: Person, old: dict[str, Any], round_: int
) -> None:
    body = key_change_body(old, 3)
    statuses: dict[str, int] = {}

    def changes() -> None:
        statuses["change"] = change(alice, body).status_code

    def commits() -> None:
        statuses["commit"] = alice.commit(3, head("three")).status_code

    at_once(*((changes, commits) if round_ % 2 else (commits, changes)))
    assert sorted(statuses.values()) == [201, 409]
    changed = statuses["change"] == 201
    assert Keyring.objects.get().epoch == (2 if changed else 1)
    assert list(Head.objects.order_by("sequence").values_list("sequence", flat=True)) == ([3] if changed else [1, 2, 3])
    assert write_bytes(bytes(Head.objects.last().sealed)) == (  # type: ignore[union-attr]
        body["sealed"] if changed else write_bytes(head("three"))
    )


async def test_open_pages_hear_of_it(alice: Person, old: dict[str, Any]) -> None:
    socket = Socket(alice)
    await socket.connect()
    body = key_change_body(old, 3)
    await sync_to_async(change)(alice, body)
    heard = [await socket.hears(), await socket.hears()]
    assert sorted(one["kind"] for one in heard) == ["head", "ways"]
    await sync_to_async(change)(alice, body)
    assert await socket.receive_nothing()
    await socket.leave()
