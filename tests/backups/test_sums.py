"""Whatever is done in whatever order: sums are exact, committed bytes stay, and bytes without a row go."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.test.utils import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from backupweb.accounts import rooms
from backupweb.accounts.models import Plan
from backupweb.backups import services
from backupweb.backups.errors import HeadMoved, NotStored, QuotaExceeded
from backupweb.backups.models import DiscardedName, Head, SealedObject, Snapshot, State
from backupweb.lib import objectstore
from backupweb.ops.collection import collect
from tests.people import Person, Thing, head

LIMIT = 6 * 5000
LETTERS = st.integers(0, 5)


class Programs(RuleBasedStateMachine):
    """Random programs over six objects: even ones are packs, odd ones snapshots."""

    def __init__(self) -> None:
        super().__init__()
        self.alice = Person.named("alice")
        self.alice.limit_to(LIMIT)
        self.limit = self.ceiling = LIMIT
        self.plan = Plan.objects.create(name="of this program", limit=LIMIT)
        self.things = [Thing.make("snapshot" if n % 2 else "pack", 4096 + 700 * n) for n in range(6)]
        self.committed: dict[str, set[str]] = {}
        self.sequence = 0

    def rows(self) -> dict[str, SealedObject]:
        return {row.object_id.hex: row for row in SealedObject.objects.all()}

    @rule(which=st.sets(LETTERS, min_size=1))
    def begin(self, which: set[int]) -> None:
        rows = self.rows()
        fresh = sum(len(self.things[n].content) for n in which if self.things[n].id not in rows)
        fits = fresh == 0 or sum(self.alice.room) + fresh <= self.limit
        assert self.alice.begin(*(self.things[n] for n in which)).status_code == (200 if fits else 413)

    @rule(limit=st.sampled_from([0, 9000, LIMIT, 2 * LIMIT]), own=st.booleans())
    def change_limit(self, limit: int, own: bool) -> None:
        """By an admin's hand or by the plan, while uploads are under way: also below what is kept."""
        if not own:
            Plan.objects.filter(pk=self.plan.pk).update(limit=limit)
            rooms.plan_set(accounts=[self.alice.account], plan=self.plan)
        rooms.limit_set(account=self.alice.account, limit=limit if own else None)
        self.limit = limit
        self.ceiling = max(limit, sum(self.alice.room))

    @rule(n=LETTERS)
    def fetch(self, n: int) -> None:
        row = self.rows().get(self.things[n].id)
        stored = row is not None and row.state == State.STORED
        assert self.alice.fetch(self.things[n]).status == (200 if stored else 404)

    @rule(n=LETTERS, truly=st.booleans())
    def put(self, n: int, truly: bool) -> None:
        thing = self.things[n]
        row = self.rows().get(thing.id)
        status = self.alice.put(thing, None if truly else bytes(len(thing.content))).status
        if row is None:
            assert status == 404
        elif row.state == State.STORED or truly:
            assert status == 204
        else:
            assert status == 409

    @rule(which=st.sets(LETTERS, min_size=1))
    def finish(self, which: set[int]) -> None:
        self.alice.finish(*(self.things[n] for n in which))

    @rule(n=LETTERS)
    def lose(self, n: int) -> None:
        row = self.rows().get(self.things[n].id)
        if row is not None:
            objectstore.open_store().delete(row.store_name)
            self.alice.finish(self.things[n])

    @rule(snapshot=st.sampled_from([1, 3, 5]), packs=st.sets(st.sampled_from([0, 2, 4])), late=st.booleans())
    def commit(self, snapshot: int, packs: set[int], late: bool) -> None:
        needed = {self.things[n].id for n in packs} | {self.things[snapshot].id}
        rows = self.rows()
        fit = all(id_ in rows and rows[id_].state == State.STORED for id_ in needed)
        status = self.alice.commit(
            self.sequence + (0 if late else 1), head(), [(self.things[snapshot], [self.things[n] for n in packs])]
        ).status_code
        if late and self.sequence == 0:
            assert status == 422
        elif fit and not late:
            assert status == 201
            self.sequence += 1
            self.committed.setdefault(self.things[snapshot].id, set()).update(needed)
        else:
            assert status == 409

    @precondition(lambda self: self.committed)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.committed)))
        thing = next(one for one in self.things if one.id == id_)
        assert self.alice.commit(self.sequence + 1, head(), remove=[thing]).status_code == 201
        self.sequence += 1
        del self.committed[id_]

    @rule(which=st.sets(LETTERS, min_size=1))
    def abandon(self, which: set[int]) -> None:
        self.alice.abandon(*(self.things[n] for n in which))

    @rule(hours=st.sampled_from([1, 12, 25]))
    def collect(self, hours: int) -> None:
        late = timedelta(hours=hours)
        SealedObject.objects.update(announced=F("announced") - late)
        SealedObject.objects.exclude(released=None).update(released=F("released") - late)
        collect(grace=timedelta(hours=24), dry_run=False)

    @invariant()
    def sums_are_exact_and_within_the_quota(self) -> None:
        taken = sum(self.alice.room)
        assert taken <= self.ceiling
        # What lies above a limit that was lowered may only become less.
        self.ceiling = max(self.limit, taken)

    @invariant()
    def what_is_committed_is_there(self) -> None:
        rows = self.rows()
        assert {snapshot.sealed.object_id.hex for snapshot in Snapshot.objects.all()} == set(self.committed)
        for needed in self.committed.values():
            assert needed <= set(rows)
        assert Head.objects.count() == self.sequence

    @invariant()
    def the_store_holds_what_is_stored_and_nothing_else(self) -> None:
        store = objectstore.open_store()
        assert isinstance(store, objectstore.DiskStore)
        lying = {path.name for path in store.root.rglob("*") if path.is_file()}
        assert lying == {row.store_name for row in self.rows().values() if row.state == State.STORED}

    def teardown(self) -> None:
        for model in (Head, Snapshot, SealedObject, DiscardedName):
            model.objects.all().delete()
        self.alice.account.delete()
        self.plan.delete()
        store = objectstore.open_store()
        assert isinstance(store, objectstore.DiskStore)
        for path in store.root.rglob("*"):
            if path.is_file():
                path.unlink()


@pytest.fixture
def store() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with override_settings(BACKUPWEB_STORE=f"file://{data / 'packs'}", BACKUPWEB_DATA=data):
            yield


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_random_programs_keep_the_sums(store: None) -> None:
    quick = settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Programs, settings=quick)


def test_the_refusals_of_these_programs_are_named() -> None:
    assert {error.code for error in (HeadMoved, NotStored, QuotaExceeded)} <= {
        error.code for error in vars(services).values() if hasattr(error, "code")
    }
