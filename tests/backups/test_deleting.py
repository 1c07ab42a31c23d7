"""What nothing refers to is collected after the grace time, its room comes back, and a crash anywhere costs nothing."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F

from backupweb.backups import services
from backupweb.backups.models import DiscardedName, SealedObject, State
from backupweb.lib import objectstore
from backupweb.ops.collection import Collected, collect
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

DAY = timedelta(hours=24)


def pass_time(hours: float) -> None:
    """Everything that is kept became older."""
    late = timedelta(hours=hours)
    SealedObject.objects.update(announced=F("announced") - late)
    SealedObject.objects.exclude(released=None).update(released=F("released") - late)
    DiscardedName.objects.update(since=F("since") - late)


def run(*, dry_run: bool = False) -> Collected:
    return collect(grace=DAY, dry_run=dry_run)


def files(tmp_path: Path) -> int:
    return sum(path.is_file() for path in (tmp_path / "packs").rglob("*"))


def test_a_removed_import_is_collected_after_the_grace_time(alice: Person, tmp_path: Path) -> None:
    snapshot, pack, shared = Thing.make("snapshot"), Thing.make(), Thing.make()
    other = Thing.make("snapshot")
    alice.store(snapshot, pack, shared, other)
    alice.commit(1, head(), [(snapshot, [pack, shared]), (other, [shared])])
    alice.commit(2, head(), remove=[snapshot])
    pass_time(23)
    assert run().objects == 0
    assert alice.fetch(pack).status == 200
    pass_time(2)
    assert run(dry_run=True).objects == 2
    assert alice.room == (4 * 4096, 0)
    collected = run()
    assert collected == Collected(2, 8192, 0, 0, 0, 0, 0, 0)
    assert alice.room == (2 * 4096, 0)
    assert files(tmp_path) == 2
    assert alice.fetch(pack).status == 404
    assert alice.fetch(shared).status == 200


def test_what_is_referred_to_is_never_collected(alice: Person) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    pass_time(24 * 365)
    assert run().objects == 0
    assert alice.fetch(pack).status == 200


def test_reservations_expire(alice: Person) -> None:
    alice.begin(Thing.make(), Thing.make())
    pass_time(25)
    assert run().reservations == 2
    assert alice.room == (0, 0)


def test_as_long_as_an_upload_goes_on_nothing_of_it_is_collected(alice: Person) -> None:
    first, second = Thing.make(), Thing.make()
    alice.store(first)
    pass_time(72)
    alice.begin(second)
    assert run().objects == 0
    pass_time(25)
    collected = run()
    assert (collected.objects, collected.reservations) == (1, 1)


def test_an_upload_that_goes_on_does_not_keep_what_was_removed(alice: Person) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    alice.commit(2, head(), remove=[snapshot])
    pass_time(25)
    alice.begin(Thing.make())
    assert run().objects == 2


def test_what_was_removed_and_added_again_stays(alice: Person) -> None:
    snapshot, other, pack = Thing.make("snapshot"), Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, other, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    alice.commit(2, head(), remove=[snapshot])
    alice.commit(3, head(), [(other, [pack])])
    pass_time(25)
    run()
    assert alice.fetch(pack).status == 200
    assert alice.room == (2 * 4096, 0)


def test_a_commit_that_comes_first_saves_its_objects(alice: Person) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    pass_time(25)
    doomed = list(SealedObject.objects.all())
    alice.commit(1, head(), [(snapshot, [pack])])
    assert services.objects_collect(account=alice.account, rows=doomed, before=doomed[0].announced + DAY) == []
    assert alice.fetch(pack).status == 200


def test_giving_up_returns_the_room_and_takes_the_bytes_at_once(alice: Person, tmp_path: Path) -> None:
    stored, expected, snapshot, needed = Thing.make(), Thing.make(), Thing.make("snapshot"), Thing.make()
    alice.store(stored, snapshot, needed)
    alice.begin(expected)
    alice.commit(1, head(), [(snapshot, [needed])])
    assert alice.abandon(stored, expected, needed, snapshot, Thing.make()) == 2
    assert alice.abandon(stored, expected) == 0
    assert alice.room == (2 * 4096, 0)
    assert files(tmp_path) == 2
    assert alice.begin(stored).status_code == 200


def test_killed_between_the_rows_and_the_bytes_the_next_run_goes_on(
    alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.store(Thing.make(), Thing.make())
    pass_time(25)

    def killed(names: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services, "discarded_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert alice.room == (0, 0)
    assert files(tmp_path) == 2
    run()
    assert files(tmp_path) == 0


def test_a_discarded_name_is_remembered_until_no_upload_can_be_that_old(alice: Person) -> None:
    pack = Thing.make()
    alice.begin(pack)
    name = SealedObject.objects.get().store_name
    alice.abandon(pack)
    # An upload that was under way lays its bytes and is killed before it notices.
    spool = objectstore.Spool(objectstore.open_store())
    spool.write(pack.content)
    spool.place(name)
    run()
    assert objectstore.open_store().size(name) is None
    assert DiscardedName.objects.count() == 1
    pass_time(25)
    assert run().discarded_names == 1


def test_spool_files_of_killed_processes_are_swept(alice: Person) -> None:
    spool = objectstore.Spool(objectstore.open_store())
    assert run().spool_files == 0
    long_ago = time.time() - 25 * 3600
    os.utime(spool.path, (long_ago, long_ago))
    assert run().spool_files == 1


def test_what_the_store_lost_may_be_sent_again(alice: Person, tmp_path: Path) -> None:
    snapshot, pack = Thing.make("snapshot"), Thing.make()
    alice.store(snapshot, pack)
    alice.commit(1, head(), [(snapshot, [pack])])
    objectstore.open_store().delete(SealedObject.objects.get(object_id=pack.id).store_name)
    assert alice.fetch(pack).error == "backups.no_such_object"
    assert alice.finish(snapshot, pack) == {snapshot.id: "stored", pack.id: "expected"}
    assert alice.room == (4096, 4096)
    pass_time(100)
    run()
    assert alice.put(pack).status == 204
    assert alice.finish(pack) == {pack.id: "stored"}
    assert alice.fetch(pack).body == pack.content
    assert alice.room == (8192, 0)


def test_an_account_with_objects_is_not_deleted_under_them(alice: Person) -> None:
    from django.db.models import ProtectedError  # noqa: PLC0415

    alice.store(Thing.make())
    with pytest.raises(ProtectedError):
        alice.account.delete()
    assert SealedObject.objects.filter(state=State.STORED).count() == 1


def test_the_command_tells_what_it_did(alice: Person) -> None:
    alice.store(Thing.make())
    pass_time(2)
    said = StringIO()
    call_command("collect_garbage", "--grace-hours", "1", "--dry-run", stdout=said)
    assert said.getvalue().startswith("objects=1 bytes=4096")
    assert SealedObject.objects.count() == 1
    call_command("collect_garbage", "--grace-hours", "1", stdout=said)
    assert SealedObject.objects.count() == 0
