"""User name or e-mail with the sign-in password, a code by e-mail; sessions end; staff come in the same way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backupweb.accounts.models import Account
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db

BASE = "/_allauth/browser/v1/"


def post(client: Client, address: str, **body: object) -> Any:
    return client.post(BASE + address, body, "application/json")


@pytest.mark.parametrize("field", [{"username": "alice"}, {"email": "alice@example.org"}, {"username": "ALICE"}])
def test_name_or_e_mail_with_the_password(alice: Person, field: dict[str, str]) -> None:
    client = Client()
    assert post(client, "auth/login", password=PASSWORD, **field).status_code == 200
    assert client.get("/api/account").json()["name"] == "alice"
    assert post(Client(), "auth/login", password="wrong", **field).status_code == 400


def test_a_code_by_e_mail(alice: Person) -> None:
    client = Client()
    assert post(client, "auth/code/request", email="alice@example.org").status_code == 401
    code = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(mail.outbox[0].body), re.MULTILINE)[0]
    assert post(client, "auth/code/confirm", code=code).status_code == 200
    assert client.get("/api/account").status_code == 200


def test_wrong_passwords_are_slowed(alice: Person) -> None:
    client = Client()
    statuses = [post(client, "auth/login", username="alice", password="wrong").status_code for _ in range(40)]
    assert set(statuses[:5]) == {400}
    assert post(client, "auth/login", username="alice", password=PASSWORD).status_code != 200


def test_a_session_ends_from_another_device(alice: Person) -> None:
    first, second = Client(), Client()
    for client in (first, second):
        post(client, "auth/login", username="alice", password=PASSWORD)
        client.get("/api/account")
    sessions = first.get(BASE + "auth/sessions").json()["data"]
    ended = {"sessions": [one["id"] for one in sessions if not one["is_current"]]}
    assert first.delete(BASE + "auth/sessions", ended, "application/json").status_code == 200
    assert first.get("/api/account").status_code == 200
    assert second.get("/api/account").status_code == 401


def test_a_suspended_account_cannot_sign_in(alice: Person) -> None:
    Account.objects.update(is_active=False)
    assert post(Client(), "auth/login", username="alice", password=PASSWORD).status_code in {400, 401}
    assert alice.get("/api/account").status_code == 401


def test_the_admin_is_entered_by_the_front_door(alice: Person, bob: Person) -> None:
    Account.objects.filter(username="alice").update(is_staff=True)
    assert Client().get("/admin/login/?next=/admin/").url.startswith("/accounts/login/")  # type: ignore[attr-defined]
    assert alice.get("/admin/").status_code == 200
    # Whoever is signed in and not staff is refused, not asked again.
    answer = bob.client.get("/admin/login/?next=/admin/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "http.not_allowed")


def test_the_language_follows_the_person(alice: Person) -> None:
    assert (
        alice.client.patch(
            "/api/account", '{"language": "de"}', "application/json", headers={"X-CSRFToken": alice.token}
        ).json()["language"]
        == "de"
    )
    assert alice.get("/api/nothing").headers["content-language"] == "de"
    chosen = alice.client.get("/api/nothing", headers={"cookie": alice.cookies + "; django_language=en"})
    assert chosen.headers["content-language"] == "en"


def test_choosing_a_language_on_a_page_is_remembered(alice: Person) -> None:
    alice.client.post("/i18n/setlang/", {"language": "de", "next": "/"}, headers={"X-CSRFToken": alice.token})
    alice.account.refresh_from_db()
    assert alice.account.language == "de"
    alice.client.post("/i18n/setlang/", {"language": "xx", "next": "/"}, headers={"X-CSRFToken": alice.token})
    alice.account.refresh_from_db()
    assert alice.account.language == "de"
