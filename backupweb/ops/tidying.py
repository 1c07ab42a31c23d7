"""Forgets what has ended: sessions, jobs, old runs; notes once a day how much there is, and lays a copy aside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backupweb.accounts.models import Account
from backupweb.backups import selectors as backups
from backupweb.ops import metadata
from backupweb.ops.models import Day, Run

_RUNS_KEPT = timedelta(days=90)
_JOBS_KEPT = timedelta(days=7)
_COPIES_KEPT = 14


def tidy() -> dict[str, int]:
    """One run. It may be cut off anywhere and done again."""
    now = timezone.now()
    totals = backups.totals()
    Day.objects.update_or_create(
        day=now.date(),
        defaults={
            "accounts": Account.objects.filter(is_active=True).count(),
            "stored": totals.bytes,
            "objects_stored": totals.objects,
            "snapshots": totals.snapshots,
        },
    )
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    # A job holds what it was told, an address for example: not for longer than somebody may want to look why it failed.
    jobs, _ = DBTaskResult.objects.finished().filter(finished_at__lt=now - _JOBS_KEPT).delete()
    runs, _ = Run.objects.filter(began__lt=now - _RUNS_KEPT, ended__isnull=False).delete()
    return {"sessions": sessions, "jobs": jobs, "runs": runs}


def back_up(folder: Path) -> dict[str, int]:
    """A copy of the metadata, one a day; the oldest go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    contents = metadata.write(folder / f"backupweb-{timezone.now():%Y-%m-%d}.jsonl.gz")
    for old in sorted(folder.glob("backupweb-????-??-??.jsonl.gz"))[:-_COPIES_KEPT]:
        old.unlink()
    return {"rows": sum(contents.rows.values())}
