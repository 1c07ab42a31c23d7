"""What somebody has to see to, how often, and how it went: each run is a row, and no duty runs twice at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from backupweb.accounts.rooms import room_notices
from backupweb.lib.locks import Taken, lock
from backupweb.ops import tidying
from backupweb.ops.collection import collect
from backupweb.ops.deleting import accounts_delete_due
from backupweb.ops.inactivity import inactivity_notices
from backupweb.ops.models import Run
from backupweb.ops.verifying import FINDINGS, sampled

logger = logging.getLogger(__name__)

_HOURLY = timedelta(hours=1)
# What failed is not left alone until tomorrow.
_AGAIN = timedelta(hours=1)
_A_DAY, _A_WEEK = timedelta(hours=23), timedelta(days=7)
# Objects of the store that are looked at every day, by chance, to the last byte.
_SAMPLE = 50

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Duty:
    """`daily`: once on every day of the calendar, in UTC; else every hour. `destroys`: see [A jump of the clock]."""

    name: Run.Duty
    work: Callable[[], Counts]
    daily: bool
    # What was counted may say that something is wrong, although everything ran.
    well: Callable[[Counts], bool] = lambda counts: True
    destroys: bool = False

    def due(self, now: datetime) -> bool:
        """Whether it is time. A clock that was put back does not silence a duty: what lies ahead counts as long ago."""
        if self.destroys and after_a_jump(now):
            return False
        last = Run.objects.filter(duty=self.name).order_by("-pk").first()
        if last is None or last.began > now:
            return True
        if not last.well or last.ended is None:
            return now - last.began >= _AGAIN
        return last.began.date() != now.date() if self.daily else now - last.began >= _HOURLY


def after_a_jump(now: datetime) -> bool:
    """Whether the clock says that nobody was here for a week, and does so for less than a day.

    [A jump of the clock] A clock that is put forwards by years makes every grace time seem over. So what destroys waits
    for a day, in which somebody can put the clock right; after a long time switched off, it waits for nothing.
    """
    runs = Run.objects.filter(began__lt=now - _A_DAY)
    return runs.exists() and not runs.filter(began__gte=now - _A_WEEK).exists()


def collecting(grace: timedelta) -> Duty:
    """Collection with a grace time of its own."""
    return Duty(Run.Duty.COLLECT, lambda: asdict(collect(grace=grace, dry_run=False)), daily=False, destroys=True)


def _verify() -> Counts:
    return sampled(_SAMPLE, hashed=True, give_up_damaged=False, say=_say)


def _say(finding: str, name: str) -> None:
    logger.error("store and tables differ", extra={"event": {"finding": finding, "store_name": name}})


def _notices() -> Counts:
    return {"room": room_notices(), **inactivity_notices()}


def duties() -> list[Duty]:
    """All duties of this site, in the order in which they are seen to."""
    found = [
        collecting(timedelta(hours=settings.BACKUPWEB_GRACE_HOURS)),
        Duty(Run.Duty.DELETE, accounts_delete_due, daily=False, destroys=True),
        Duty(Run.Duty.NOTICES, _notices, daily=True),
        Duty(Run.Duty.VERIFY, _verify, daily=True, well=lambda counts: not any(map(counts.get, FINDINGS))),
        Duty(Run.Duty.TIDY, tidying.tidy, daily=True),
    ]
    if settings.BACKUPWEB_BACKUPS is not None:
        found.append(Duty(Run.Duty.BACKUP, partial(tidying.back_up, settings.BACKUPWEB_BACKUPS), daily=True))
    return found


def run_due(only: Iterable[str] = ()) -> list[Run]:
    """Runs what is due, or what is named, due or not. One that fails does not stop the others."""
    named, runs = set(only), []
    for duty in duties():
        if duty.name in named or (not named and duty.due(timezone.now())):
            runs.append(run(duty))
    return [done for done in runs if done is not None]


def run(duty: Duty) -> Run | None:
    """One run, written down; None when another process is at it."""
    with ExitStack() as held:
        try:
            held.enter_context(lock(f"duty-{duty.name}", wait=False))
        except Taken:
            logger.info("a duty is being seen to already", extra={"event": {"duty": duty.name}})
            return None
        now = timezone.now()
        # With the lock in hand: whoever began these does not live any more.
        Run.objects.filter(duty=duty.name, ended=None, cursor="").update(ended=now, well=False)
        written = Run.objects.create(duty=duty.name, began=now)
        try:
            written.counts = dict(duty.work())
            written.well = duty.well(written.counts)
        except Exception:
            logger.exception("a duty failed", extra={"event": {"duty": duty.name}})
            written.well = False
        written.ended = timezone.now()
        written.save(update_fields=["counts", "well", "ended"])
        logger.info("a duty was seen to", extra={"event": {"duty": duty.name, "well": written.well, **written.counts}})
        return written
