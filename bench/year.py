"""A made-up year of many accounts, straight into the tables, and what they weigh and answer afterwards: one JSON line.

    python -m bench.year [--accounts 1000] [--exports 2] [--first-mb 500] [--new-mb 20] [--active 0.6] [--removing 0.1]

Rows are written month by month, as they would come, so that indexes grow as they would. What removes snapshots is the
server's own commit. On SQLite, or on the PostgreSQL that `deploy/dev/with-services.sh` names; no bytes are stored.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.site import Site

if TYPE_CHECKING:
    from backupweb.accounts.models import Account

MONTHS = 12
MILLION = 1_000_000
_PACK = 8 * 1024 * 1024
_HASH = "0" * 64
_TRIES = 60


@dataclass(frozen=True)
class Habits:
    """What people do, on average."""

    accounts: int
    exports: float
    """A month, of an active person."""
    first: int
    """Bytes of the first export."""
    new: int
    """Bytes that each further one adds."""
    active: float
    """The share that exports at all in a month."""
    removing: float
    """The share that removes its oldest snapshot in a month."""
    devices: int
    events: int
    """Security events a month."""


class Year:
    """The tables fill."""

    def __init__(self, habits: Habits) -> None:
        self.habits = habits
        self.chance = random.Random(1)
        self.kept: dict[Any, list[int]] = {}
        """The packs of each account, by their rows."""

    def people(self, begun: datetime) -> list[Account]:
        from allauth.usersessions.models import UserSession  # noqa: PLC0415
        from django.contrib.sessions.models import Session  # noqa: PLC0415

        from backupweb.accounts.models import Account, Quota  # noqa: PLC0415

        number = self.habits.accounts
        accounts = Account.objects.bulk_create(
            [
                Account(username=f"person-{each}", email=f"p{each}@example.org", password="!" * 90)
                for each in range(number)
            ]
        )
        Quota.objects.bulk_create(Quota(account=account, limit=10**15) for account in accounts)
        sessions, seen = [], []
        for account in accounts:
            for _ in range(self.habits.devices):
                key = secrets.token_hex(16)
                sessions.append(Session(session_key=key, session_data="x" * 250, expire_date=begun + timedelta(800)))
                seen.append(UserSession(user=account, session_key=key, ip="192.0.2.1", user_agent="x" * 110))
        Session.objects.bulk_create(sessions, batch_size=5000)
        UserSession.objects.bulk_create(seen, batch_size=5000)
        return accounts

    def month(self, accounts: list[Account], at: datetime) -> None:
        from backupweb.ops.models import SecurityEvent  # noqa: PLC0415

        for account in accounts:
            if self.chance.random() < self.habits.active:
                for _ in range(max(1, round(self.chance.expovariate(1 / self.habits.exports)))):
                    self.export(account, at)
            if self.chance.random() < self.habits.removing:
                self.remove_oldest(account)
        SecurityEvent.objects.bulk_create(
            (
                SecurityEvent(account=account, at=at, kind="signed-in", device="Firefox, Linux")
                for account in accounts
                for _ in range(self.habits.events)
            ),
            batch_size=5000,
        )

    def export(self, account: Account, at: datetime) -> None:
        from django.db import transaction  # noqa: PLC0415
        from django.db.models import F  # noqa: PLC0415

        from backupweb.accounts.models import Quota  # noqa: PLC0415
        from backupweb.backups.models import Head, SealedObject, Snapshot, SnapshotPart  # noqa: PLC0415

        known = self.kept.setdefault(account.pk, [])
        size = self.habits.new if known else self.habits.first
        kinds = ["pack"] * max(1, -(-size // _PACK)) + ["catalog", "snapshot"]
        with transaction.atomic():
            made = SealedObject.objects.bulk_create(
                SealedObject(
                    account=account,
                    object_id=secrets.token_hex(16),
                    kind=kind,
                    size=_PACK if kind == "pack" else 65536,
                    sha256=_HASH,
                    state="stored",
                    store_name=secrets.token_hex(16),
                    announced=at,
                )
                for kind in kinds
            )
            snapshot = Snapshot.objects.create(account=account, sealed=made[-1])
            # A later export of the same chat needs what the earlier ones brought.
            needed = [*known, *(row.pk for row in made)]
            SnapshotPart.objects.bulk_create(SnapshotPart(snapshot=snapshot, sealed_id=pk) for pk in needed)
            known += [row.pk for row in made[:-2]]
            sequence = Head.objects.last_sequence(account) + 1
            sealed = secrets.token_bytes(4096 + 100 * sequence)
            Head.objects.create(account=account, sequence=sequence, sealed=sealed, sha256=_HASH)
            stored = sum(row.size for row in made)
            Quota.objects.filter(account=account).update(used=F("used") + stored)

    def remove_oldest(self, account: Account) -> None:
        from backupweb.backups import services  # noqa: PLC0415
        from backupweb.backups.models import Head, Snapshot  # noqa: PLC0415

        oldest = Snapshot.objects.visible_to(account).order_by("pk").select_related("sealed").first()
        if oldest is not None:
            services.commit(
                account=account,
                sequence=Head.objects.last_sequence(account) + 1,
                sealed=secrets.token_bytes(4096),
                add=[],
                remove=[oldest.sealed.object_id],
            )


# ---------------------------------------------------------------- what it weighs


def weights(accounts: int) -> dict[str, Any]:
    """Rows and bytes of each table, its indexes apart, and what a million accounts of this kind come to."""
    from django.apps import apps  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model._meta.app_label == "vault":  # noqa: SLF001  # it may live elsewhere, and has one row a person
            continue
        rows = model._default_manager.count()  # noqa: SLF001
        if rows < accounts:
            continue
        table = model._meta.db_table  # noqa: SLF001
        indexes = _index_bytes(connection, table)
        content = _bytes(connection, table)
        found[table] = {
            "rows": rows,
            "bytes": content,
            "bytes_a_row": round(content / rows),
            "indexes": indexes,
            "gb_at_a_million": round((content + sum(indexes.values())) / accounts * MILLION / 1e9, 1),
        }
    return found


def _bytes(connection: Any, name: str) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_table_size(%s::regclass)", [f'"{name}"'])
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name = %s", [name])
        return int(cursor.fetchone()[0] or 0)


def _index_bytes(connection: Any, table: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
        names = [row[0] for row in cursor.fetchall()]
    return {name: _bytes(connection, name) for name in names}


# ---------------------------------------------------------------- how it answers


def _milliseconds(work: Callable[[Any], object], about: list[Any]) -> dict[str, float]:
    taken = []
    for one in about:
        begun = time.perf_counter()
        work(one)
        taken.append(1000 * (time.perf_counter() - begun))
    return {"median": round(statistics.median(taken), 2), "most": round(max(taken), 2)}


def answers(accounts: list[Account], chance: random.Random) -> dict[str, Any]:
    """Milliseconds of what people wait for, and of what staff look at, on the full tables."""
    from django.test import Client  # noqa: PLC0415

    from backupweb.accounts.models import Account  # noqa: PLC0415
    from backupweb.accounts.selectors import room_of  # noqa: PLC0415
    from backupweb.backups import selectors, services  # noqa: PLC0415
    from backupweb.backups.models import Head, SealedObject  # noqa: PLC0415

    with_head = list(Head.objects.order_by().values_list("account_id", flat=True).distinct())
    some = [account for account in chance.sample(accounts, min(len(accounts), 4 * _TRIES)) if account.pk in with_head]
    some = some[:_TRIES]

    def begin(account: Account) -> None:
        services.objects_begin(
            account=account,
            announcements=[
                services.Announcement(id=UUID(bytes=secrets.token_bytes(16)), kind="pack", size=_PACK, sha256=_HASH)
                for _ in range(64)
            ],
        )

    def commit(account: Account) -> None:
        rows = SealedObject.objects.visible_to(account).filter(state="stored")
        snapshot = rows.filter(kind="snapshot").order_by("-pk")[0].object_id
        packs = list(rows.filter(kind="pack").values_list("object_id", flat=True))
        services.commit(
            account=account,
            sequence=Head.objects.last_sequence(account) + 1,
            sealed=secrets.token_bytes(4096),
            add=[services.Addition(snapshot=snapshot, objects=packs)],
            remove=[],
        )

    staff = Client()
    staff.force_login(
        Account.objects.create_superuser(username="staff-of-the-year"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    def page(address: str) -> None:
        status = staff.get(address, headers={"Host": "localhost"}).status_code
        if status != 200:
            raise RuntimeError(f"{address}: {status}")

    return {
        "begin_64": _milliseconds(begin, some),
        "commit": _milliseconds(commit, some),
        "head": _milliseconds(selectors.head_of, some),
        "room": _milliseconds(room_of, some),
        "objects": _milliseconds(lambda account: selectors.objects_of(account, kind=None), some),
        "totals": _milliseconds(lambda _: selectors.totals(), [None] * 3),
        "admin_start": _milliseconds(page, ["/admin/"] * 3),
        "admin_people": _milliseconds(page, ["/admin/accounts/account/"] * 3),
        "admin_objects": _milliseconds(page, ["/admin/backups/sealedobject/"] * 3),
    }


def main() -> None:
    """One line."""
    parser = argparse.ArgumentParser(prog="bench.year")
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--exports", type=float, default=2)
    parser.add_argument("--first-mb", type=float, default=500)
    parser.add_argument("--new-mb", type=float, default=20)
    parser.add_argument("--active", type=float, default=0.6)
    parser.add_argument("--removing", type=float, default=0.1)
    parser.add_argument("--devices", type=int, default=2)
    parser.add_argument("--events", type=int, default=3)
    told = parser.parse_args()
    habits = Habits(
        accounts=told.accounts,
        exports=told.exports,
        first=int(told.first_mb * 1e6),
        new=int(told.new_mb * 1e6),
        active=told.active,
        removing=told.removing,
        devices=told.devices,
        events=told.events,
    )
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        os.environ.update(site.environment)
        import django  # noqa: PLC0415

        django.setup()
        print(json.dumps(_run(habits)))


def _run(habits: Habits) -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from backupweb.ops.collection import collect  # noqa: PLC0415

    begun, now = time.perf_counter(), timezone.now()
    year = Year(habits)
    accounts = year.people(now)
    for month in range(MONTHS):
        year.month(accounts, now - timedelta(days=30 * (MONTHS - month)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    filled = time.perf_counter() - begun
    weighed = weights(habits.accounts)
    answered = answers(accounts, year.chance)
    begun = time.perf_counter()
    collected = collect(grace=timedelta(0), dry_run=False)
    return {
        "database": connection.vendor,
        "habits": vars(habits),
        "load": round(os.getloadavg()[0], 1),
        "filled_in_seconds": round(filled),
        "tables": weighed,
        "milliseconds": answered,
        "collect_seconds": round(time.perf_counter() - begun, 1),
        "collected_objects": collected.objects + collected.reservations,
        "gb_of_tables_at_a_million": round(sum(table["gb_at_a_million"] for table in weighed.values())),
    }


if __name__ == "__main__":
    main()
