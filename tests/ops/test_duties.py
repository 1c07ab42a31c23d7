"""Duties are seen to when they are due, once, whoever else fails, and whatever the clock does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from backupweb.lib.locks import lock
from backupweb.ops import duties
from backupweb.ops.duties import Duty, run_due
from backupweb.ops.models import Day, Run
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Clock:
    """Stands still, and is put forwards and backwards."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = NOON
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def moves(self, **by: int) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def fails() -> dict[str, int]:
    raise RuntimeError("something private")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts these in the place of the site's duties."""

    def put(*chosen: Duty) -> None:
        monkeypatch.setattr(duties, "duties", lambda: list(chosen))

    return put


HOURLY = Duty(Run.Duty.COLLECT, lambda: {"objects": 2}, daily=False)
DAILY = Duty(Run.Duty.TIDY, lambda: {"sessions": 1}, daily=True)
FAILING = Duty(Run.Duty.VERIFY, fails, daily=True)


def names(runs: list[Run]) -> list[str]:
    return [run.duty for run in runs]


def test_the_site_s_duties_are_written_down_with_what_they_counted(
    alice: Person, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUPWEB_BACKUPS = tmp_path / "copies"
    said = StringIO()
    call_command("duties", stdout=said)
    runs = {run.duty: run for run in Run.objects.all()}
    assert {"collect", "tidy", "backup"} <= set(runs)
    assert all(run.well and run.ended is not None for run in runs.values())
    assert runs["collect"].counts["objects"] == 0
    assert "collect: objects=0" in said.getvalue()
    assert Day.objects.get().accounts == 1
    assert len(list((tmp_path / "copies").iterdir())) == 1
    assert run_due() == []


def test_two_weeks_of_copies_are_kept(clock: Clock, settings: Any, tmp_path: Path) -> None:
    settings.BACKUPWEB_BACKUPS = tmp_path
    for _ in range(16):
        assert "backup" in names(run_due())
        clock.moves(days=1)
    copies = sorted(path.name for path in tmp_path.glob("backupweb-*"))
    assert (len(copies), copies[0]) == (14, "backupweb-2026-11-27.jsonl.gz")


def test_hourly_is_every_hour_and_daily_every_day(clock: Clock, only: Any) -> None:
    only(HOURLY, DAILY)
    assert names(run_due()) == ["collect", "tidy"]
    clock.moves(minutes=59)
    assert run_due() == []
    clock.moves(minutes=1)
    assert names(run_due()) == ["collect"]
    clock.moves(hours=11)
    assert names(run_due()) == ["collect", "tidy"]


def test_a_clock_that_jumps_forwards_and_back_neither_silences_nor_repeats(clock: Clock, only: Any) -> None:
    only(HOURLY, DAILY)
    run_due()
    clock.moves(days=3650)
    assert names(run_due()) == ["collect", "tidy"]
    assert run_due() == []
    clock.moves(days=-3650)
    assert names(run_due()) == ["collect", "tidy"]
    assert run_due() == []
    clock.moves(hours=1)
    assert names(run_due()) == ["collect"]


def test_what_destroys_waits_for_a_day_when_the_clock_jumps_forwards(clock: Clock, only: Any) -> None:
    only(replace(HOURLY, destroys=True), DAILY)
    assert names(run_due()) == ["collect", "tidy"]  # a new site waits for nothing
    clock.moves(hours=1)
    assert names(run_due()) == ["collect"]
    clock.moves(days=3650)
    for _ in range(20):
        assert "collect" not in names(run_due())
        clock.moves(hours=1)
    clock.moves(days=-3650, hours=-20)  # put right
    assert names(run_due(["collect"])) == ["collect"]
    clock.moves(days=30)  # switched off for a month
    assert names(run_due()) == ["tidy"]
    clock.moves(days=1)
    assert "collect" in names(run_due())


def test_one_that_fails_stops_no_other_and_is_tried_again_within_the_hour(clock: Clock, only: Any) -> None:
    only(FAILING, HOURLY)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("duties", stdout=said)
    assert said.getvalue() == "verify: failed, the log knows more\ncollect: objects=2\n"
    failed = Run.objects.get(duty="verify")
    assert (failed.well, failed.ended, failed.counts) == (False, NOON, {})
    clock.moves(minutes=59)
    assert run_due() == []
    clock.moves(minutes=1)
    assert names(run_due()) == ["verify", "collect"]


def test_no_duty_runs_twice_at_once(only: Any) -> None:
    only(HOURLY, DAILY)
    with lock("duty-collect", wait=False):
        assert names(run_due()) == ["tidy"]
    assert not Run.objects.filter(duty="collect").exists()
    assert names(run_due()) == ["collect"]


def test_a_run_that_was_cut_off_is_seen_as_such_and_begun_again(clock: Clock, only: Any) -> None:
    only(HOURLY)
    cut = Run.objects.create(duty="collect", began=clock.now)
    assert run_due() == []  # it may be under way
    clock.moves(hours=1)
    assert names(run_due()) == ["collect"]
    cut.refresh_from_db()
    assert (cut.well, cut.ended) == (False, clock.now)


def test_a_store_that_lost_something_is_a_duty_that_did_not_go_well(alice: Person, tmp_path: Path) -> None:
    pack, snapshot = Thing.make(), Thing.make("snapshot")
    alice.store(pack, snapshot)
    alice.finish(pack, snapshot)
    assert alice.commit(1, head(), add=[(snapshot, [pack])]).status_code == 201
    assert run_due(["verify"])[0].well
    for file in (tmp_path / "packs").rglob("*"):
        if file.is_file():
            file.unlink()
    (lost,) = run_due(["verify"])
    assert not lost.well
    assert lost.counts["missing"] == 2


def test_a_verification_of_everything_that_is_under_way_is_not_taken_for_a_dead_one() -> None:
    under_way = Run.objects.create(duty="verify", cursor="mark:row 7")
    run_due(["verify"])
    under_way.refresh_from_db()
    assert under_way.ended is None


def test_collecting_by_hand_is_written_down_too() -> None:
    call_command("collect_garbage", "--dry-run", stdout=StringIO())
    assert not Run.objects.exists()
    call_command("collect_garbage", stdout=StringIO())
    assert Run.objects.get().duty == "collect"
    with lock("duty-collect", wait=False), pytest.raises(CommandError, match="already"):
        call_command("collect_garbage")


def test_what_is_named_is_seen_to_at_once(only: Any) -> None:
    only(HOURLY, DAILY)
    run_due()
    assert names(run_due(["tidy"])) == ["tidy"]
