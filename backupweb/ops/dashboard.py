"""What the admin's first page shows: people, room, growth, health, duties, and who waits for an answer."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TakesTooLong
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backupweb.accounts import selectors as accounts
from backupweb.accounts.models import Account, Quota
from backupweb.backups import selectors as backups
from backupweb.ops import health
from backupweb.ops.models import Day, Run

KEPT = 60
PATIENCE = 2.0
DAYS = 90
QUIET_AFTER = timedelta(days=90)
# How old the last good run may be.
WATCHED_DUTIES: dict[str, timedelta] = {
    Run.Duty.COLLECT: timedelta(hours=3),
    Run.Duty.VERIFY: timedelta(days=2),
    Run.Duty.BACKUP: timedelta(days=2),
}
PROBES: dict[str, str | Promise] = {
    "database": _("Database"),
    "migrations": _("Tables"),
    "store": _("Store"),
    "vault": _("Key vault"),
}

# One thread: a store that does not answer holds one of them, not one for every look at the page.
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="dashboard")
_asked: Future[dict[str, int]] | None = None


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the admin's theme."""
    figures = cache.get_or_set("dashboard.figures", _figures, KEPT)
    days = list(Day.objects.filter(day__gt=timezone.now().date() - timedelta(days=DAYS)))
    waiting = accounts.undecided_requests()
    return context | {
        "figures": figures,
        "plots": [
            Plot.of("stored", _("Stored bytes"), [(day.day, day.stored) for day in days]),
            Plot.of("people", _("People"), [(day.day, day.accounts) for day in days]),
        ],
        "days": days,
        "probes": probes(),
        "duties": [_duty(duty, within) for duty, within in WATCHED_DUTIES.items()],
        "waiting": waiting[:5],
        "waiting_number": waiting.count(),
    }


# ---------------------------------------------------------------- people and room


def _figures() -> dict[str, Any]:
    """Sums over all accounts; asked once a minute at most, whoever looks."""
    now = timezone.now()
    month = timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    quiet = Q(last_login__lt=now - QUIET_AFTER) | Q(last_login=None, date_joined__lt=now - QUIET_AFTER)
    people = Account.objects.aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        fresh=Count("pk", filter=Q(date_joined__gte=month)),
        quiet=Count("pk", filter=Q(is_active=True) & quiet),
        suspended=Count("pk", filter=Q(is_active=False)),
        leaving=Count("pk", filter=Q(delete_after__isnull=False)),
    )
    room = accounts.room_of_all()
    promised = accounts.room_promised()
    disk = backups.store_room()
    return {
        **people,
        "stored": room.used,
        "reserved": room.reserved,
        "limit": room.limit,
        "promised": promised,
        "free": None if disk is None else disk.free,
        "total": None if disk is None else disk.total,
        "overbooked": disk is not None and promised > disk.free,
        "uploading": Quota.objects.filter(reserved__gt=0).count(),
        "full": accounts.rooms_filled(from_share=95).count(),
        "scarce": accounts.rooms_filled(from_share=80).count(),
    }


# ---------------------------------------------------------------- growth


@dataclass(frozen=True)
class Plot:
    """One line over the days, in a box of a thousand by a hundred; words stand beside it, not in it."""

    name: str
    title: str | Promise
    line: str
    area: str
    highest: int
    first: int
    last: int
    begins: date | None
    ends: date | None

    @classmethod
    def of(cls, name: str, title: str | Promise, told: list[tuple[date, int]]) -> Plot:
        if len(told) < 2:
            return cls(name, title, "", "", 0, 0, 0, None, None)
        begins, ends = told[0][0], told[-1][0]
        span, highest = (ends - begins).days, max(value for _day, value in told)
        points = [
            (round((day - begins).days / span * 1000, 1), round(96 - 92 * value / max(highest, 1), 1))
            for day, value in told
        ]
        line = " ".join(f"{across},{down}" for across, down in points)
        return cls(name, title, line, f"0,100 {line} 1000,100", highest, told[0][1], told[-1][1], begins, ends)


# ---------------------------------------------------------------- health and duties


@dataclass(frozen=True)
class Probe:
    """One part of the site: well, not well, or it has not answered yet."""

    title: str | Promise
    state: str


def probes() -> list[Probe]:
    """How the parts of the site are, as it was a minute ago at most. The page waits two seconds and no longer."""
    unfit = cache.get("dashboard.unready")
    if unfit is None:
        unfit = _ask_aside()
    titles = PROBES | ({"redis": "Redis"} if settings.SEVERAL_PROCESSES else {})
    if unfit is None:
        return [Probe(title, "waiting") for title in titles.values()]
    return [Probe(title, "bad" if unfit.get(name) else "good") for name, title in titles.items()]


def _ask_aside() -> dict[str, int] | None:
    global _asked  # noqa: PLW0603  # who asks next waits for the same answer
    if _asked is None or _asked.done():
        _asked = _aside.submit(_ask)
    with suppress(TakesTooLong):
        return _asked.result(PATIENCE)
    return None


def _ask() -> dict[str, int]:
    try:
        unfit = health.unready()
        cache.set("dashboard.unready", unfit, KEPT)
        return unfit
    finally:
        connections.close_all()


@dataclass(frozen=True)
class Kept:
    """How a duty was last seen to."""

    title: str | Promise
    state: str
    run: Run | None


def _duty(duty: str, within: timedelta) -> Kept:
    title = Run.Duty(duty).label
    run = Run.objects.all().last(duty)
    if run is None or run.ended is None:
        wanted = duty != Run.Duty.BACKUP or settings.BACKUPWEB_BACKUPS is not None
        return Kept(title, "never" if wanted else "off", None)
    if not run.well:
        return Kept(title, "failed", run)
    late = timezone.now() - run.ended > within
    return Kept(title, "late" if late else "good", run)
