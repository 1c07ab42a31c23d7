"""`manage.py serve`: one command is the whole site, whatever dies is started again, and nothing outlives it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import sqlite3
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from backupweb.ops import web
from tests.ops.sites import Served, manage, until
from tests.ops.test_starting import SAFE


def test_one_command_makes_tables_answers_and_works(tmp_path: Path) -> None:
    with Served(tmp_path) as site:
        until(site.answers)
        assert site.ask("/readyz") == 200
        until(lambda: site.told("working"))
        assert len(site.children()) == 2
        children = site.children()
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(60) == 0
        assert not [child for child in children if child.is_running()]
        assert site.told("everything ended")


def test_who_dies_is_started_again(tmp_path: Path) -> None:
    with Served(tmp_path, "--no-work") as site:
        until(site.answers)
        (first,) = site.children()
        first.kill()
        until(lambda: site.told("a process died", process="web-1", status=-9))
        until(site.answers)
        (second,) = site.children()
        assert second.pid != first.pid


def test_what_processes_have_in_common_is_there_once(tmp_path: Path) -> None:
    with Served(tmp_path, "--no-work") as site:
        until(site.answers)
        (child,) = site.children()
        memory = child.memory_full_info()
        assert memory.uss < memory.rss / 2


def test_processes_do_not_part_from_one_whose_threads_run() -> None:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="threads run"):
            web.ready_to_part()
    finally:
        over.set()
        thread.join()


def test_nothing_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    with Served(tmp_path) as site:
        until(site.answers)
        until(lambda: site.told("working"))
        children = site.children()
        site.process.kill()
        site.process.wait()
        until(lambda: not [child for child in children if child.is_running() and child.status() != "zombie"])


def test_two_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    with Served(tmp_path, "--no-work") as one, Served(tmp_path, "--no-work") as other:
        until(one.answers)
        until(other.answers)
    with sqlite3.connect(tmp_path / "data" / "db.sqlite3") as database:
        applied = database.execute("SELECT app, name, count(*) FROM django_migrations GROUP BY app, name").fetchall()
    assert len(applied) > 20
    assert {count for _, _, count in applied} == {1}


def test_several_processes_are_refused_where_they_would_not_hear_of_each_other(tmp_path: Path) -> None:
    refused = manage(tmp_path, "serve", "--processes", "2")
    assert refused.returncode == 1
    assert "PostgreSQL (DATABASE_URL=postgres://…) and Redis (BACKUPWEB_REDIS_URL=redis://…)" in refused.stderr
    assert not (tmp_path / "data" / "db.sqlite3").exists()


@pytest.mark.parametrize(("setting", "told"), [("BACKUPWEB_URL", "https://"), ("BACKUPWEB_SECRET_KEY", "32")])
def test_an_unsafe_configuration_is_refused_in_one_sentence(tmp_path: Path, setting: str, told: str) -> None:
    wrong = {**SAFE, setting: {"BACKUPWEB_URL": "http://x.example"}.get(setting, "short")}
    refused = manage(tmp_path, "serve", **wrong)
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: ")
    assert told in refused.stderr


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with Served(tmp_path, "--no-work") as site:
        until(site.answers)
        refused = manage(tmp_path, "serve", "--port", str(site.port))
        assert refused.returncode == 1
        assert "choose another one with --port" in refused.stderr
        assert psutil.Process(site.process.pid).is_running()


def test_two_processes_answer_at_one_address_and_add_up_what_they_counted(tmp_path: Path) -> None:
    server, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("BACKUPWEB_REDIS_URL", "")
    if not server.startswith("postgres") or not redis:
        pytest.skip("needs PostgreSQL and Redis: `make services`")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE served")
    settings = {
        "DATABASE_URL": server.rsplit("/", 1)[0] + "/served",
        "BACKUPWEB_REDIS_URL": redis,
        "BACKUPWEB_METRICS_TOKEN": "a token",
    }
    # Two hosts at once: one makes the tables, one works.
    arguments = ("--processes", "2")
    with Served(tmp_path, *arguments, **settings) as site, Served(tmp_path, *arguments, **settings) as other:
        until(site.answers)
        until(other.answers)
        until(lambda: site.told("working") or other.told("working"))
        for _ in range(40):
            assert site.ask("/healthz") == 200
        assert site.ask("/readyz") == 200
        asked = http.client.HTTPConnection("127.0.0.1", site.port)
        asked.request("GET", "/metrics", headers={"Authorization": "Bearer a token"})
        told = asked.getresponse().read().decode()
        health = r'^backupweb_requests_total\{.*route="healthz",status="200"\} ([0-9.]+)$'
        [counted] = re.findall(health, told, re.MULTILINE)
        assert float(counted) >= 41
        assert bool(site.told("working")) != bool(other.told("working"))
        working, waiting = (site, other) if site.told("working") else (other, site)
        working.process.kill()
        working.process.wait()
        until(lambda: waiting.told("working"))
    with psycopg.connect(settings["DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute("SELECT count(*) FROM django_migrations GROUP BY app, name").fetchall()
        assert {count for (count,) in rows} == {1}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE served WITH (FORCE)")
