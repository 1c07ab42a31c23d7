"""Whether somebody works, and whether what has to be seen to was seen to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backupweb.lib.locks import Taken, lock
from backupweb.ops.doctor.finding import Finding, State
from backupweb.ops.duties import Duty, duties
from backupweb.ops.models import Run
from backupweb.ops.working import LOCK

_LONG = timedelta(minutes=15)
_START = "`manage.py serve` runs it too; without that, run `manage.py work` as a service of its own."


def somebody_works() -> Iterator[Finding]:
    """The worker's lock is held as long as one lives."""
    if settings.BACKUPWEB_JOBS == "at-once":
        yield Finding("worker", State.WELL, "Jobs are done at once, without a worker; duties need a timer then.")
        return
    try:
        with lock(LOCK, wait=False):
            yield Finding("worker", State.TROUBLE, "Nobody works: letters wait, nothing is collected.", _START)
    except Taken:
        yield Finding("worker", State.WELL, "The worker works.")
    now = timezone.now()
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - _LONG, run_after__lt=now - _LONG).count()
    failed = DBTaskResult.objects.failed().count()
    if waiting:
        yield Finding(
            "worker", State.TROUBLE, f"{waiting} jobs have waited for more than a quarter of an hour.", _START
        )
    if failed:
        says = f"{failed} jobs failed in the last week."
        yield Finding("worker", State.CARE, says, "The log says where: look for `an exception` near their time.")


def duties_are_seen_to() -> Iterator[Finding]:
    """Each in its time, and well."""
    bad = [finding for duty in duties() if (finding := _of(duty)) is not None]
    yield from bad
    if not bad:
        yield Finding("duties", State.WELL, "Every duty was seen to in time, and went well.")


def _of(duty: Duty) -> Finding | None:
    last = Run.objects.last(duty.name)
    name = duty.name.label
    if last is None or timezone.now() - last.began > timedelta(hours=50 if duty.daily else 3):
        when = "never" if last is None else f"last on {last.began:%Y-%m-%d %H:%M} UTC"
        return Finding(
            "duties",
            State.CARE,
            f"“{name}” is overdue: {when}.",
            "The worker does it by itself; without one, let a timer call `manage.py duties` every hour.",
        )
    if not last.well:
        again = f"`manage.py duties --only {duty.name}` tries again."
        return Finding("duties", State.TROUBLE, f"“{name}” went wrong, or was cut off, the last time.", again)
    return None
