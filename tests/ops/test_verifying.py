"""Tables and store, compared both ways: what differs is counted and named, and nothing is deleted unasked."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test.utils import override_settings

from backupweb.backups.models import DiscardedName, SealedObject, State
from backupweb.lib import objectstore
from backupweb.lib.objectstore import DiskStore
from backupweb.ops import verifying, walking
from backupweb.ops.collection import collect
from backupweb.ops.models import Run
from tests.lib.stores.test_contract import place
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def disk() -> DiskStore:
    store = objectstore.open_store()
    assert isinstance(store, DiskStore)
    return store


def row_of(thing: Thing) -> SealedObject:
    return SealedObject.objects.get(object_id=thing.id)


def verify(*arguments: str) -> tuple[str, dict[str, int], str]:
    """What was said, what was counted, and why it ended with 1."""
    said, why = StringIO(), ""
    try:
        call_command("verify_store", *arguments, stdout=said)
    except CommandError as error:
        why = str(error)
    return said.getvalue(), Run.objects.latest("pk").counts, why


def make_old(name: str) -> None:
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(disk()._path(name), (long_ago, long_ago))


@pytest.fixture
def things(alice: Person) -> list[Thing]:
    made = [Thing.make("snapshot"), *(Thing.make() for _ in range(4))]
    alice.store(*made)
    assert alice.commit(1, head(), [(made[0], made[1:])]).status_code == 201
    return made


@pytest.mark.parametrize("arguments", [("--all", "--hash"), ("--all",), ("--sample", "50"), ()])
def test_all_is_well(things: list[Thing], arguments: tuple[str, ...]) -> None:
    said, counts, why = verify(*arguments)
    assert why == ""
    assert 0 < counts["objects"] <= 5
    assert not any(counts.get(finding) for finding in verifying.FINDINGS)
    assert Run.objects.get().well
    assert said.count("\n") == 1


def test_what_is_lost_is_named_and_can_be_sent_again(alice: Person, things: list[Thing]) -> None:
    used, reserved = alice.room
    disk().delete(row_of(things[1]).store_name)
    disk()._path(row_of(things[2]).store_name).write_bytes(b"short")
    said, counts, why = verify("--all")
    assert why == "store and tables differ"
    assert (counts["missing"], counts["wrong_size"], counts["expected_again"]) == (1, 1, 2)
    assert f"missing {row_of(things[1]).store_name} {things[1].id}" in said
    assert not Run.objects.get().well
    assert alice.room == (used - 8192, reserved + 8192)
    assert alice.finish(*things)[things[1].id] == "expected"
    for thing in things[1:3]:
        assert alice.put(thing).status == 204
        assert alice.fetch(thing).body == thing.content
    assert alice.room == (used, reserved)
    assert verify("--all", "--hash")[2] == ""


def test_damage_is_found_by_its_hash_and_given_up_on_request_only(alice: Person, things: list[Thing]) -> None:
    disk()._path(row_of(things[1]).store_name).write_bytes(bytes(4096))
    assert verify("--all")[2] == ""
    said, counts, why = verify("--all", "--hash")
    assert (counts["wrong_hash"], counts.get("expected_again", 0)) == (1, 0)
    assert "wrong_hash" in said
    assert why
    assert row_of(things[1]).state == State.STORED  # much of it may still open
    assert verify("--all", "--hash", "--give-up-damaged")[1]["expected_again"] == 1
    assert alice.put(things[1]).status == 204
    assert verify("--all", "--hash")[2] == ""


def test_what_comes_back_is_stored_again(alice: Person, things: list[Thing]) -> None:
    used = alice.room
    name = row_of(things[1]).store_name
    disk()._path(name).rename(disk().root / "aside")
    verify("--all")
    assert row_of(things[1]).state == State.EXPECTED
    (disk().root / "aside").rename(disk()._path(name))
    assert verify("--all")[1]["found_again"] == 1
    assert alice.room == used
    assert alice.fetch(things[1]).body == things[1].content


def test_a_store_that_has_lost_most_is_not_believed(alice: Person) -> None:
    things = [Thing.make() for _ in range(30)]
    alice.store(*things)
    for thing in things[:20]:
        disk().delete(row_of(thing).store_name)
    _, counts, why = verify("--all")
    assert "the wrong store" in why
    assert (counts["missing"], counts["expected_again"]) == (20, 10)
    assert counts["not_believed"] == 10


def test_bytes_without_a_row_are_told_and_left_alone(alice: Person, things: list[Thing]) -> None:
    old, young, discarded = (place(disk(), b"nobody's") for _ in range(3))
    for name in (old, discarded):
        make_old(name)
    DiscardedName.objects.create(name=discarded, since="2026-01-01T00:00Z")
    said, counts, why = verify("--all")
    assert (counts["orphans"], counts["orphan_bytes"], counts["young"]) == (1, 8, 1)
    assert f"orphan {old}" in said
    assert why
    assert disk().size(old) == 8
    _, counts, why = verify("--all", "--delete-orphans")
    assert (counts["orphans_deleted"], why) == (1, "")
    assert disk().size(old) is None
    assert disk().size(young) == disk().size(discarded) == 8
    assert all(alice.fetch(thing).body == thing.content for thing in things)


def test_another_sites_store_is_not_swept(alice: Person) -> None:
    names = [place(disk(), b"another site's") for _ in range(3)]
    for name in names:
        make_old(name)
    alice.store(Thing.make())
    assert "is it this site's store?" in verify("--all", "--delete-orphans")[2]
    assert all(disk().size(name) for name in names)
    assert verify("--all", "--delete-orphans", "--although-most")[2] == ""
    assert not any(disk().size(name) for name in names)


def test_orphans_are_only_deleted_when_all_was_looked_at() -> None:
    with pytest.raises(CommandError, match="needs --all"):
        call_command("verify_store", "--delete-orphans")


def test_an_upload_that_is_under_way_is_no_orphan(alice: Person) -> None:
    thing = Thing.make()
    alice.begin(thing)
    place(disk(), thing.content, row_of(thing).store_name)
    make_old(row_of(thing).store_name)
    assert verify("--all")[2] == ""


def test_a_run_that_was_cut_off_goes_on(alice: Person, things: list[Thing], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "STEP", 2)
    disk().delete(row_of(things[0]).store_name)
    truly = verifying._compare
    seen: list[int] = []

    def killed(counts: object, store: object, step: list[SealedObject], **rest: object) -> None:
        if len(seen) == 4:
            raise KeyboardInterrupt
        seen.extend(row.pk for row in step)
        truly(counts, store, step, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(verifying, "_compare", killed)
    with pytest.raises(KeyboardInterrupt):
        verify("--all")
    left = Run.objects.get()
    assert (left.ended, left.counts["objects"], left.counts["missing"]) == (None, 4, 1)
    seen.clear()
    _, counts, why = verify("--all")
    assert len(seen) == 1
    assert (counts["objects"], counts["missing"], counts["with_row"]) == (5, 1, 4)
    assert why == "store and tables differ"
    assert Run.objects.count() == 1


def test_a_run_with_other_questions_begins_anew(things: list[Thing]) -> None:
    walking.Walk(Run.Duty.VERIFY, "something else").stands_at("shard ff")
    assert verify("--all")[1]["objects"] == 5
    assert list(Run.objects.filter(ended=None)) == []


def test_a_store_that_does_not_answer_loses_nothing(things: list[Thing]) -> None:
    (disk().root.parent / "blocked").write_text("a file where a folder should be")
    with override_settings(BACKUPWEB_STORE=f"file://{disk().root.parent / 'blocked' / 'packs'}"):
        assert "store.unavailable" in verify("--all")[2]
    assert not SealedObject.objects.filter(state=State.EXPECTED).exists()


def test_what_is_committed_and_lost_is_not_collected(alice: Person, things: list[Thing]) -> None:
    disk().delete(row_of(things[1]).store_name)
    verify("--all")
    SealedObject.objects.update(announced=F("announced") - timedelta(days=9))
    collect(grace=timedelta(hours=24), dry_run=False)
    assert row_of(things[1]).state == State.EXPECTED
