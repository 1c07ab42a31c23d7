"""The doctor names what is wrong in words that anybody understands, with a next step, and ends with 1."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backupweb.lib.locks import lock
from backupweb.ops.duties import run_due
from backupweb.ops.models import Run
from tests.ops.sites import Served, manage, until
from tests.vault.client import VaultClient

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def duties_are_done() -> None:
    run_due()


def examined(*arguments: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    said, ended = StringIO(), 0
    try:
        call_command("doctor", "--json", *arguments, stdout=said)
    except SystemExit as end:
        ended = int(str(end.code))
    found: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(said.getvalue()):
        found.setdefault(finding["about"], []).append(finding)
    for findings in found.values():
        for finding in findings:
            assert finding["state"] == "well" or finding["next"], finding
    return ended, found


def trouble(found: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {about: one["says"] for about, findings in found.items() for one in findings if one["state"] == "trouble"}


def test_a_site_that_is_well_is_told_so() -> None:
    ended, found = examined()
    assert trouble(found) == {}
    assert ended == 0
    assert {"settings", "database", "tables", "store", "vault", "disk", "worker", "duties", "clock"} <= set(found)
    said = StringIO()
    call_command("doctor", stdout=said)
    assert "✓ tables: The tables are current.\n" in said.getvalue()


def test_an_empty_key_folder_is_not_called_lost(settings: Any) -> None:
    VaultClient().enrol("correct horse")
    shutil.rmtree(settings.BACKUPWEB_VAULT_KEYS)
    Path(settings.BACKUPWEB_VAULT_KEYS).mkdir()
    ended, found = examined()
    assert ended == 1
    assert "is empty, but there are backup passwords. Nothing is lost yet" in trouble(found)["vault"]
    assert "mounted" in found["vault"][0]["next"]


def test_another_vault_s_key_folder_and_a_broken_key_are_told(settings: Any, tmp_path: Path) -> None:
    VaultClient().enrol("correct horse")
    (kek,) = Path(settings.BACKUPWEB_VAULT_KEYS).glob("kek-*")
    whole = kek.read_bytes()
    kek.write_bytes(b"damaged")
    assert "key-encryption key" in trouble(examined()[1])["vault"]
    kek.write_bytes(whole)
    ledger = Path(settings.BACKUPWEB_VAULT_KEYS) / "ledger.sqlite3"
    for file in ledger.parent.glob("ledger.sqlite3*"):
        file.rename(tmp_path / file.name)
    ledger.touch(0o600)
    assert "belongs to another vault" in trouble(examined()[1])["vault"]


def test_keys_that_others_may_read_are_told(settings: Any) -> None:
    VaultClient().enrol("correct horse")
    (kek,) = Path(settings.BACKUPWEB_VAULT_KEYS).glob("kek-*")
    kek.chmod(0o644)
    assert str(kek) in trouble(examined()[1])["key files"]


def test_a_store_that_cannot_be_used_is_told(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    settings.BACKUPWEB_STORE = f"file://{tmp_path / 'blocked'}"
    ended, found = examined()
    assert ended == 1
    assert "cannot be used" in trouble(found)["store"]
    assert "mounted?" in found["store"][0]["next"]


def test_a_disk_that_is_nearly_full_and_promises_that_it_cannot_keep_are_told(
    alice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice.begin()
    full = shutil._ntuple_diskusage(10**12, 10**12 - 10**6, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    _, found = examined()
    assert "disk" in trouble(found)
    assert found["room"][0]["state"] == "care"


def test_tables_that_are_behind_are_told() -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="backups").latest("name")
    newest.delete()
    try:
        assert "behind the program by" in trouble(examined()[1])["tables"]
    finally:
        MigrationRecorder.Migration.objects.create(app="backups", name=newest.name)


def test_a_site_where_nobody_works_is_told(settings: Any) -> None:
    settings.BACKUPWEB_JOBS = "worker"
    assert "Nobody works" in trouble(examined()[1])["worker"]
    with lock("work", wait=False):
        assert "worker" not in trouble(examined()[1])
        long_ago = timezone.now() - timedelta(hours=1)
        DBTaskResult.objects.create(args_kwargs={}, task_path="x", backend_name="default", run_after=long_ago)
        DBTaskResult.objects.update(enqueued_at=long_ago)
        assert trouble(examined()[1])["worker"] == "1 jobs have waited for more than a quarter of an hour."


def test_duties_that_failed_or_were_forgotten_are_told() -> None:
    Run.objects.filter(duty="collect").update(well=False)
    assert "“collect garbage” went wrong" in trouble(examined()[1])["duties"]
    Run.objects.all().delete()
    _, found = examined()
    assert {finding["state"] for finding in found["duties"]} == {"care"}
    assert "never" in found["duties"][0]["says"]


def test_a_clock_that_was_put_back_is_told() -> None:
    Run.objects.filter(duty="collect").update(began=timezone.now() + timedelta(days=2))
    assert "the clock was put back" in examined()[1]["clock"][0]["says"]


def test_a_closed_post_office_is_told(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "does not let us in" in trouble(examined()[1])["mail"]


def test_a_letter_is_sent_where_one_is_asked_for() -> None:
    _, found = examined("--mail", "admin@example.org")
    assert found["letter"][0]["state"] == "well"
    assert [letter.to for letter in mail.outbox] == [["admin@example.org"]]


def test_redis_that_is_gone_is_told(settings: Any) -> None:
    settings.SEVERAL_PROCESSES = True
    settings.CACHES = {
        **settings.CACHES,
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    assert "Redis does not answer" in trouble(examined()[1])["redis"]


def test_from_outside_it_sees_whether_it_is_this_site_and_whether_sockets_pass(tmp_path: Path) -> None:
    with Served(tmp_path) as site:
        until(site.answers)
        url = f"http://127.0.0.1:{site.port}"
        done = manage(tmp_path, "doctor", "--url", url)
        assert f"✓ outside: {url} answers." in done.stdout
        assert "✓ websockets: WebSockets pass." in done.stdout
        assert done.returncode == 0, done.stdout
    done = manage(tmp_path, "doctor", "--url", url)
    assert "✗ outside" in done.stdout
    assert done.returncode == 1
