"""SIGKILL between any two statements that write, of an upload, a commit, a removal, a collection: sums are exact at
once, no row ever points at bytes that are not there, the next try succeeds, and nothing stays behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connections, transaction
from django.db.models import F

from backupweb.backups import services
from backupweb.backups.models import DiscardedName, Head, SealedObject, Snapshot, SnapshotPart, State
from backupweb.lib import objectstore
from backupweb.ops.collection import collect
from tests.people import Person, Thing, head
from tests.vault.processes import start

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


@contextmanager
def killed_at(last: int) -> Iterator[None]:
    """Counts statements that write, ends of transactions and steps of the store, and kills before or after one."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def stepped(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            step()
        return execute(sql, params, many, context)

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            step()
            result = function(*args, **kwargs)
            step()
            return result

        return call

    with ExitStack() as open_until_then:
        for alias in connections:
            open_until_then.enter_context(connections[alias].execute_wrapper(stepped))
        patches = (
            (transaction.Atomic, "__exit__"),
            (objectstore.DiskStore, "place"),
            (objectstore.DiskStore, "delete"),
        )
        for where, name in patches:
            open_until_then.enter_context(mock.patch.object(where, name, around(getattr(where, name))))
        yield


def on_disk(tmp_path: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (tmp_path / "packs").rglob("*") if path.is_file()}


def whole(alice: Person, tmp_path: Path) -> None:
    """What holds at every moment, whoever died when."""
    lying = on_disk(tmp_path)
    _ = alice.room  # compares the sums with the rows
    for row in SealedObject.objects.filter(state=State.STORED):
        assert lying.get(row.store_name) == row.size
    known = {
        *SealedObject.objects.values_list("store_name", flat=True),
        *DiscardedName.objects.values_list("name", flat=True),
    }
    assert set(lying) <= known
    for part in SnapshotPart.objects.select_related("sealed"):
        assert part.sealed.state == State.STORED
    sequences = list(Head.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))


def settled(alice: Person, tmp_path: Path) -> None:
    """After the grace time and two runs of the collector: as many files as rows, and not one more."""
    for _ in range(2):
        late = timedelta(hours=25)
        SealedObject.objects.update(announced=F("announced") - late)
        SealedObject.objects.exclude(released=None).update(released=F("released") - late)
        DiscardedName.objects.update(since=F("since") - late)
        collect(grace=timedelta(hours=24), dry_run=False)
    whole(alice, tmp_path)
    assert set(on_disk(tmp_path)) == set(SealedObject.objects.values_list("store_name", flat=True))
    assert SealedObject.objects.count() == SnapshotPart.objects.count()


def killed_everywhere(prepare: Callable[[], Callable[[], None]], check: Callable[[], None], *, at_least: int) -> None:
    """Prepares afresh, is killed one step later each time, tries the same again, until it came through."""
    for step in count(1):
        work = prepare()

        def cut_off(_mark: Callable[[], None], step: int = step, work: Callable[[], None] = work) -> None:
            with killed_at(step):
                work()

        ended = start(cut_off).wait()
        check()
        work()  # whoever was cut off tries again
        check()
        if not ended.killed:
            assert step > at_least
            return


def test_an_upload(alice: Person, tmp_path: Path) -> None:
    def prepare() -> Callable[[], None]:
        pack = Thing.make()

        def work() -> None:
            alice.begin(pack)
            sealed = SealedObject.objects.get(object_id=pack.id)
            # Not by the raw application: its threads do not live on in a child.
            spool = objectstore.Spool(objectstore.open_store())
            spool.write(pack.content)
            services.object_store(sealed=sealed, arrival=spool)
            assert alice.finish(pack) == {pack.id: "stored"}

        return work

    killed_everywhere(prepare, lambda: whole(alice, tmp_path), at_least=12)
    settled(alice, tmp_path)


def test_a_commit(alice: Person, tmp_path: Path) -> None:
    def prepare() -> Callable[[], None]:
        snapshot, pack, catalog = Thing.make("snapshot"), Thing.make(), Thing.make("catalog")
        alice.store(snapshot, pack, catalog)
        sequence, sealed = Head.objects.last_sequence(alice.account) + 1, head()

        def work() -> None:
            assert alice.commit(sequence, sealed, [(snapshot, [pack, catalog])]).status_code in {200, 201}

        return work

    killed_everywhere(prepare, lambda: whole(alice, tmp_path), at_least=8)
    # Each of them landed, once, whether its first answer arrived or not.
    assert Snapshot.objects.count() == Head.objects.count() > 8
    settled(alice, tmp_path)


def test_a_removal_and_the_collection_after_it(alice: Person, tmp_path: Path) -> None:
    def prepare() -> Callable[[], None]:
        snapshot, pack = Thing.make("snapshot"), Thing.make()
        alice.store(snapshot, pack)
        last = Head.objects.last_sequence(alice.account)
        assert alice.commit(last + 1, head(), [(snapshot, [pack])]).status_code == 201
        sealed = head()

        def work() -> None:
            assert alice.commit(last + 2, sealed, remove=[snapshot]).status_code in {200, 201}
            late = timedelta(hours=25)
            SealedObject.objects.exclude(released=None).update(released=F("released") - late)
            DiscardedName.objects.update(since=F("since") - late)
            collect(grace=timedelta(hours=24), dry_run=False)

        return work

    killed_everywhere(prepare, lambda: whole(alice, tmp_path), at_least=20)
    assert not Snapshot.objects.exists()
    settled(alice, tmp_path)
    assert on_disk(tmp_path) == {}


def test_giving_up(alice: Person, tmp_path: Path) -> None:
    def prepare() -> Callable[[], None]:
        stored, announced = Thing.make(), Thing.make()
        alice.store(stored)
        alice.begin(announced)
        return lambda: void(alice.abandon(stored, announced))

    killed_everywhere(prepare, lambda: whole(alice, tmp_path), at_least=8)
    assert alice.room == (0, 0)
    settled(alice, tmp_path)


def void(_: object) -> None:
    """Nothing is told."""
