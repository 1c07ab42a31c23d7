"""From one store to another while the site runs: nothing is lost, whatever is cut off, and however often it is run."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import override_settings

from backupweb.backups.models import SealedObject, State
from backupweb.lib import objectstore
from backupweb.lib.objectstore import ObjectStore, StoreUnavailable
from backupweb.lib.objectstore.direct import open_direct
from backupweb.lib.secret import SecretBytes
from backupweb.ops import moving, walking
from backupweb.ops.models import Run
from backupweb.ops.moving import NoSuchStore, move
from tests.ops.sites import ROOT, surroundings, until
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def new(tmp_path: Path) -> str:
    return f"file://{tmp_path / 'new' / 'packs'}"


@pytest.fixture
def both(new: str) -> Iterator[str]:
    """The old store is the first one, the new one the other; gives the new one's address."""
    with override_settings(BACKUPWEB_STORE_OTHER=new):
        yield new


@pytest.fixture
def swapped(new: str) -> Iterator[str]:
    """New objects go to the new store."""
    with override_settings(BACKUPWEB_STORE=new, BACKUPWEB_STORE_OTHER=settings.BACKUPWEB_STORE):
        yield new


def moved(to: str) -> tuple[dict[str, int], str]:
    said = StringIO()
    call_command("move_store", to=to, stdout=said)
    return Run.objects.latest("pk").counts, said.getvalue()


def lying(store: ObjectStore) -> set[str]:
    return {found.name for shard in objectstore.SHARDS for found in store.names(shard)}


def everything_reads(person: Person, *things: Thing) -> bool:
    return all(person.fetch(thing).body == thing.content for thing in things)


def test_a_whole_move(alice: Person, new: str) -> None:
    old = settings.BACKUPWEB_STORE
    before = [Thing.make() for _ in range(3)]
    alice.store(*before)

    with override_settings(BACKUPWEB_STORE_OTHER=new):
        counts, said = moved(new)
        assert counts["moved"] == 3
        assert "swap the settings" in said
        meanwhile = [Thing.make() for _ in range(2)]
        alice.store(*meanwhile)  # to the old one

    with override_settings(BACKUPWEB_STORE=new, BACKUPWEB_STORE_OTHER=old):
        assert everything_reads(alice, *before, *meanwhile)
        after = Thing.make()
        alice.store(after)  # to the new one
        counts, said = moved(new)
        assert (counts["moved"], counts["there"]) == (2, 4)
        assert "may be taken out" in said

    with override_settings(BACKUPWEB_STORE=new):
        assert everything_reads(alice, *before, *meanwhile, after)
        assert alice.finish(after) == {after.id: "stored"}


def test_twice_is_harmless(alice: Person, swapped: str) -> None:
    alice.store(Thing.make())
    assert moved(swapped)[0] == {"there": 1, "bytes": 0}
    assert moved(swapped)[0] == {"there": 1, "bytes": 0}
    assert set(Run.objects.values_list("duty", "well", "cursor")) == {("move", True, "")}


def test_what_is_deleted_meanwhile_goes_from_both(alice: Person, both: str) -> None:
    thing = Thing.make()
    alice.store(thing)
    moved(both)
    old, new = objectstore.open_stores()
    assert new is not None
    assert lying(old) == lying(new) != set()
    alice.abandon(thing)
    assert lying(old) == lying(new) == set()


def test_damaged_bytes_are_not_carried_and_are_told(alice: Person, both: str) -> None:
    good, damaged, lost = Thing.make(), Thing.make(), Thing.make()
    alice.store(good, damaged, lost)
    store = objectstore.open_stores()[0]
    assert isinstance(store, objectstore.DiskStore)
    names = dict(SealedObject.objects.values_list("object_id", "store_name"))
    by_thing = {id_.hex: name for id_, name in names.items()}
    store._path(by_thing[damaged.id]).write_bytes(bytes(4096))
    store.delete(by_thing[lost.id])
    with pytest.raises(CommandError, match="not everything could be moved"):
        moved(both)
    assert Run.objects.get().counts == {"moved": 1, "damaged": 1, "missing": 1, "bytes": 4096}
    other = objectstore.open_stores()[1]
    assert other is not None
    assert lying(other) == {by_thing[good.id]}


