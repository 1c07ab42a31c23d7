"""Announcing reserves room for all or for none, and may be tried again."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from backupweb.accounts.models import Quota
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ticket_tells_all_that_a_put_needs(alice: Person) -> None:
    pack = Thing.make()
    answer = alice.begin(pack)
    assert answer.status_code == 200
    [ticket] = answer.json()["tickets"]
    assert ticket["id"] == pack.id
    assert ticket["state"] == "expected"
    assert (ticket["method"], ticket["url"]) == ("PUT", f"/objects/{pack.id}")
    assert set(ticket["headers"]) == {"Content-Type", "X-CSRFToken"}
    assert alice.room == (0, 4096)


def test_the_same_again_is_harmless(alice: Person) -> None:
    packs = [Thing.make(), Thing.make()]
    alice.begin(*packs)
    assert alice.begin(packs[1], packs[0], packs[0]).status_code == 200
    assert alice.room == (0, 8192)
    alice.put(packs[0])
    states = [ticket["state"] for ticket in alice.begin(*packs).json()["tickets"]]
    assert states == ["stored", "expected"]
    assert alice.room == (4096, 4096)


@pytest.mark.parametrize("field", ["kind", "size", "sha256"])
def test_other_facts_are_refused(alice: Person, field: str) -> None:
    pack = Thing.make()
    alice.begin(pack)
    other = {"kind": "catalog", "size": 5000, "sha256": "0" * 64}[field]
    answer = alice.post("/api/objects/begin", {"objects": [pack.announcement | {field: other}]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "backups.object_differs")
    twice = {"objects": [Thing.make().announcement, pack.announcement, pack.announcement | {field: other}]}
    assert alice.post("/api/objects/begin", twice).status_code == 409
    assert alice.room == (0, 4096)


def test_over_quota_nothing_is_reserved_and_what_is_missing_is_told(alice: Person) -> None:
    alice.limit_to(10_000)
    alice.store(Thing.make())
    answer = alice.begin(Thing.make(), Thing.make(size=5000))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "backups.quota_exceeded"
    assert answer.json()["error"]["params"] == {"missing": 4096 + 4096 + 5000 - 10_000}
    assert alice.room == (4096, 0)


def test_over_quota_reading_deleting_and_what_was_promised_go_on(alice: Person) -> None:
    kept, promised, snapshot = Thing.make(), Thing.make(), Thing.make("snapshot")
    alice.store(kept, snapshot)
    alice.begin(promised)
    alice.commit(1, b"h" * 4096, [(snapshot, [kept])])
    alice.limit_to(1)
    assert alice.fetch(kept).status == 200
    assert alice.put(promised).status == 204
    assert alice.commit(2, b"i" * 4096, remove=[snapshot]).status_code == 201
    assert alice.begin(promised).status_code == 200
    assert alice.abandon(promised) == 1


def test_many_devices_at_once_never_pass_the_quota(alice: Person) -> None:
    alice.limit_to(10 * 4096)
    things = [Thing.make() for _ in range(16)]
    statuses: list[int] = []

    def device(thing: Thing) -> None:
        try:
            statuses.append(alice.begin(thing).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=device, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 10 + [413] * 6
    assert alice.room == (0, 10 * 4096)


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 4095},
        {"size": 8 * 2**20 + 1},
        {"size": "4096x"},
        {"kind": "head"},
        {"id": "A" * 32},
        {"id": "0" * 31},
        {"sha256": "0" * 63},
        {"more": 1},
    ],
)
def test_a_malformed_announcement_is_refused(alice: Person, wrong: dict[str, object]) -> None:
    answer = alice.post("/api/objects/begin", {"objects": [Thing.make().announcement | wrong]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "http.malformed")
    assert "params" not in answer.json()["error"]
    assert alice.room == (0, 0)


def test_a_catalog_may_be_larger_than_a_pack(alice: Person) -> None:
    facts = Thing.make("catalog").announcement
    assert alice.post("/api/objects/begin", {"objects": [facts | {"size": 64 * 2**20}]}).status_code == 200
    assert alice.post("/api/objects/begin", {"objects": [facts | {"size": 64 * 2**20 + 1}]}).status_code == 422


def test_an_account_without_a_limit_of_its_own_has_the_sites(alice: Person, settings: object) -> None:
    assert Quota.objects.of(alice.account).allowed == 10**9
    quota = alice.get("/api/account").json()["quota"]
    assert (quota["limit"], quota["used"], quota["reserved"]) == (10**9, 0, 0)
