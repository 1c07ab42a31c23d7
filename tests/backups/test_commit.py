"""A commit lands whole, once, in order, and only when everything it needs is stored."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from backupweb.backups.models import Head, Snapshot, SnapshotPart
from backupweb.lib.wire import read_bytes
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def imported(alice: Person) -> tuple[Thing, Thing, Thing]:
    """Snapshot, catalog and pack, stored."""
    things = Thing.make("snapshot"), Thing.make("catalog"), Thing.make()
    alice.store(*things)
    return things


def test_the_first_head(alice: Person, imported: tuple[Thing, Thing, Thing]) -> None:
    snapshot, catalog, pack = imported
    assert alice.get("/api/head").json()["error"]["code"] == "backups.no_head"
    answer = alice.commit(1, head("one"), [(snapshot, [catalog, pack])])
    assert answer.status_code == 201
    kept = alice.get("/api/head").json()
    assert kept["sequence"] == 1
    assert read_bytes(kept["sealed"]) == head("one")
    assert kept["sha256"] == answer.json()["sha256"]
    assert SnapshotPart.objects.count() == 3


def test_the_same_commit_again_is_confirmed_not_repeated(alice: Person, imported: tuple[Thing, ...]) -> None:
    snapshot, *rest = imported
    first = alice.commit(1, head("one"), [(snapshot, rest)])
    again = alice.commit(1, head("one"), [(snapshot, rest)])
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    alice.commit(2, head("two"))
    assert alice.commit(1, head("one"), [(snapshot, rest)]).status_code == 200
    assert Head.objects.count() == 2


@pytest.mark.parametrize("sequence", [1, 3, 4, 2**53 - 1])
def test_another_sequence_than_the_next_is_refused(alice: Person, sequence: int) -> None:
    alice.commit(1, head("one"))
    answer = alice.commit(sequence, head("other"))
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "backups.head_moved"
    assert answer.json()["error"]["params"] == {"sequence": 1}
    assert alice.get("/api/head").json()["sequence"] == 1


def test_of_many_devices_one_wins_each_sequence(alice: Person) -> None:
    alice.get("/api/account")
    statuses: list[int] = []

    def device() -> None:
        try:
            statuses.extend(alice.commit(sequence, head()).status_code for sequence in (1, 2, 3))
        finally:
            connection.close()

    threads = [threading.Thread(target=device) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(201) == Head.objects.count() <= 3
    assert set(statuses) <= {201, 409}
    assert Head.objects.filter(sequence=1).count() == 1


def test_what_is_not_stored_is_not_committed_and_nothing_changes(
    alice: Person, imported: tuple[Thing, Thing, Thing]
) -> None:
    snapshot, catalog, pack = imported
    expected, unknown = Thing.make(), Thing.make()
    alice.begin(expected)
    answer = alice.commit(1, head("one"), [(snapshot, [catalog, pack, expected, unknown])])
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "backups.not_stored"
    assert answer.json()["error"]["params"] == {"missing": 2}
    assert (Snapshot.objects.count(), Head.objects.count(), SnapshotPart.objects.count()) == (0, 0, 0)


def test_a_snapshot_must_be_one_and_its_parts_must_not(alice: Person, imported: tuple[Thing, Thing, Thing]) -> None:
    snapshot, catalog, pack = imported
    other = Thing.make("snapshot")
    alice.store(other)
    assert alice.commit(1, head(), [(pack, [catalog])]).status_code == 409
    assert alice.commit(1, head(), [(snapshot, [other])]).status_code == 409


def test_the_second_addition_failing_undoes_the_first(alice: Person, imported: tuple[Thing, Thing, Thing]) -> None:
    snapshot, catalog, pack = imported
    answer = alice.commit(1, head(), [(snapshot, [catalog, pack]), (Thing.make("snapshot"), [])])
    assert answer.status_code == 409
    assert Snapshot.objects.count() == 0


def test_every_head_is_kept(alice: Person) -> None:
    for sequence in (1, 2, 3):
        alice.commit(sequence, head(str(sequence)))
    for sequence in (1, 2, 3):
        kept = alice.get(f"/api/heads/{sequence}").json()
        assert read_bytes(kept["sealed"]) == head(str(sequence))
    assert alice.get("/api/heads/4").status_code == 404
    assert alice.get("/api/heads/0").status_code == 422


def test_an_import_of_thousands_of_packs_is_committed(alice: Person, imported: tuple[Thing, Thing, Thing]) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from backupweb.backups.models import SealedObject, State  # noqa: PLC0415

    packs = [Thing(f"{n:032x}", "pack", b"") for n in range(1, 2500)]
    SealedObject.objects.bulk_create(
        SealedObject(
            account=alice.account, object_id=one.id, kind="pack", size=4096, sha256="0" * 64, state=State.STORED,
            store_name=one.id, announced=timezone.now(),
        )
        for one in packs
    )  # fmt: skip
    assert alice.commit(1, head(), [(imported[0], packs)]).status_code == 201
    assert alice.commit(2, head(), remove=[imported[0]]).status_code == 201
    assert SealedObject.objects.exclude(released=None).count() == 2500


def test_removing_what_is_gone_already_is_harmless(alice: Person, imported: tuple[Thing, ...]) -> None:
    snapshot, *rest = imported
    alice.commit(1, head(), [(snapshot, rest)])
    assert alice.commit(2, head(), remove=[snapshot]).status_code == 201
    assert alice.commit(3, head(), remove=[snapshot]).status_code == 201
    assert Snapshot.objects.count() == 0


def test_a_head_that_is_no_head_is_refused(alice: Person) -> None:
    assert alice.commit(1, b"short").status_code == 422
    assert alice.commit(1, bytes(4 * 2**20 + 1)).status_code == 422
    assert alice.commit(1, bytes(4 * 2**20)).status_code == 201
