"""Who was let in once is looked up quickly from then on, and is shut out as quickly as anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backupweb.backups import asking
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_is_known() -> None:
    asking._verified.clear()


@pytest.fixture
def pack(alice: Person) -> Thing:
    """Stored and read once: Alice is known."""
    thing = Thing.make()
    alice.store(thing)
    assert alice.fetch(thing).status == 200
    return thing


def test_one_statement_is_enough(alice: Person, pack: Thing) -> None:
    request = asking.request_of(
        {
            "type": "http",
            "method": "GET",
            "path": "/",
            "headers": [(b"host", b"testserver"), (b"cookie", alice.cookies.encode())],
        }  # type: ignore[typeddict-item]  # as little as a head can say
    )
    with CaptureQueriesContext(connection) as queries:
        found = asking.asked_for(request, pack.id)
    assert (found.object_id.hex, found.size, found.state) == (pack.id, 4096, "stored")
    assert len(queries) == 1


def sign_out(alice: Person) -> None:
    alice.client.logout()


def sign_out_elsewhere(alice: Person) -> None:
    Session.objects.all().delete()


def let_the_session_end(alice: Person) -> None:
    Session.objects.all().update(expire_date=timezone.now() - timedelta(seconds=1))


def suspend(alice: Person) -> None:
    alice.account.is_active = False
    alice.account.save()


def set_a_new_password(alice: Person) -> None:
    alice.account.set_password("another sign-in password 8")
    alice.account.save()


def change_the_session(alice: Person) -> None:
    Session.objects.all().update(session_data="eyJfYXV0aF91c2VyX2lkIjoiMSJ9:forged")


@pytest.mark.parametrize(
    "shut_out",
    [sign_out, sign_out_elsewhere, let_the_session_end, suspend, set_a_new_password, change_the_session],
)
def test_who_is_shut_out_reads_and_writes_nothing_from_then_on(
    alice: Person, pack: Thing, shut_out: Callable[[Person], None]
) -> None:
    other = Thing.make()
    alice.begin(other)
    cookies = alice.cookies
    shut_out(alice)
    alice.client.cookies.load(cookies)
    assert alice.fetch(pack).error == "http.not_signed_in"
    assert alice.put(other).error == "http.not_signed_in"


def test_a_known_session_opens_nobody_elses_objects(alice: Person, bob: Person, pack: Thing) -> None:
    theirs = Thing.make()
    bob.store(theirs)
    assert alice.fetch(theirs).error == "backups.no_such_object"
    assert bob.fetch(pack).error == "backups.no_such_object"
    assert bob.fetch(theirs).status == 200


def test_a_session_that_becomes_somebody_elses_is_looked_at_anew(alice: Person, bob: Person, pack: Thing) -> None:
    theirs = Thing.make()
    bob.store(theirs)
    key = alice.client.cookies["sessionid"].value
    bobs = Session.objects.get(pk=bob.client.cookies["sessionid"].value)
    Session.objects.filter(pk=key).update(session_data=bobs.session_data)
    assert alice.fetch(pack).error == "backups.no_such_object"
    assert alice.fetch(theirs).status == 200
