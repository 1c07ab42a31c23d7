"""What is tried too often is slowed, by account and by address; people and programs are told for how long."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from backupweb.accounts.models import Account
from backupweb.lib.env import Rate
from backupweb.lib.errors import TooManyRequests
from backupweb.lib.throttle import throttle
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db


def sign_in(client: Client, name: str, password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password}, headers=headers)


def test_a_limit_lets_so_many_through_and_tells_when_the_next_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    rate = Rate(3, 60)
    for _ in range(3):
        throttle("x", rate)
    for _ in range(2):
        with pytest.raises(TooManyRequests) as refused:
            throttle("x", rate)
        assert 59 <= refused.value.params["seconds"] <= 60
    throttle("y", rate)
    cache.clear()  # as if the minute were over
    throttle("x", rate)


def test_a_program_is_told_the_seconds_twice(alice: Person, settings: Settings) -> None:
    settings.BACKUPWEB_LIMIT_COMMIT = Rate(1, 60)
    alice.post("/api/commit", {"sequence": 9, "sealed": "A" * 5462})
    answer = alice.post("/api/commit", {"sequence": 9, "sealed": "A" * 5462})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (429, "http.too_many_requests")
    assert answer.headers["Retry-After"] == str(error["params"]["seconds"])
    assert 59 <= error["params"]["seconds"] <= 60


def test_a_person_is_told_the_minutes(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/180s/ip"}
    settings.BACKUPWEB_LIMIT_SIGN_IN = Rate(1, 180)
    client = Client()
    sign_in(client, "charlie", "wrong")
    answer = sign_in(client, "charlie", "wrong")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "180")
    assert "Try again in 3 minutes" in answer.content.decode()
    german = sign_in(client, "charlie", "wrong", accept_language="de").content.decode()
    assert "in 3 Minuten" in german


def test_wrong_passwords_lock_an_account_out_whoever_tries_and_wherever_from(
    alice: Person, bob: Person, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(5):
        assert sign_in(Client(), "alice", "wrong", x_forwarded_for=f"192.0.2.{n}").status_code == 200
    refused = sign_in(Client(), "alice", x_forwarded_for="192.0.2.99")
    assert refused.status_code == 200, "not even the right password"
    assert "Try again in 5 minutes" in refused.content.decode()
    assert sign_in(Client(), "bob", x_forwarded_for="192.0.2.99").status_code == 302


def test_wrong_passwords_lock_an_address_out_whomever_it_tries(alice: Person, bob: Person, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(10):
        sign_in(Client(), f"somebody-{n}", "wrong", x_forwarded_for="192.0.2.1")
    assert sign_in(Client(), "alice", x_forwarded_for="192.0.2.1").status_code == 200
    assert sign_in(Client(), "alice", x_forwarded_for="192.0.2.2").status_code == 302


def test_staff_have_no_other_door(alice: Person) -> None:
    Account.objects.update(is_staff=True, is_superuser=True)
    client = Client()
    answer = client.post("/admin/login/", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 302, "sent on to where everybody signs in, and to its limits"
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
