"""The admin's first page: true numbers, growth that can be read without eyes, and never longer than two seconds."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from backupweb.accounts import rooms
from backupweb.accounts.models import Account, Quota
from backupweb.ops import dashboard, health
from backupweb.ops.models import Day, Run
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def staff(db: None) -> Person:
    person = Person.named("chef")
    Account.objects.filter(pk=person.account.pk).update(is_staff=True)
    return person


def page(staff: Person) -> str:
    """The page in words: no tags, single spaces."""
    answer = staff.get("/admin/")
    assert answer.status_code == 200
    main = answer.content.decode().split('<div class="bw-dashboard">')[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_people_are_counted_by_how_they_stand(staff: Person, alice: Person, bob: Person) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    Account.objects.filter(pk=alice.account.pk).update(date_joined=long_ago, last_login=long_ago)
    Account.objects.filter(pk=bob.account.pk).update(is_active=False, delete_after=timezone.now())
    told = page(staff)
    assert "People 2 2 new this month · 1 not here for 90 days · 1 suspended · 1 to be deleted" in told


def test_room_is_what_is_stored_on_its_way_and_promised(staff: Person, alice: Person) -> None:
    alice.store(Thing.make(size=2_000_000))
    alice.begin(Thing.make(size=3_000_000))
    told = page(staff)
    assert "Stored 2 MB of 2 GB that people may keep" in told
    assert "On their way 3 MB 1 upload in progress" in told
    assert re.search(r"Still promised 2 GB The disk has [\d.]+ .B free\.", told)


def test_more_promised_than_the_disk_has_is_said(staff: Person, alice: Person) -> None:
    alice.limit_to(10**18)
    assert re.search(r"More than the [\d.]+ .B that the disk has free\.", page(staff))


def test_a_store_that_does_not_tell_its_room_is_said(staff: Person, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "unready", dict)
    settings.BACKUPWEB_STORE = "s3://key@localhost:1/bucket"
    assert "This kind of store does not tell how much room it has." in page(staff)


def test_sums_are_asked_for_once_a_minute_at_most(
    staff: Person, alice: Person, django_assert_max_num_queries: Any
) -> None:
    page(staff)
    alice.store(Thing.make(size=2_000_000))
    with django_assert_max_num_queries(16) as asked:
        assert "Stored 0 B" in page(staff)
    assert not any("SUM(" in query["sql"] for query in asked)
    cache.clear()
    assert "Stored 2 MB" in page(staff)


def test_growth_is_a_picture_and_a_table(staff: Person) -> None:
    today = timezone.now().date()
    for ago, stored in ((89, 10**9), (30, 2 * 10**9), (0, 5 * 10**9), (120, 7 * 10**12)):
        Day.objects.create(
            day=today - timedelta(days=ago), accounts=3 + ago, stored=stored, objects_stored=9, snapshots=2
        )
    html = staff.get("/admin/").content.decode()
    assert html.count("<polyline") == 2
    assert html.count('aria-hidden="true" focusable="false"') == 2
    told = page(staff)
    assert "Stored bytes 1 GB → 5 GB" in told
    assert "2 GB" in told
    assert "TB" not in told.split("The same as a table")[1].split("Health")[0]


def test_a_line_goes_from_edge_to_edge_and_stays_in_its_box() -> None:
    first = timezone.now().date()
    told = [(first + timedelta(days=day), value) for day, value in ((0, 0), (1, 5), (10, 20))]
    plot = dashboard.Plot.of("stored", "Stored", told)
    points = [tuple(map(float, pair.split(","))) for pair in plot.line.split()]
    assert points == [(0, 96), (100, 73), (1000, 4)]
    nothing = dashboard.Plot.of("stored", "Stored", [(day, 0) for day, _value in told])
    assert {pair.split(",")[1] for pair in nothing.line.split()} == {"96.0"}


def test_before_the_second_day_there_is_nothing_to_draw(staff: Person) -> None:
    Day.objects.create(day=timezone.now().date(), accounts=1, stored=1, objects_stored=1, snapshots=1)
    assert "Growth is drawn from the second day on" in page(staff)


def test_health_is_told_part_by_part(staff: Person, monkeypatch: Any) -> None:
    assert "Database well Tables well Store well Key vault well" in page(staff)
    cache.clear()
    monkeypatch.setattr(health, "unready", lambda: {"store": 1})
    assert "Database well Tables well Store does not work Key vault well" in page(staff)


def test_a_store_that_does_not_answer_does_not_hold_the_page(staff: Person, monkeypatch: Any) -> None:
    answer, asked = threading.Event(), []

    def slow() -> dict[str, int]:
        asked.append(1)
        answer.wait(30)
        return {"store": 1}

    monkeypatch.setattr(health, "unready", slow)
    monkeypatch.setattr(dashboard, "PATIENCE", 0.2)
    began = time.monotonic()
    assert "Store no answer yet" in page(staff)
    assert "Store no answer yet" in page(staff)
    assert time.monotonic() - began < 5
    assert asked == [1]  # who asks meanwhile waits for the same answer
    answer.set()
    for _ in range(100):
        if "Store does not work" in page(staff):
            break
        time.sleep(0.05)
    assert "Store does not work" in page(staff)
    assert asked == [1]


def test_duties_tell_how_they_went_and_when(staff: Person, settings: Any, tmp_path: Path) -> None:
    now = timezone.now()
    assert re.search(r"garbage never yet .* store never yet .* metadata not set up", page(staff))
    settings.BACKUPWEB_BACKUPS = tmp_path
    assert page(staff).count("never yet") == 3
    Run.objects.create(duty=Run.Duty.COLLECT, began=now, ended=now - timedelta(minutes=20))
    Run.objects.create(duty=Run.Duty.VERIFY, began=now, ended=now - timedelta(days=30))
    Run.objects.create(duty=Run.Duty.BACKUP, began=now, ended=now - timedelta(hours=1), well=False)
    Run.objects.create(duty=Run.Duty.BACKUP, began=now)  # not at its end yet: the last one counts
    told = page(staff)
    assert re.search(r"Collect garbage 20 minutes ago went well", told)
    assert re.search(r"Verify the store [^.]* ago overdue", told)
    assert re.search(r"Back up the metadata 1 hour ago went wrong", told)


def test_who_waits_for_room_stands_there_with_a_button(staff: Person, alice: Person, bob: Person) -> None:
    for person, used in ((alice, 990_000_000), (bob, 850_000_000)):
        Quota.objects.of(person.account)
        Quota.objects.filter(account=person.account).update(used=used)
    assert "Nobody waits for more room." in page(staff)
    wish = rooms.quota_request_make(account=alice.account, wanted=5 * 10**9, reason="")
    told = page(staff)
    assert "alice asks for 5 GB Answer" in told
    assert "95 percent used or more 1 80 percent used or more 2" in told
    assert f"/admin/accounts/quotarequest/{wish.pk}/decide/" in staff.get("/admin/").content.decode()


def test_the_first_page_names_nobody_who_does_not_wait(staff: Person, alice: Person) -> None:
    alice.store(Thing.make())
    assert "alice" not in page(staff)
