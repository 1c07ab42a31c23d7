"""Sign-up is open, closed, or by a link that works once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from backupweb.accounts.models import Account, Invitation, Plan, Quota
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_UP = "/_allauth/browser/v1/auth/signup"


def sign_up(client: Client, name: str = "dora", **more: str) -> Any:
    return client.post(SIGN_UP, {"username": name, "password": PASSWORD, **more}, "application/json")


def invited() -> str:
    said = StringIO()
    call_command("invite", "--note", "for Dora", stdout=said)
    return urlsplit(said.getvalue().strip()).path


def test_open_needs_neither_link_nor_e_mail(settings: Any) -> None:
    assert sign_up(Client()).status_code == 200
    account = Account.objects.get(username="dora")
    assert account.email == ""
    assert account.pk.version == 4


def test_the_language_of_signing_up_is_remembered(settings: Any) -> None:
    client = Client(headers={"accept-language": "de"})
    sign_up(client)
    assert Account.objects.get(username="dora").language == "de"


def test_closed_is_closed(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "closed"
    client = Client()
    client.get(invited())
    assert sign_up(client).status_code == 403
    assert not Account.objects.exists()


def test_by_invitation_a_link_makes_one_account(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    link = invited()
    assert sign_up(Client()).status_code == 403
    first, second = Client(), Client()
    assert first.get(link).url == "/accounts/signup/"  # type: ignore[attr-defined]
    second.get(link)
    assert sign_up(first, "dora").status_code == 200
    assert sign_up(second, "emil").status_code == 403
    assert [account.username for account in Account.objects.all()] == ["dora"]


def test_a_failed_try_keeps_the_invitation(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    client = Client()
    client.get(invited())
    assert client.post(SIGN_UP, {"username": "dora", "password": "1"}, "application/json").status_code == 400
    assert sign_up(client).status_code == 200


def test_an_invitation_expires(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    client = Client()
    client.get(invited())
    Invitation.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert sign_up(client).status_code == 403


def test_a_link_that_is_over_says_so_and_whom_to_ask(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP, settings.BACKUPWEB_CONTACT = "invite", "ask@example.org"
    link = invited()
    for over in ({"used": timezone.now()}, {"used": None, "expires": timezone.now() - timedelta(seconds=1)}):
        Invitation.objects.update(**over)
        answer = Client().get(link)
        assert answer.status_code == 410
        assert "This invitation is over" in answer.content.decode()
        assert "mailto:ask@example.org" in answer.content.decode()
        assert "/accounts/signup/" not in answer.content.decode()


def test_an_invitation_is_sent_with_a_plan_and_the_address_is_not_kept(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    Plan.objects.create(name="large", limit=10**12)
    said = StringIO()
    options = {"plan": "large", "email": "dora@example.org", "language": "de"}
    call_command("invite", stdout=said, **options)
    (letter,) = mail.outbox
    link = said.getvalue().strip()
    assert letter.to == ["dora@example.org"]
    assert "eingeladen" in letter.body
    assert link in letter.body
    assert "dora@example.org" not in str(Invitation.objects.values().get())
    client = Client()
    client.get(urlsplit(link).path)
    assert sign_up(client).status_code == 200
    assert Quota.objects.get(account__username="dora").allowed == 10**12


def test_a_plan_that_does_not_exist_is_no_plan() -> None:
    with pytest.raises(CommandError, match="no plan"):
        call_command("invite", plan="huge")
    assert not Invitation.objects.exists()


def test_who_reads_the_table_cannot_use_an_invitation() -> None:
    token = invited().strip("/").split("/")[-1]
    kept = Invitation.objects.values().get()
    assert token not in str(kept)


def test_a_made_up_link_does_not_open_the_door(settings: Any) -> None:
    settings.BACKUPWEB_SIGNUP = "invite"
    client = Client()
    assert client.get("/invitation/made-up/").status_code == 410
    assert sign_up(client).status_code == 403


@pytest.mark.parametrize("name", ["admin", "Root", "x"])
def test_some_names_are_not_given_out(name: str) -> None:
    assert sign_up(Client(), name).status_code == 400


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890123"])
def test_weak_sign_in_passwords_are_refused(password: str) -> None:
    answer = Client().post(SIGN_UP, {"username": "dora", "password": password}, "application/json")
    assert answer.status_code == 400
