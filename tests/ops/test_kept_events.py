"""What concerns an account is kept for its person: by whomever it is told, never at the price of what was going on."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from backupweb.accounts.models import Account
from backupweb.accounts.sessions import acting, of_scope
from backupweb.lib.logs import JsonLines
from backupweb.ops import kinds
from backupweb.ops.models import SecurityEvent
from tests.accounts.passkeys import SoftPasskey
from tests.accounts.test_passkeys import Browser
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

security = logging.getLogger("backupweb.security")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LOGIN = "/_allauth/browser/v1/auth/login"


def tell(account: Account, kind: str = "vault-guess", **more: object) -> None:
    security.info("security event", extra={"event": {"event": kind, "account": account.pk.hex, **more}})


def kept() -> list[tuple[str, str, str]]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "detail", "device"))


@pytest.fixture
def alice(alice: Person) -> Person:
    SecurityEvent.objects.all().delete()  # her signing in
    return alice


def test_signing_in_and_out_with_its_method_and_device(alice: Person) -> None:
    client = Client(headers={"user-agent": FIREFOX})
    client.post(LOGIN, {"username": "alice", "password": PASSWORD}, "application/json")
    client.delete("/_allauth/browser/v1/auth/session")
    assert kept() == [("signed-in", "password", "Firefox, Linux"), ("signed-out", "", "Firefox, Linux")]


def test_a_passkey_has_words_of_its_own(alice: Person) -> None:
    browser, passkey = Browser(), SoftPasskey()
    browser.sign_in()
    browser.add(passkey)
    Browser().sign_in_with(passkey)
    assert [(kind, detail) for kind, detail, _ in kept()] == [
        ("signed-in", "password"),
        ("passkey-added", ""),
        ("second-factor-added", "recovery_codes"),
        ("signed-in", "passkey"),
    ]


@pytest.mark.parametrize("name", [{"username": "alice"}, {"username": "ALICE"}, {"email": "alice@example.org"}])
def test_a_failed_attempt_is_told_to_the_person_whose_name_it_was(
    alice: Person, bob: Person, name: dict[str, str]
) -> None:
    SecurityEvent.objects.all().delete()
    client = Client(headers={"user-agent": FIREFOX})
    client.post(LOGIN, {"password": "wrong", **name}, "application/json")
    client.post(LOGIN, {"password": "wrong", "username": "nobody"}, "application/json")
    assert kept() == [("sign-in-failed", "", "Firefox, Linux")]
    assert SecurityEvent.objects.get().account_id == alice.account.pk


def test_the_name_that_a_person_gave_the_device_stands_there_and_not_in_the_log(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    alice.get("/api/account")
    number = alice.get("/api/devices").json()["devices"][0]["id"]
    alice.client.generic(
        "PATCH", f"/api/devices/{number}", '{"name": "Kitchen"}', "application/json",
        headers={"X-CSRFToken": alice.token},
    )  # fmt: skip
    alice.post("/api/keyring", {})
    scope = {"headers": [(b"user-agent", FIREFOX.encode())], "session": alice.client.session}
    with acting(of_scope(scope)):
        tell(alice.account, left=9)
    alice.delete(f"/api/devices/{number}")
    assert kept() == [("vault-guess", "", "Kitchen"), ("device-revoked", "", "Kitchen")]
    assert "Kitchen" not in "\n".join(JsonLines().format(record) for record in caplog.records)


def test_numbers_are_kept_and_shown(alice: Person) -> None:
    tell(alice.account, left=7)
    tell(alice.account, "vault-erased", left=0)
    tell(alice.account, "vault-opened", left=True)
    words = [str(event) for event in SecurityEvent.objects.order_by("pk")]
    assert words[0].endswith("(guesses left: 7)")
    assert words[1] == "Too many wrong passwords: the password was erased"
    assert words[2] == "Unlocked with the password"


def test_what_is_rolled_back_did_not_happen(alice: Person) -> None:
    with transaction.atomic():
        tell(alice.account)
        transaction.set_rollback(True)
    assert kept() == []


def test_an_event_that_cannot_be_kept_spoils_nothing(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        Account.objects.filter(pk=alice.account.pk).update(language="de")
        tell(alice.account, "device-paired", way="x" * 500)
        security.info("x", extra={"event": {"event": "vault-guess", "account": "nonsense"}})
        security.info("x", extra={"event": {"event": "vault-guess", "account": "0" * 32}})
        security.info("x", extra={"event": {"event": "unknown", "account": alice.account.pk.hex}})
        security.info("x", extra={"event": "no event"})
        security.info("x")

    def fails(*_: object, **__: object) -> None:
        with transaction.atomic():
            SecurityEvent.objects.raw("SELECT nothing FROM nowhere")[0]

    monkeypatch.setattr(SecurityEvent.objects, "create", fails)
    with transaction.atomic():
        tell(alice.account)
        Account.objects.filter(pk=alice.account.pk).update(language="en")
    assert Account.objects.get(pk=alice.account.pk).language == "en"
    assert [kind for kind, _, _ in kept()] == ["device-paired"]


async def test_an_event_loop_does_not_wait_for_the_database(alice: Person) -> None:
    scope = {"headers": [(b"user-agent", FIREFOX.encode())], "session": alice.client.session}
    with acting(of_scope(scope)):
        for left in (9, 8):
            tell(alice.account, left=left)
    until = time.monotonic() + 5
    found: list[Any] = []
    while len(found) < 2 and time.monotonic() < until:
        await asyncio.sleep(0.02)
        found = [event async for event in SecurityEvent.objects.order_by("pk")]
    assert [(event.number, event.device) for event in found] == [(9, "Firefox, Linux"), (8, "Firefox, Linux")]


def test_they_are_kept_for_a_year(alice: Person) -> None:
    for days in (364, 366):
        tell(alice.account)
        SecurityEvent.objects.filter(pk=SecurityEvent.objects.latest("pk").pk).update(
            at=timezone.now() - timedelta(days=days)
        )
    call_command("collect_garbage", "--dry-run")
    assert SecurityEvent.objects.count() == 2
    call_command("collect_garbage")
    assert SecurityEvent.objects.get().at > timezone.now() - timedelta(days=365)


def test_they_go_with_the_account(alice: Person) -> None:
    tell(alice.account)
    Account.objects.filter(pk=alice.account.pk).delete()
    assert kept() == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_kind_has_a_group_and_words(language: str) -> None:
    with translation.override(language):
        for kind in kinds.GROUP_OF:
            assert kinds.sentence(kind, "", None) != kind
            assert kinds.sentence(kind, "something new", None) == kinds.sentence(kind, "", None)
