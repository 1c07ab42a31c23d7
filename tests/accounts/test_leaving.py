"""An account goes only after a grace time, in which it can be kept; a suspended one is shut, and nothing of it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from backupweb.accounts import leaving
from backupweb.accounts.errors import DeletionNotYours, DeletionUnderWay, LastAdmin
from backupweb.accounts.models import Account, DeletionBy
from tests.accounts.test_events import Socket
from tests.people import PASSWORD, Person, Thing, head
from tests.vault.device import VaultSocket

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PLAN, KEEP = "/accounts/delete/", "/accounts/delete/keep/"


def by_page(person: Person, address: str) -> Any:
    return person.client.post(address, {"csrfmiddlewaretoken": person.token})


def letters(person: Person) -> list[EmailMessage]:
    return [letter for letter in mail.outbox if letter.to == [person.account.email]]


def admin(name: str = "admin") -> Person:
    person = Person.named(name)
    person.account.is_staff = person.account.is_superuser = True
    person.account.save()
    return person


def now_again(person: Person) -> Account:
    person.account.refresh_from_db()
    return person.account


# ---------------------------------------------------------------- planning


def test_the_page_plans_it_says_when_and_leaves_everything_as_it_is(alice: Person, settings: Any) -> None:
    alice.store(Thing.make())
    answer = by_page(alice, PLAN)
    assert (answer.status_code, answer.url) == (302, PLAN)
    at = now_again(alice).delete_after
    assert at is not None
    assert timedelta(days=13.9) < at - timezone.now() < timedelta(days=14.1)
    assert alice.account.deletion_by == DeletionBy.PERSON
    assert alice.room == (4096, 0)
    assert alice.get("/api/account").status_code == 200
    (letter,) = letters(alice)
    assert at.strftime("%Y") in letter.body
    assert f"{settings.BACKUPWEB_URL}{PLAN}" in letter.body


def test_planning_again_changes_no_date_and_writes_no_second_letter(alice: Person) -> None:
    by_page(alice, PLAN)
    at = now_again(alice).delete_after
    assert leaving.deletion_plan(account=alice.account, by=alice.account) == at
    assert len(letters(alice)) == 1


def test_every_page_says_so_and_one_click_keeps_the_account(alice: Person) -> None:
    by_page(alice, PLAN)
    for address in ("/", "/app/", PLAN, "/accounts/sessions/"):
        assert f'action="{KEEP}"' in alice.get(address).content.decode(), address
    assert by_page(alice, KEEP).status_code == 302
    assert now_again(alice).delete_after is None
    assert f'action="{KEEP}"' not in alice.get("/").content.decode()
    assert [letter.subject for letter in letters(alice)] == [
        "Backupweb: Your account is going to be deleted",
        "Backupweb: Your account stays",
    ]


def test_keeping_what_is_not_planned_is_harmless(alice: Person) -> None:
    by_page(alice, KEEP)
    assert letters(alice) == []


def test_who_was_not_asked_for_long_is_asked_once_more(alice: Person) -> None:
    Account.objects.update(date_joined=timezone.now() - timedelta(hours=1))
    answer = by_page(alice, PLAN)
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert now_again(alice).delete_after is None
    # Once it is answered, what was asked for happens.
    alice.client.post(answer.url, {"csrfmiddlewaretoken": alice.token, "password": PASSWORD})
    assert now_again(alice).delete_after is not None


def test_it_cannot_be_asked_for_from_elsewhere(alice: Person, charlie: Client) -> None:
    assert alice.client.post(PLAN).status_code == 403
    assert charlie.get(PLAN).status_code == 302
    assert now_again(alice).delete_after is None


def test_what_an_admin_plans_only_an_admin_calls_off(alice: Person) -> None:
    boss = admin()
    leaving.deletion_plan(account=alice.account, by=boss.account)
    assert "whoever runs this site" in letters(alice)[0].body
    with pytest.raises(DeletionNotYours):
        leaving.deletion_cancel(account=alice.account, by=alice.account)
    by_page(alice, KEEP)
    page = alice.get("/app/").content.decode()
    assert "will be deleted on" in page
    assert KEEP not in page
    leaving.deletion_cancel(account=alice.account, by=boss.account)
    assert now_again(alice).delete_after is None


def test_an_admin_takes_a_plan_over_but_a_person_does_not(alice: Person) -> None:
    boss = admin()
    at = leaving.deletion_plan(account=alice.account, by=alice.account)
    assert leaving.deletion_plan(account=alice.account, by=boss.account) == at
    assert now_again(alice).deletion_by == DeletionBy.ADMIN
    leaving.deletion_plan(account=alice.account, by=alice.account)
    assert now_again(alice).deletion_by == DeletionBy.ADMIN


def test_the_last_admin_stays(alice: Person) -> None:
    boss = admin()
    page = boss.client.post(PLAN, {"csrfmiddlewaretoken": boss.token}, follow=True)
    assert "last admin" in page.content.decode()
    with pytest.raises(LastAdmin):
        leaving.suspend(account=boss.account)
    second = admin("second")
    leaving.deletion_plan(account=boss.account, by=boss.account)
    # The one who stays is the last one now.
    for step in (leaving.suspend, lambda account: leaving.deletion_plan(account=account, by=boss.account)):
        with pytest.raises(LastAdmin):
            step(account=second.account)


def test_once_it_has_begun_it_cannot_be_stopped(alice: Person) -> None:
    leaving.deletion_plan(account=alice.account, by=alice.account)
    assert not leaving.close(account=alice.account)
    Account.objects.update(delete_after=timezone.now())
    assert leaving.close(account=alice.account)
    for step in (leaving.deletion_cancel, leaving.readmit):
        with pytest.raises(DeletionUnderWay):
            step(account=alice.account)
    assert alice.get("/api/account").status_code == 401


# ---------------------------------------------------------------- suspension


def test_a_suspended_person_is_out_at_once_and_is_told_whom_to_ask(alice: Person, settings: Any) -> None:
    settings.BACKUPWEB_CONTACT = "ask@example.org"
    pack = Thing.make()
    alice.store(pack)
    alice.commit(1, head(), [])
    alice.get("/app/")
    leaving.suspend(account=alice.account)
    assert alice.get("/api/account").status_code == 401
    assert alice.fetch(pack).status == 401
    answer = Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD}, follow=True)
    assert "This account is suspended" in answer.content.decode()
    assert "mailto:ask@example.org" in answer.content.decode()
    wrong = Client().post("/accounts/login/", {"login": "alice", "password": "not hers at all"}, follow=True)
    assert "suspended" not in wrong.content.decode()
    assert alice.room == (4096, 0)


def test_programs_are_refused_too(alice: Person) -> None:
    leaving.suspend(account=alice.account)
    answer = Client().post(
        "/_allauth/browser/v1/auth/login", {"username": "alice", "password": PASSWORD}, "application/json"
    )
    assert answer.status_code in {401, 403}
    assert not answer.json().get("meta", {}).get("is_authenticated")


def test_who_is_readmitted_finds_everything(alice: Person) -> None:
    pack = Thing.make()
    alice.store(pack)
    leaving.suspend(account=alice.account)
    leaving.suspend(account=alice.account)
    leaving.readmit(account=alice.account)
    leaving.readmit(account=alice.account)
    again = Person(Account.objects.get(pk=alice.account.pk))
    assert again.fetch(pack).body == pack.content


async def test_open_sockets_close(alice: Person) -> None:
    await sync_to_async(alice.get)("/app/")
    page, vault = Socket(alice), VaultSocket(alice)
    assert await page.connect()
    assert await vault.connect()
    await sync_to_async(leaving.suspend)(account=alice.account)
    assert await page.hears() == {"kind": "revoked"}
    assert await page.closed()
    assert await vault.closed() == 1000
