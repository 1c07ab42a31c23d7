"""Forgets what has ended: sessions, jobs, old runs; and notes once a day how much there is."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backupweb.accounts.models import Account
from backupweb.backups import selectors as backups
from backupweb.ops.models import Day, Run

_RUNS_KEPT = timedelta(days=90)
_JOBS_KEPT = timedelta(days=7)


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
    sessions = _sessions()
    call_command("clearsessions", verbosity=0)
    # A job holds what it was told, an address for example: not for longer than somebody may want to look why it failed.
    jobs, _ = DBTaskResult.objects.finished().filter(finished_at__lt=now - _JOBS_KEPT).delete()
    runs, _ = Run.objects.filter(began__lt=now - _RUNS_KEPT, ended__isnull=False).delete()
    return {"sessions": sessions - _sessions(), "jobs": jobs, "runs": runs}


def _sessions() -> int:
    from django.contrib.sessions.models import Session  # noqa: PLC0415  # its table is the settings' choice

    return Session.objects.count() if settings.SESSION_ENGINE.endswith(".db") else 0
