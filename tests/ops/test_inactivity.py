"""People are written to once, for a reason, in their language; and nobody loses an account without having been told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from backupweb.accounts import leaving
from backupweb.accounts.models import Account, DeletionBy, Notice
from backupweb.backups.models import Head
from backupweb.ops.deleting import accounts_delete_due
from backupweb.ops.inactivity import inactivity_notices
from tests.people import PASSWORD, Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

NOTHING = {"inactive": 0, "old_backups": 0, "deletions_near": 0}


@pytest.fixture(autouse=True)
def rules(settings: Any) -> Any:
    settings.BACKUPWEB_INACTIVE_DAYS = 365
    return settings


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def gone(person: Person, days: float) -> None:
    Account.objects.filter(pk=person.account.pk).update(date_joined=ago(days), last_login=ago(days))
    UserSession.objects.filter(user=person.account).update(last_seen_at=ago(days))


def backed_up(person: Person, days: float) -> None:
    person.commit(Head.objects.last_sequence(person.account) + 1, head())
    Head.objects.filter(account=person.account).update(written=ago(days))


def letters() -> list[EmailMessage]:
    told = list(mail.outbox)
    mail.outbox.clear()
    return told


def now_again(person: Person) -> Account:
    person.account.refresh_from_db()
    return person.account


# ---------------------------------------------------------------- nobody came


def test_who_was_not_here_for_a_year_is_told_once_a_year(alice: Person, bob: Person) -> None:
    gone(alice, 366)
    gone(bob, 364)
    assert inactivity_notices() == {**NOTHING, "inactive": 1}
    (letter,) = letters()
    assert letter.to == ["alice@example.org"]
    assert "365 days" in letter.body
    assert inactivity_notices() == NOTHING
    Notice.objects.update(sent=ago(366))
    assert inactivity_notices()["inactive"] == 1
    assert now_again(alice).delete_after is None


def test_a_session_that_was_seen_counts_as_being_here(alice: Person) -> None:
    alice.get("/app/")
    gone(alice, 400)
    UserSession.objects.update(last_seen_at=ago(1))
    assert inactivity_notices() == NOTHING


def test_by_default_nobody_is_written_to(alice: Person, rules: Any) -> None:
    rules.BACKUPWEB_INACTIVE_DAYS = 0
    gone(alice, 4000)
    assert inactivity_notices() == NOTHING


def test_where_the_admin_wants_it_the_letter_plans_the_deletion(alice: Person, rules: Any) -> None:
    rules.BACKUPWEB_INACTIVE_DELETE = True
    gone(alice, 400)
    Account.objects.update(language="de")
    assert inactivity_notices()["inactive"] == 1
    (letter,) = letters()
    account = now_again(alice)
    assert account.delete_after is not None
    assert account.deletion_by == DeletionBy.INACTIVITY
    assert str(account.delete_after.year) in letter.body
    assert "angemeldet" in letter.body
    Account.objects.update(delete_after=ago(0))
    assert accounts_delete_due()["accounts"] == 1


def test_signing_in_once_is_enough_to_stay(alice: Person, rules: Any) -> None:
    rules.BACKUPWEB_INACTIVE_DELETE = True
    gone(alice, 400)
    inactivity_notices()
    letters()
    client = Client()
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert now_again(alice).delete_after is None
    assert [letter.subject for letter in letters()] == ["Backupweb: Your account stays"]


def test_who_was_seen_or_whose_site_changed_its_mind_stays_at_the_last_moment(
    alice: Person, bob: Person, rules: Any
) -> None:
    rules.BACKUPWEB_INACTIVE_DELETE = True
    for person in (alice, bob):
        person.get("/app/")
        gone(person, 400)
    inactivity_notices()
    Account.objects.update(delete_after=ago(0))
    UserSession.objects.filter(user=alice.account).update(last_seen_at=ago(1))
    rules.BACKUPWEB_INACTIVE_DELETE = False
    assert accounts_delete_due() == {"accounts": 0, "sealed_objects": 0, "unfinished": 0}
    rules.BACKUPWEB_INACTIVE_DELETE = True
    assert now_again(bob).delete_after is None


def test_who_cannot_be_told_is_not_deleted(
    alice: Person, bob: Person, rules: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.BACKUPWEB_INACTIVE_DELETE = True
    for person in (alice, bob):
        gone(person, 400)
    Account.objects.filter(pk=alice.account.pk).update(email="")
    monkeypatch.setattr("backupweb.accounts.mail.send", lambda *args, **told: False)
    assert inactivity_notices() == NOTHING
    assert not Account.objects.exclude(delete_after=None).exists()
    monkeypatch.undo()
    assert inactivity_notices()["inactive"] == 1
    assert now_again(alice).delete_after is None


def test_staff_suspended_people_and_those_who_leave_anyway_are_left_alone(alice: Person, bob: Person) -> None:
    gone(alice, 400)
    gone(bob, 400)
    leaving.suspend(account=alice.account)
    Account.objects.filter(pk=bob.account.pk).update(is_staff=True)
    assert inactivity_notices() == NOTHING


# ---------------------------------------------------------------- the last backup is old


def test_an_old_backup_is_mentioned_once_in_sixty_days(alice: Person, bob: Person) -> None:
    backed_up(alice, 61)
    backed_up(bob, 59)
    assert inactivity_notices() == {**NOTHING, "old_backups": 1}
    (letter,) = letters()
    assert letter.to == ["alice@example.org"]
    assert letter.subject == "Backupweb: Your last backup is 60 days old"
    assert inactivity_notices() == NOTHING
    Notice.objects.update(sent=ago(59))
    assert inactivity_notices() == NOTHING
    Notice.objects.update(sent=ago(61))
    assert inactivity_notices()["old_backups"] == 1


def test_a_new_backup_ends_it(alice: Person) -> None:
    backed_up(alice, 61)
    alice.commit(2, head())
    assert inactivity_notices() == NOTHING


def test_who_never_made_one_or_does_not_want_letters_gets_none(alice: Person, bob: Person, rules: Any) -> None:
    alice.store(Thing.make())
    backed_up(bob, 100)
    leaving.reminders_set(account=bob.account, wanted=False)
    assert inactivity_notices() == NOTHING
    leaving.reminders_set(account=bob.account, wanted=True)
    rules.BACKUPWEB_OLD_BACKUP_DAYS = 0
    assert inactivity_notices() == NOTHING


def test_a_letter_that_the_post_office_did_not_take_is_tried_again(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(alice, 61)
    monkeypatch.setattr("backupweb.accounts.mail.send", lambda *args, **told: False)
    assert inactivity_notices() == NOTHING
    monkeypatch.undo()
    assert inactivity_notices()["old_backups"] == 1


def test_more_people_than_one_page_are_all_told(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backupweb.ops.inactivity._AT_ONCE", 2)
    for person in (alice, *(Person.named(f"person-{number}") for number in range(4))):
        backed_up(person, 61)
    assert inactivity_notices()["old_backups"] == 5


# ---------------------------------------------------------------- the end is near


def test_three_days_before_the_end_comes_one_more_letter(alice: Person) -> None:
    leaving.deletion_plan(account=alice.account, by=alice.account)
    letters()
    assert inactivity_notices() == NOTHING
    Account.objects.update(delete_after=timezone.now() + timedelta(days=2))
    assert inactivity_notices() == {**NOTHING, "deletions_near": 1}
    assert "/accounts/delete/" in letters()[0].body
    assert inactivity_notices() == NOTHING
    # Another plan has a letter of its own.
    leaving.deletion_cancel(account=alice.account, by=alice.account)
    leaving.deletion_plan(account=alice.account, by=alice.account)
    Account.objects.update(delete_after=timezone.now() + timedelta(days=2))
    assert inactivity_notices()["deletions_near"] == 1
