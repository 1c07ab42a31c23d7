"""A batch costs as many statements as a single object: what a pack costs does not grow with how many come at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backupweb.backups import services
from backupweb.backups.models import SealedObject
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(transaction=True)


def announced(things: list[Thing]) -> list[services.Announcement]:
    return [
        services.Announcement(id=row["id"], kind=row["kind"], size=row["size"], sha256=row["sha256"])
        for row in (thing.announcement for thing in things)
    ]


def statements(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def begin(alice: Person, number: int) -> int:
    wanted = announced([Thing.make() for _ in range(number)])
    return statements(lambda: services.objects_begin(account=alice.account, announcements=wanted))


def arrived(alice: Person, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """All came another way, and the store confirms them."""
    things = [Thing.make() for _ in range(number)]
    alice.begin(*things)
    monkeypatch.setattr(services, "_arrived", lambda store, rows: [True] * len(rows))
    ids = list(
        SealedObject.objects.filter(object_id__in=[one.id for one in things]).values_list("object_id", flat=True)
    )
    return statements(lambda: services.objects_finish(account=alice.account, ids=ids))


def test_announcing_64_takes_as_many_statements_as_announcing_one(alice: Person) -> None:
    begin(alice, 1)  # the account's first
    assert begin(alice, 64) == begin(alice, 1)


def test_counting_64_that_came_past_the_site_takes_as_many_as_counting_one(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert arrived(alice, 64, monkeypatch) == arrived(alice, 1, monkeypatch)
    assert alice.room == (65 * 4096, 0)


def test_one_that_was_given_up_meanwhile_does_not_hold_up_the_others(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, given_up = Thing.make(), Thing.make()
    alice.begin(kept, given_up)
    rows = list(SealedObject.objects.order_by("pk"))

    def meanwhile(store: object, asked: list[SealedObject]) -> list[bool]:
        alice.abandon(given_up)
        return [True] * len(asked)

    monkeypatch.setattr(services, "_arrived", meanwhile)
    found = services.objects_finish(account=alice.account, ids=[row.object_id for row in rows])
    assert [row.state for row in found] == ["stored", "expected"]
    assert alice.room == (4096, 0)


def test_a_call_of_the_api_takes_three_statements_beside_its_own(alice: Person) -> None:
    """Session and account; the device was seen lately, and is not looked up again."""
    pack = Thing.make()
    alice.begin(pack)
    alice.finish(pack)
    with CaptureQueriesContext(connection) as queries:
        alice.finish(pack)
    tables = [query["sql"].split(" FROM ")[-1].split()[0].strip('"') for query in queries]
    assert tables == ["django_session", "accounts_account", "backups_sealedobject"]
