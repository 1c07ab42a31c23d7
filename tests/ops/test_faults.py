"""A database that is locked, full or gone, and a Redis that is gone: named, no work is lost, what can go on does."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.test import Client

from backupweb.backups.models import SealedObject
from backupweb.lib import objectstore
from backupweb.lib.errors import DatabaseBusy, DiskFull, InternalFault, fault_of
from backupweb.ops import health, selectors
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def only_sqlite() -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("what SQLite does")


@contextmanager
def locked_by_somebody(seconds: float) -> Iterator[None]:
    """Another process writes for so long."""
    with closing(sqlite3.connect(connections["default"].settings_dict["NAME"], check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        timer = threading.Timer(seconds, other.rollback)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            other.rollback()


@contextmanager
def patience(milliseconds: int) -> Iterator[None]:
    """How long this connection waits for a lock."""
    options = connections["default"].settings_dict["OPTIONS"]
    before = options["timeout"]
    options["timeout"] = milliseconds / 1000
    connections["default"].close()
    try:
        yield
    finally:
        options["timeout"] = before
        connections["default"].close()


def test_a_database_that_is_locked_for_a_moment_is_waited_for(alice: Person) -> None:
    only_sqlite()
    with locked_by_somebody(0.5):
        began = time.monotonic()
        assert alice.begin(Thing.make()).status_code == 200
        assert time.monotonic() - began > 0.4


def test_a_database_that_stays_locked_is_named_and_nothing_is_lost(alice: Person) -> None:
    only_sqlite()
    pack = Thing.make()
    alice.client.raise_request_exception = False
    with patience(200):
        with locked_by_somebody(60):
            refused = alice.begin(pack)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "http.busy")
        assert not SealedObject.objects.exists()
        assert alice.begin(pack).status_code == 200
        with locked_by_somebody(60):
            answer = alice.put(pack)
        assert (answer.status, answer.error) == (503, "http.busy")
        assert alice.put(pack).status == 204
    assert alice.finish(pack)[pack.id] == "stored"


def test_a_disk_that_is_full_is_named_and_nothing_is_lost(alice: Person) -> None:
    only_sqlite()
    alice.client.raise_request_exception = False
    pack = Thing.make()
    alice.store(pack)
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
    before = connections["default"].settings_dict["OPTIONS"]["init_command"]
    connections["default"].settings_dict["OPTIONS"]["init_command"] = f"{before} PRAGMA max_page_count={pages};"
    connections["default"].close()
    try:
        status, code = 200, ""
        while status == 200:
            answer = alice.begin(*(Thing.make() for _ in range(64)))
            status = answer.status_code
        code = answer.json()["error"]["code"]
        assert (status, code) == (507, "http.disk_full")
        assert Client().get("/healthz").status_code == 200
        # Reading goes on.
        assert alice.get("/api/account").status_code == 200
        assert alice.fetch(pack).body == pack.content
    finally:
        connections["default"].settings_dict["OPTIONS"]["init_command"] = before
        connections["default"].close()
    assert alice.begin(Thing.make()).status_code == 200
    used, _ = alice.room  # the sums are exact
    assert used == len(pack.content)


def test_a_page_is_not_a_fault_when_the_database_is_busy(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(selectors, "events_of", locked)
    alice.client.raise_request_exception = False
    assert alice.get("/accounts/activity/").status_code == 503


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (OperationalError("database is locked"), DatabaseBusy),
        (OperationalError("connection to server at … failed: Connection refused"), DatabaseBusy),
        (OperationalError("database or disk is full"), DiskFull),
        (OperationalError('could not extend file "base/1": No space left on device'), DiskFull),
        (ValueError("database is locked"), InternalFault),
        (None, InternalFault),
    ],
)
def test_what_databases_say_has_a_name(error: Exception | None, refusal: type) -> None:
    assert type(fault_of(error)) is refusal


def test_a_store_that_does_not_answer_makes_nobody_wait_for_readiness(monkeypatch: pytest.MonkeyPatch) -> None:
    woken = threading.Event()
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    monkeypatch.setattr(objectstore, "probe", lambda _: woken.wait(20))
    began = time.monotonic()
    answer = Client().get("/readyz")
    assert time.monotonic() - began < 5
    woken.set()
    assert answer.status_code == 503
    assert answer.json()["error"]["params"] == {"store": 1}


def test_without_redis_everything_answers_and_readiness_names_it(alice: Person, settings: Any) -> None:
    settings.SEVERAL_PROCESSES = True
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [{"address": "redis://127.0.0.1:1/0"}]},
        }
    }
    settings.CACHES = {
        "default": {
            "BACKEND": "backupweb.lib.sturdycache.SturdyRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 1},
        }
    }
    pack, snapshot = Thing.make(), Thing.make("snapshot")
    alice.store(pack, snapshot)
    alice.finish(pack, snapshot)
    assert alice.commit(1, head(), add=[(snapshot, [pack])]).status_code == 201
    assert alice.fetch(pack).body == pack.content
    assert Client().get("/").status_code == 200
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").json()["error"]["params"] == {"redis": 1}


def test_a_whole_database_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> bool:
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "_database", gone)
    monkeypatch.setattr(health, "_migrations", gone)
    assert Client().get("/readyz").json()["error"]["params"] == {"database": 1, "migrations": 1}
