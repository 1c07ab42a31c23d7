"""The databases: there, whole, current, and of one mind about the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from backupweb.lib.databases import databases_in_use
from backupweb.ops.doctor.finding import Finding, State
from backupweb.ops.duties import after_a_jump
from backupweb.ops.models import Run

_OLDEST_POSTGRES = 140000
_MUCH = timedelta(seconds=30)


def databases_answer() -> Iterator[Finding]:
    """Every database of this site."""
    for alias in databases_in_use():
        name = "database" if alias == "default" else "database of the vault"
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            yield Finding(name, State.TROUBLE, f"It does not answer ({type(error).__name__}).", _next(alias))
            continue
        yield from _sqlite(alias, name) if connections[alias].vendor == "sqlite" else _postgres(alias, name)


def _next(alias: str) -> str:
    setting = "DATABASE_URL" if alias == "default" else "BACKUPWEB_VAULT_DATABASE_URL"
    if connections[alias].vendor == "sqlite":
        folder = settings.BACKUPWEB_DATA
        return f"Is {folder} there (mounted?), may this user write in it, and is the disk not full?"
    return f"Does PostgreSQL run, and do host, name and password in {setting} fit?"


def _sqlite(alias: str, name: str) -> Iterator[Finding]:
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check(1)")
        whole = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
    if whole != "ok":
        yield Finding(
            name,
            State.TROUBLE,
            "The file is damaged.",
            "Stop the site, copy the file away, and restore the last backup (docs/operations.md, Backup and restore).",
        )
    elif mode != "wal":
        yield Finding(
            name,
            State.TROUBLE,
            "SQLite does not keep a write-ahead log here: readers and writers would wait for each other.",
            "A network file system cannot hold it: put BACKUPWEB_DATA on a local disk.",
        )
    else:
        yield Finding(name, State.WELL, f"SQLite {version} answers, its file is whole.")


def _postgres(alias: str, name: str) -> Iterator[Finding]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
    if number < _OLDEST_POSTGRES:
        yield Finding(name, State.TROUBLE, f"PostgreSQL {version} is too old.", "Version 14 or newer is needed.")
    else:
        yield Finding(name, State.WELL, f"PostgreSQL {version} answers.")


def tables_are_current() -> Iterator[Finding]:
    """Whether the tables are what this version expects."""
    missing = 0
    for alias in databases_in_use():
        executor = MigrationExecutor(connections[alias])
        missing += len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        says = f"The tables are behind the program by {missing} steps."
        yield Finding("tables", State.TROUBLE, says, "`manage.py setup`, or start `manage.py serve` again.")
    else:
        yield Finding("tables", State.WELL, "The tables are current.")


def clock_is_right() -> Iterator[Finding]:
    """Sessions, invitations and grace times go by it."""
    now = timezone.now()
    ahead = Run.objects.filter(began__gt=now + _MUCH).order_by("-began").first()
    beside = _database_clock()
    if ahead is not None:
        yield Finding(
            "clock",
            State.CARE,
            f"A duty seems to have begun in the future ({ahead.began:%Y-%m-%d %H:%M} UTC): the clock was put back.",
            "Is the time right now? Switch on time synchronisation (`timedatectl set-ntp true`).",
        )
    elif beside is not None and abs(beside - now) > _MUCH:
        yield Finding(
            "clock",
            State.TROUBLE,
            f"This machine and the database disagree about the time by {abs(beside - now).seconds} seconds.",
            "Switch on time synchronisation on both (`timedatectl set-ntp true`).",
        )
    elif after_a_jump(now):
        yield Finding(
            "clock",
            State.CARE,
            f"It is {now:%Y-%m-%d %H:%M} UTC here, and nobody was at work for the week before: was the site off?",
            "If the time is wrong, put it right today: what deletes waits a day (docs/operations.md, duties).",
        )
    else:
        yield Finding("clock", State.WELL, f"It is {now:%Y-%m-%d %H:%M} UTC here.")


def _database_clock() -> datetime | None:
    if connections["default"].vendor != "postgresql":
        return None
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
        return told
