"""Counts for Prometheus: how many and how long, never who. Off unless there is a token.

[Several processes] Each counts in files below a folder that `manage.py serve` names, and whoever is asked adds them up.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

from django.core.cache import cache
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from backupweb.accounts import selectors as accounts
from backupweb.accounts.models import Account, QuotaRequest
from backupweb.lib.watching import Answered
from backupweb.ops.duties import duties
from backupweb.ops.models import Day, Run

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
FORM = CONTENT_TYPE_LATEST
# Sums over all accounts: nobody needs them more often, however often somebody asks.
_SUMS_KEPT = 60

_registry = CollectorRegistry()
_LABELS = ["route", "method", "status"]
_requests = Counter("backupweb_requests", "Answers.", _LABELS, registry=_registry)
_bytes = Counter("backupweb_answered_bytes", "Bytes of answers.", ["route"], registry=_registry)
_seconds = Histogram("backupweb_request_seconds", "How long answers took.", ["route"], registry=_registry)
_events = Counter(
    "backupweb_events", "Security events, also the vault's answers, by kind.", ["kind"], registry=_registry
)


def count(answered: Answered) -> None:
    """One answer."""
    _requests.labels(answered.route, answered.method, str(answered.status)).inc()
    _bytes.labels(answered.route).inc(answered.bytes)
    _seconds.labels(answered.route).observe(answered.seconds)


def listen() -> None:
    """From now on events are counted."""
    logging.getLogger("backupweb.security").addHandler(CountEvents())


class CountEvents(logging.Handler):
    """Counts kinds of security events: guesses of the vault, sign-ins, pairings."""

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", None)
        if isinstance(event, dict) and isinstance(event.get("event"), str):
            _events.labels(event["event"]).inc()


class Sums(Collector):
    """What the database says at the moment."""

    def collect(self) -> Iterator[Metric]:
        for name, (text, number) in sums().items():
            yield GaugeMetricFamily(f"backupweb_{name}", text, number)
        now = timezone.now()
        age = GaugeMetricFamily("backupweb_duty_age_seconds", "Since the last run ended.", labels=["duty"])
        well = GaugeMetricFamily("backupweb_duty_well", "Whether it went well.", labels=["duty"])
        for duty in duties():
            last = Run.objects.last(duty.name)
            if last is not None and last.ended is not None:
                age.add_metric([duty.name.value], max(0.0, (now - last.ended).total_seconds()))
                well.add_metric([duty.name.value], last.well)
        yield age
        yield well


def sums() -> dict[str, tuple[str, int]]:
    """Numbers of nobody in particular."""
    found: dict[str, tuple[str, int]] | None = cache.get("metrics-sums")
    if found is None:
        found = _sums()
        cache.set("metrics-sums", found, _SUMS_KEPT)
    return found


def _sums() -> dict[str, tuple[str, int]]:
    room, day = accounts.room_of_all(), Day.objects.order_by("-day").first()
    return {
        "accounts": ("Accounts that may sign in.", Account.objects.filter(is_active=True).count()),
        "used_bytes": ("Stored bytes.", room.used),
        "reserved_bytes": ("Bytes of uploads that were begun.", room.reserved),
        "promised_bytes": ("The sum of all quotas.", room.limit),
        "objects": ("Sealed objects, as of the last day that was noted.", 0 if day is None else day.objects_stored),
        "snapshots": ("Snapshots, as of the last day that was noted.", 0 if day is None else day.snapshots),
        "room_requests": ("Requests for more room that wait.", QuotaRequest.objects.undecided().count()),
        "jobs_waiting": ("Jobs that wait.", DBTaskResult.objects.ready().count()),
        "jobs_failed": ("Jobs that failed in the last week.", DBTaskResult.objects.failed().count()),
    }


def exposed() -> bytes:
    """Everything, in Prometheus's own form."""
    told = _registry
    if FOLDER in os.environ:
        told = CollectorRegistry()
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]
    numbers = CollectorRegistry()
    numbers.register(Sums())
    return generate_latest(told) + generate_latest(numbers)
