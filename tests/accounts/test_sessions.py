"""One device is signed out by its person and by nobody else."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from tests.people import Person


def test_a_session_is_ended_and_nobody_elses(alice: Person, bob: Person) -> None:
    alice.client.get("/app/")
    hers = UserSession.objects.get(user=alice.account)
    address = f"/accounts/sessions/{hers.pk}/end/"
    assert Client().post(address).status_code == 302
    bob.client.post(address, headers={"x-csrftoken": bob.token})
    assert alice.client.get("/app/").status_code == 200
    alice.client.post(address, headers={"x-csrftoken": alice.token})
    assert alice.client.get("/app/").status_code == 302


def test_every_page_notes_when_a_session_was_seen(alice: Person) -> None:
    alice.client.get("/app/")
    lately = timezone.now() - timedelta(minutes=1)
    UserSession.objects.filter(user=alice.account).update(last_seen_at=lately)
    alice.client.get("/app/")
    assert UserSession.objects.get(user=alice.account).last_seen_at > lately
