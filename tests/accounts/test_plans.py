"""Which limit counts: the account's own, else its plan's, else the site's; and what a changed limit never breaks."""

from __future__ import annotations

import pytest

from backupweb.accounts import rooms, selectors
from backupweb.accounts.models import Account, Plan, Quota
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True)

SITE = 10**9


@pytest.fixture
def small(db: None) -> Plan:
    return Plan.objects.create(name="Small", limit=2_000_000)


def limit_of(person: Person) -> int:
    return selectors.room_of(person.account).limit


def test_a_limit_of_ones_own_goes_before_the_plan_and_the_plan_before_the_site(alice: Person, small: Plan) -> None:
    assert limit_of(alice) == SITE
    assert rooms.plan_set(accounts=[alice.account], plan=small) == 1
    assert limit_of(alice) == 2_000_000
    rooms.limit_set(account=alice.account, limit=3_000_000)
    assert limit_of(alice) == 3_000_000
    rooms.limit_set(account=alice.account, limit=None)
    rooms.plan_set(accounts=[alice.account], plan=None)
    assert limit_of(alice) == SITE


def test_every_place_that_shows_a_limit_shows_the_one_that_counts(alice: Person, bob: Person, small: Plan) -> None:
    rooms.plan_set(accounts=Account.objects.filter(username="alice"), plan=small)
    assert alice.get("/api/account").json()["quota"]["limit"] == 2_000_000
    listed = {row.username: row for row in selectors.with_room(Account.objects.all())}
    assert listed["alice"].room_limit == 2_000_000  # type: ignore[attr-defined]  # annotated
    assert listed["bob"].room_limit == SITE  # type: ignore[attr-defined]
    refused = alice.post("/api/objects/begin", {"objects": [Thing.make().announcement | {"size": 2_000_001}]})
    assert (refused.status_code, refused.json()["error"]["params"]) == (413, {"missing": 1})


def test_all_accounts_count_in_what_is_promised_also_those_that_never_looked(
    alice: Person, bob: Person, small: Plan
) -> None:
    rooms.plan_set(accounts=[alice.account], plan=small)
    assert not Quota.objects.filter(account=bob.account).exists()
    alice.store(Thing.make())
    room = selectors.room_of_all()
    assert (room.limit, room.used, room.reserved) == (SITE + 2_000_000, 4096, 0)
    assert selectors.room_promised() == SITE + 2_000_000 - 4096
    rooms.limit_set(account=alice.account, limit=1000)
    assert selectors.room_promised() == SITE, "whoever keeps more than they may gives nobody room"


def test_a_plan_below_what_is_kept_breaks_nothing_but_adding(alice: Person, small: Plan) -> None:
    kept, promised, snapshot = Thing.make(), Thing.make(), Thing.make("snapshot")
    alice.store(kept, snapshot)
    alice.begin(promised)
    alice.commit(1, head("one"), [(snapshot, [kept])])
    small.limit = 1
    small.save()
    rooms.plan_set(accounts=[alice.account], plan=small)
    assert alice.begin(Thing.make()).status_code == 413
    assert alice.fetch(kept).body == kept.content
    assert alice.put(promised).status == 204, "what was promised is kept"
    assert alice.finish(kept, promised) == {kept.id: "stored", promised.id: "stored"}
    assert alice.commit(2, head("two"), remove=[snapshot]).status_code == 201
    assert alice.abandon(promised, kept, snapshot) == 3
    assert alice.room == (0, 0)


def test_a_plan_that_somebody_has_is_not_deleted(alice: Person, small: Plan) -> None:
    rooms.plan_set(accounts=[alice.account], plan=small)
    with pytest.raises(Exception, match="protected"):
        small.delete()


def test_many_accounts_get_a_plan_in_few_statements(small: Plan, django_assert_max_num_queries: object) -> None:
    people = Account.objects.bulk_create(Account(username=f"person-{n}", password="!") for n in range(300))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert rooms.plan_set(accounts=people, plan=small) == 300
    assert Quota.objects.filter(plan=small).count() == 300
