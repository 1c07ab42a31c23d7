"""The exported schema is the live one, and tables are as the models say."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

ROOT = Path(__file__).parents[2]


def test_the_exported_schema_is_the_live_one() -> None:
    live = Client().get("/api/openapi.json").json()
    assert json.loads((ROOT / "frontend" / "openapi.json").read_text()) == live, "run `make api`"


def test_the_export_is_what_the_file_holds() -> None:
    said = StringIO()
    call_command("export_openapi", stdout=said)
    assert said.getvalue() == (ROOT / "frontend" / "openapi.json").read_text()


def test_every_body_refuses_unknown_fields() -> None:
    schemas = Client().get("/api/openapi.json").json()["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema["additionalProperties"] is False, name


def test_the_browsable_page_of_the_api_is_off() -> None:
    assert Client().get("/api/docs").status_code == 404


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "accounts", "keyring", "backups", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrating_twice_is_harmless() -> None:
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0)
