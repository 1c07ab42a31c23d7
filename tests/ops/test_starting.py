"""An unsafe or malformed configuration does not start; the same configuration, put right, does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from backupweb.accounts.models import Account

ROOT = Path(__file__).parents[2]
SAFE = {
    "BACKUPWEB_MODE": "production",
    "BACKUPWEB_URL": "https://backup.example.org",
    "BACKUPWEB_SECRET_KEY": "k" * 50,
}


def run(tmp_path: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BACKUPWEB_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, *code.split(" ", 1)] if code.startswith("manage.py") else [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, "BACKUPWEB_DATA": str(tmp_path / "data"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_development_needs_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "import backupweb.asgi").returncode == 0
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_production_starts_when_it_is_safe(tmp_path: Path) -> None:
    done = run(tmp_path, "import backupweb.asgi", **SAFE)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data" / "secret-key").exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"BACKUPWEB_SECRET_KEY": ""}, "BACKUPWEB_SECRET_KEY"),
        ({"BACKUPWEB_SECRET_KEY": "short"}, "BACKUPWEB_SECRET_KEY"),
        ({"BACKUPWEB_URL": ""}, "BACKUPWEB_URL"),
        ({"BACKUPWEB_URL": "http://backup.example.org"}, "BACKUPWEB_URL"),
        ({"BACKUPWEB_HOSTS": "*"}, "BACKUPWEB_HOSTS"),
        ({"BACKUPWEB_MODE": "debug"}, "BACKUPWEB_MODE"),
        ({"BACKUPWEB_DEFAULT_QUOTA": "plenty"}, "BACKUPWEB_DEFAULT_QUOTA"),
        ({"BACKUPWEB_SIGNUP": "maybe"}, "BACKUPWEB_SIGNUP"),
        ({"BACKUPWEB_STORE": "gopher://x"}, "BACKUPWEB_STORE"),
        ({"BACKUPWEB_REDIS_URL": "http://x"}, "BACKUPWEB_REDIS_URL"),
        ({"BACKUPWEB_GRACE_HOURS": "0"}, "BACKUPWEB_GRACE_HOURS"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"BACKUPWEB_ROLE": "relay"}, "BACKUPWEB_ROLE"),
        ({"BACKUPWEB_ROLE": "vault"}, "BACKUPWEB_VAULT_CERTIFICATE"),
        ({"BACKUPWEB_VAULT_URL": "http://vault.example.org"}, "BACKUPWEB_VAULT_URL"),
        ({"BACKUPWEB_VAULT_URL": "https://vault.example.org/path"}, "BACKUPWEB_VAULT_URL"),
        ({"BACKUPWEB_VAULT_URL": "https://vault.example.org"}, "BACKUPWEB_VAULT_CA"),
        ({"BACKUPWEB_VAULT_CA": "/nowhere/authority.pem"}, "BACKUPWEB_VAULT_CA"),
    ],
)
def test_production_does_not_start_when_it_is_not(tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    done = run(tmp_path, "import backupweb.asgi", **{**SAFE, **wrong})
    assert done.returncode != 0
    assert told in done.stderr.splitlines()[-1]


def test_a_misspelt_setting_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py check", BACKUPWEB_DEFAULT_QOUTA="5GB")
    assert "BACKUPWEB_DEFAULT_QOUTA is no setting" in done.stderr
    assert "BACKUPWEB_DEFAULT_QUOTA" in done.stderr


def test_setup_makes_tables_and_one_admin_and_is_harmless_twice(tmp_path: Path) -> None:
    asked = {"BACKUPWEB_ADMIN_NAME": "chef", "BACKUPWEB_ADMIN_PASSWORD": "a long sign-in password"}
    assert "was made" in run(tmp_path, "manage.py setup", **asked).stdout
    assert "is there already" in run(tmp_path, "manage.py setup", **asked).stdout
    assert "No admin was asked for" in run(tmp_path, "manage.py setup").stdout


def test_setup_refuses_a_weak_password(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py setup", BACKUPWEB_ADMIN_NAME="chef", BACKUPWEB_ADMIN_PASSWORD="short")
    assert done.returncode != 0


@pytest.mark.django_db
def test_setup_leaves_an_existing_account_alone() -> None:
    from backupweb.accounts import services  # noqa: PLC0415

    Account.objects.create_user(username="chef", password="hers")
    assert not services.admin_ensure(name="chef", email="", password="other")
    account = Account.objects.get()
    assert not account.is_staff
    assert account.check_password("hers")
