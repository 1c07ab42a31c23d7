"""The exported schema is the live one, and tables are as the models say."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import router
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


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_migration_is_missing() -> None:
    rooms = [app.label for app in apps.get_app_configs() if app.name.startswith("backupweb.")]
    assert len(rooms) >= 6
    call_command("makemigrations", *rooms, "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_setting_up_twice_is_harmless() -> None:
    call_command("setup", stdout=StringIO())
    call_command("setup", stdout=StringIO())


def test_the_vaults_tables_lead_nowhere_and_nothing_leads_to_them() -> None:
    inside = set(apps.get_app_config("vault").get_models())
    assert len(inside) == 4
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model is not None:
                assert (model in inside) == (field.related_model in inside), f"{model}.{field.name}"
    for model in inside:
        assert not any(field.is_relation for field in model._meta.get_fields())


def test_each_table_lives_in_one_database_only() -> None:
    for model in apps.get_models():
        homes = [alias for alias in ("default", "vault") if router.allow_migrate_model(alias, model)]
        assert len(homes) == 1, model
