"""Passkeys are added, named and removed through allauth's calls as docs/api.md says; each use is verified."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from backupweb.accounts.models import Account
from backupweb.lib.wire import write_bytes
from tests.accounts.passkeys import SoftPasskey
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db

BASE = "/_allauth/browser/v1/"
PASSKEYS = BASE + "account/authenticators/webauthn"


class Browser:
    """A browser at `localhost`, as WebAuthn wants it."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "localhost"})

    def call(self, method: str, address: str, body: object = None) -> Any:
        text = "" if body is None else json.dumps(body)
        return self.client.generic(method, address, text, "application/json", headers={"host": "localhost"})

    def sign_in(self) -> None:
        body = {"username": "alice", "password": PASSWORD}
        assert self.call("POST", BASE + "auth/login", body).status_code == 200

    def options(self) -> Any:
        return self.call("GET", PASSKEYS + "?passwordless")

    def add(self, passkey: SoftPasskey, name: str = "Laptop") -> Any:
        options = self.options().json()["data"]["creation_options"]
        return self.call("POST", PASSKEYS, {"name": name, "credential": passkey.create(options)})

    def sign_in_with(self, passkey: SoftPasskey) -> Any:
        options = self.call("GET", BASE + "auth/webauthn/login").json()["data"]["request_options"]
        assert options["publicKey"]["userVerification"] == "required"
        return self.call("POST", BASE + "auth/webauthn/login", {"credential": passkey.get(options)})

    def list(self) -> Any:
        return self.call("GET", "/api/passkeys").json()["passkeys"]

    def grow_old(self) -> None:
        """As if the last proof of who this is were sixteen minutes ago, and the account older still."""
        Account.objects.update(date_joined=timezone.now() - timedelta(days=1))
        session = self.client.session
        for record in session["account_authentication_methods"]:
            record["at"] = time.time() - 16 * 60
        session.save()


@pytest.fixture
def browser(alice: Person) -> Browser:
    browser = Browser()
    browser.sign_in()
    return browser


def test_it_is_added_right_after_signing_in_and_signs_in(browser: Browser, alice: Person) -> None:
    passkey = SoftPasskey()
    assert browser.list() == []
    assert browser.add(passkey).status_code == 200
    (kept,) = browser.list()
    assert (kept["credential"], kept["name"], kept["last_used"]) == (write_bytes(passkey.id), "Laptop", None)
    assert kept["created"].endswith("Z")
    assert "." not in kept["created"]
    other = Browser()
    assert other.sign_in_with(passkey).status_code == 200
    assert other.call("GET", "/api/account").json()["id"] == alice.account.pk.hex
    assert other.list()[0]["last_used"] is not None


def test_options_require_verification_and_refuse_a_second_time(browser: Browser) -> None:
    passkey = SoftPasskey()
    browser.add(passkey)
    asked = browser.options().json()["data"]["creation_options"]["publicKey"]
    selection = asked["authenticatorSelection"]
    assert (selection["userVerification"], selection["residentKey"]) == ("required", "required")
    assert [one["id"] for one in asked["excludeCredentials"]] == [write_bytes(passkey.id)]
    without = browser.call("GET", PASSKEYS).json()["data"]["creation_options"]["publicKey"]
    assert without["authenticatorSelection"]["userVerification"] == "required"


def test_a_passkey_that_verified_nobody_is_neither_added_nor_lets_in(browser: Browser) -> None:
    assert browser.add(SoftPasskey(verifies=False)).status_code == 400
    assert browser.list() == []
    passkey = SoftPasskey()
    browser.add(passkey)
    passkey.verifies = False
    other = Browser()
    assert other.sign_in_with(passkey).status_code == 400
    assert other.call("GET", "/api/account").status_code == 401


def test_a_verification_is_demanded_of_a_second_step_too(browser: Browser) -> None:
    passkey = SoftPasskey()
    browser.add(passkey)
    other = Browser()
    body = {"username": "alice", "password": PASSWORD}
    assert other.call("POST", BASE + "auth/login", body).status_code == 401
    options = other.call("GET", BASE + "auth/webauthn/authenticate").json()["data"]["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    passkey.verifies = False
    answer = other.call("POST", BASE + "auth/webauthn/authenticate", {"credential": passkey.get(options)})
    assert answer.status_code == 400


def test_it_is_renamed_and_removed(browser: Browser) -> None:
    browser.add(SoftPasskey())
    number = browser.list()[0]["id"]
    assert browser.call("PUT", PASSKEYS, {"id": number, "name": "Old laptop"}).status_code == 200
    assert browser.list()[0]["name"] == "Old laptop"
    assert browser.call("DELETE", PASSKEYS, {"authenticators": [number]}).status_code == 200
    assert browser.list() == []
    assert len(mail.outbox) == 2


def test_after_a_quarter_of_an_hour_it_asks_once_more_and_our_page_is_an_answer(browser: Browser) -> None:
    browser.add(SoftPasskey())
    number = browser.list()[0]["id"]
    browser.grow_old()
    for method, body in (
        ("GET", None),
        ("PUT", {"id": number, "name": "x"}),
        ("DELETE", {"authenticators": [number]}),
    ):
        answer = browser.call(method, PASSKEYS + "?passwordless", body)
        assert answer.status_code == 401, method
        flows = [flow["id"] for flow in answer.json()["data"]["flows"]]
        assert flows == ["reauthenticate", "mfa_reauthenticate"]
    page = "/accounts/reauthenticate/?next=/app/settings/"
    assert browser.client.get(page).status_code == 200
    came = browser.client.post(page, {"password": PASSWORD, "next": "/app/settings/"})
    assert (came.status_code, came.headers["location"]) == (302, "/app/settings/")
    assert browser.options().status_code == 200


def test_a_passkey_is_an_answer_too(browser: Browser) -> None:
    passkey = SoftPasskey()
    browser.add(passkey)
    browser.grow_old()
    options = browser.call("GET", BASE + "auth/webauthn/reauthenticate").json()["data"]["request_options"]
    assert options["publicKey"]["userVerification"] == "required"
    answer = browser.call("POST", BASE + "auth/webauthn/reauthenticate", {"credential": passkey.get(options)})
    assert answer.status_code == 200
    assert browser.options().status_code == 200


def test_another_persons_passkeys_are_not_listed_or_touched(browser: Browser, bob: Person) -> None:
    browser.add(SoftPasskey())
    number = browser.list()[0]["id"]
    assert bob.get("/api/passkeys").json() == {"passkeys": []}
    his = Browser()
    his.call("POST", BASE + "auth/login", {"username": "bob", "password": PASSWORD})
    assert his.call("DELETE", PASSKEYS, {"authenticators": [number]}).status_code == 400
    assert len(browser.list()) == 1


def test_who_signed_up_just_now_is_not_asked_again() -> None:
    new = Browser()
    body = {"username": "dora", "password": PASSWORD}
    assert new.call("POST", BASE + "auth/signup", body).status_code == 200
    assert Account.objects.filter(username="dora").exists()
    assert new.options().status_code == 200
