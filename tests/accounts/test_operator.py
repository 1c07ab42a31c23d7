"""Who runs the site, and whom to ask: on every page and in every letter where it is set, nothing where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from backupweb.accounts import leaving
from tests.ops.test_starting import SAFE, run
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

IMPRINT, PRIVACY, CONTACT = "https://example.org/imprint", "https://example.org/privacy", "hello@example.org"


@pytest.fixture
def operator(settings: Any) -> None:
    settings.BACKUPWEB_IMPRINT_URL = IMPRINT
    settings.BACKUPWEB_PRIVACY_URL = PRIVACY
    settings.BACKUPWEB_CONTACT = CONTACT


def pages(alice: Person) -> dict[str, str]:
    nobody = (
        "/",
        "/try/",
        "/accounts/login/",
        "/accounts/signup/",
        "/nowhere/",
        "/invitation/x/",
        "/accounts/inactive/",
    )
    hers = ("/app/", "/accounts/data/", "/accounts/delete/", "/accounts/sessions/", "/accounts/activity/")
    found = {address: Client().get(address).content.decode() for address in nobody}
    found |= {address: alice.get(address).content.decode() for address in hers}
    return found | {"fault": render_to_string("errors/500.html")}


def letters(alice: Person) -> list[str]:
    leaving.deletion_plan(account=alice.account, by=alice.account)
    Client().post("/accounts/password/reset/", {"email": alice.account.email})
    return [str(letter.body) for letter in mail.outbox]


@pytest.mark.usefixtures("operator")
def test_every_page_and_every_letter_says_it(alice: Person) -> None:
    for address, content in pages(alice).items():
        for sign in (IMPRINT, PRIVACY, f"mailto:{CONTACT}"):
            assert sign in content, (address, sign)
    told = letters(alice)
    assert len(told) == 2
    for letter in told:
        assert all(sign in letter for sign in (IMPRINT, PRIVACY, CONTACT))


def test_nothing_is_said_where_nothing_is_set(alice: Person) -> None:
    for address, content in pages(alice).items():
        assert 'class="operator"' not in content, address
    for letter in letters(alice):
        assert "\n--\n" not in letter
        assert "Imprint" not in letter


def test_a_contact_may_be_a_page(alice: Person, settings: Any) -> None:
    settings.BACKUPWEB_CONTACT = "https://example.org/help"
    content = alice.get("/app/").content.decode()
    assert 'href="https://example.org/help"' in content
    assert "Imprint" not in content


def test_production_is_cautioned_without_them_and_starts(tmp_path: Path) -> None:
    told = run(tmp_path, "manage.py check", **SAFE).stderr
    names = ["BACKUPWEB_IMPRINT_URL", "BACKUPWEB_PRIVACY_URL", "BACKUPWEB_CONTACT"]
    assert all(f"{name} is not set" in told for name in names)
    values = dict(zip(names, (IMPRINT, PRIVACY, CONTACT), strict=True))
    assert "is not set" not in run(tmp_path, "manage.py check", **SAFE, **values).stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKUPWEB_IMPRINT_URL", "javascript:alert(1)"),
        ("BACKUPWEB_PRIVACY_URL", "example.org"),
        ("BACKUPWEB_IMPRINT_URL", "hello@example.org"),
        ("BACKUPWEB_CONTACT", "hello@example.org?body=x"),
        ("BACKUPWEB_CONTACT", "call us"),
        ("BACKUPWEB_DELETION_DAYS", "0"),
        ("BACKUPWEB_INACTIVE_DELETE", "perhaps"),
    ],
)
def test_what_is_malformed_does_not_start(tmp_path: Path, name: str, value: str) -> None:
    done = run(tmp_path, "import backupweb.settings", **SAFE, **{name: value})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]
