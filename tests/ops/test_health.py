"""Alive is not ready: ready needs a database, current tables, and a store that gives back what it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def test_alive_and_ready(tmp_path: Path) -> None:
    assert Client().get("/healthz").json() == {"alive": True}
    assert Client().get("/readyz").json() == {"ready": True}
    assert [path for path in (tmp_path / "packs").rglob("*") if path.is_file()] == []


def test_a_vault_that_cannot_count_is_not_ready(tmp_path: Path) -> None:
    keys = tmp_path / "vault-keys"
    assert Client().get("/readyz").status_code == 200
    (kek,) = keys.glob("kek-*")
    kek.write_bytes(b"damaged")
    assert Client().get("/readyz").json()["error"]["params"] == {"vault": 1}
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with override_settings(BACKUPWEB_VAULT_KEYS=tmp_path / "blocked"):
        assert Client().get("/readyz").json()["error"]["params"] == {"vault": 1}


def test_a_store_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with override_settings(BACKUPWEB_STORE=f"file://{tmp_path / 'blocked'}"):
        answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "ops.not_ready"
    assert answer.json()["error"]["params"] == {"store": 1}
    assert Client().get("/healthz").status_code == 200


def test_tables_that_are_behind_are_not_ready() -> None:
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415

    MigrationRecorder.Migration.objects.filter(app="backups").delete()
    try:
        assert Client().get("/readyz").json()["error"]["params"] == {"migrations": 1}
    finally:
        MigrationRecorder.Migration.objects.create(app="backups", name="0001_first_tables")
