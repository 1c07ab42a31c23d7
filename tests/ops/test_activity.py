"""A person looks up what happened to their account, by group and by time, and takes it along as a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backupweb.accounts.models import Account
from backupweb.ops.models import SecurityEvent
from backupweb.ops.views import harmless
from tests.people import Person

pytestmark = pytest.mark.django_db

PAGE = "/accounts/activity/"
FILE = "/accounts/activity/backupweb-activity.csv"


@pytest.fixture
def alice(alice: Person) -> Person:
    SecurityEvent.objects.all().delete()
    return alice


def note(person: Person, kind: str, *, days: float = 0, **more: object) -> None:
    SecurityEvent.objects.create(account=person.account, kind=kind, at=timezone.now() - timedelta(days=days), **more)


def shown(person: Person, query: str = "") -> list[str]:
    page = person.client.get(PAGE + query)
    assert page.status_code == 200
    return [str(event) for event in page.context["events"]]


def table(person: Person, query: str = "", **headers: str) -> list[list[str]]:
    answer = person.client.get(FILE + query, headers=headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_newest_first_and_nobody_elses(alice: Person, bob: Person) -> None:
    note(alice, "signed-in", days=2)
    note(alice, "vault-guess", days=1, number=4, device="Firefox, Linux")
    note(bob, "vault-erased")
    assert shown(alice) == ["The password of your chats was tried (guesses left: 4)", "Signed in"]
    assert "Firefox, Linux" in alice.client.get(PAGE).content.decode()
    assert not any("erased" in str(row) for row in table(alice))


def test_it_is_in_german_too(alice: Person) -> None:
    Account.objects.filter(pk=alice.account.pk).update(language="de")
    note(alice, "vault-guess", number=4)
    assert shown(alice) == ["Das Passwort deiner Chats wurde probiert (verbleibende Versuche: 4)"]
    assert "Ereignisse" in alice.client.get(PAGE).content.decode()
    assert table(alice)[0] == ["Zeit (UTC)", "Ereignis", "Gerät"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("?group=signing-in", 1),
        ("?group=unlocking", 1),
        ("?group=devices", 1),
        ("?group=ways", 1),
        ("?days=1", 1),
        ("?days=7", 2),
        ("?days=30", 3),
        ("?days=30&group=ways", 0),
        ("?group=nonsense&days=-5", 4),
    ],
)
def test_by_group_and_by_time(alice: Person, query: str, found: int) -> None:
    note(alice, "signed-in")
    note(alice, "vault-opened", days=3)
    note(alice, "device-paired", days=20)
    note(alice, "way-added", days=200)
    assert len(shown(alice, query)) == found
    assert len(table(alice, query)) == found + 1


def test_fifty_stand_on_a_page_and_all_of_them_in_the_table(alice: Person) -> None:
    for hours in range(120):
        note(alice, "signed-in", days=hours / 24)
    assert [len(shown(alice, f"?group=signing-in&page={page}")) for page in (1, 2, 3)] == [50, 50, 20]
    assert len(shown(alice, "?page=99")) == 20
    assert "?group=signing-in&amp;days=&amp;page=2" in alice.client.get(PAGE + "?group=signing-in").content.decode()
    assert len(table(alice)) == 121


def test_a_device_that_calls_itself_a_formula_is_harmless(alice: Person) -> None:
    note(alice, "sign-in-failed", device='=HYPERLINK("https://elsewhere.example")')
    note(alice, "sign-in-failed", device="<script>alert(1)</script>")
    assert {row[2][:2] for row in table(alice)[1:]} == {"'=", "<s"}
    assert "<script>alert" not in alice.client.get(PAGE).content.decode()


@given(st.text(max_size=20))
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in {text, "'" + text}


def test_charlie_signs_in_first() -> None:
    for address in (PAGE, FILE):
        assert Client().get(address).headers["location"].startswith("/accounts/login/")


def test_staff_look_at_events_and_change_none(alice: Person, bob: Person) -> None:
    note(bob, "vault-guess", number=4, device="a name of his own")
    Account.objects.filter(pk=alice.account.pk).update(is_staff=True)
    page = alice.client.get("/admin/ops/securityevent/").content.decode()
    assert "guesses left: 4" in page
    assert "a name of his own" not in page
    row = SecurityEvent.objects.get(kind="vault-guess")
    change = f"/admin/ops/securityevent/{row.pk}/change/"
    # The list is all there is: a single event has no page.
    assert alice.client.get(change).status_code == 404
    assert alice.client.post(change, {"csrfmiddlewaretoken": alice.token}).status_code == 404
    assert alice.client.get("/admin/ops/securityevent/add/").status_code == 404