def test_a_store_in_trouble_stops_the_run_and_the_next_one_goes_on(
    alice: Person, both: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", 2)
    alice.store(*(Thing.make() for _ in range(5)))
    carried: list[int] = []
    truly = moving._carry

    def breaks(source: ObjectStore, target: ObjectStore, row: SealedObject) -> Any:
        if len(carried) == 4:
            raise StoreUnavailable("busy", "test")
        carried.append(row.pk)
        return truly(source, target, row)

    monkeypatch.setattr(moving, "_carry", breaks)
    with pytest.raises(CommandError, match="goes on where it is"):
        moved(both)
    left = Run.objects.get()
    assert (left.ended, left.counts["moved"]) == (None, 4)
    monkeypatch.setattr(moving, "_carry", truly)
    assert moved(both)[0] == {"moved": 5, "bytes": 5 * 4096}
    assert Run.objects.count() == 1


def test_a_run_from_before_the_swap_is_not_the_last_one(alice: Person, both: str, new: str) -> None:
    alice.store(Thing.make(), Thing.make())
    before = walking.Walk(Run.Duty.MOVE, f"{new} False")
    before.stands_at(str(SealedObject.objects.latest("pk").pk))
    with override_settings(BACKUPWEB_STORE=new, BACKUPWEB_STORE_OTHER=settings.BACKUPWEB_STORE):
        assert moved(new)[0]["moved"] == 2
    assert Run.objects.order_by("pk").values_list("well", "cursor")[0] == (False, "")


@pytest.mark.parametrize("way", ["proxy", "nginx"])
def test_what_lies_in_the_other_store_is_read_through_this_site(alice: Person, new: str, way: str) -> None:
    thing = Thing.make()
    alice.store(thing)
    with override_settings(BACKUPWEB_STORE=new, BACKUPWEB_STORE_OTHER=settings.BACKUPWEB_STORE, BACKUPWEB_TRANSFER=way):
        assert alice.fetch(thing).body == thing.content


def test_direct_addresses_are_not_given_while_there_are_two_stores(new: str) -> None:
    s3 = {
        "BACKUPWEB_STORE": "s3://packs/sealed?endpoint=http://127.0.0.1:9",
        "BACKUPWEB_STORE_KEY": SecretBytes(b"key"),
        "BACKUPWEB_STORE_SECRET": SecretBytes(b"secret"),
        "BACKUPWEB_STORE_PUBLIC": "https://store.example",
        "BACKUPWEB_TRANSFER": "direct",
    }
    with override_settings(**s3):
        assert open_direct() is not None
    with override_settings(**s3, BACKUPWEB_STORE_OTHER=new):
        assert open_direct() is None


def test_only_between_the_two_of_the_settings(alice: Person, both: str) -> None:
    with pytest.raises(NoSuchStore):
        move(to="file:///elsewhere")
    with override_settings(BACKUPWEB_STORE_OTHER=None), pytest.raises(CommandError, match="--to must be"):
        call_command("move_store", to=settings.BACKUPWEB_STORE)


def _copied_or_ended(process: subprocess.Popen[bytes], least: int) -> bool:
    return process.poll() is not None or len(lying(objectstore.open_stores()[0])) >= least


@pytest.mark.skipif("connections['default'].vendor != 'sqlite'", reason="the other process has this file")
def test_killed_while_uploads_go_on_nothing_is_lost(alice: Person, tmp_path: Path, new: str) -> None:
    old = settings.BACKUPWEB_STORE
    things = [Thing.make(size=200_000) for _ in range(120)]
    for start in range(0, 120, 40):
        alice.store(*things[start : start + 40])
    command = [sys.executable, "manage.py", "move_store", "--to", new]
    environment = surroundings(
        tmp_path,
        BACKUPWEB_DATA=str(tmp_path),
        DATABASE_URL=f"sqlite:///{connections['default'].settings_dict['NAME']}",
        BACKUPWEB_VAULT_DATABASE_URL=f"sqlite:///{connections['vault'].settings_dict['NAME']}",
        BACKUPWEB_STORE=new,
        BACKUPWEB_STORE_OTHER=old,
    )
    with override_settings(BACKUPWEB_STORE=new, BACKUPWEB_STORE_OTHER=old):
        kills = 0
        for wanted in (20, 70):
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
            until(partial(_copied_or_ended, process, wanted))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
            more = Thing.make(size=secrets.randbelow(50_000) + 4096)
            alice.store(more)
            things.append(more)
            alice.abandon(things.pop(0))
        assert kills >= 1
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
    with override_settings(BACKUPWEB_STORE=new):
        assert everything_reads(alice, *things)
        rows = set(SealedObject.objects.filter(state=State.STORED).values_list("store_name", flat=True))
        assert lying(objectstore.open_store()) == rows
    assert Run.objects.latest("pk").well
