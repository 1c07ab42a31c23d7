"""A person sees where they are signed in, names devices, and signs them out; each hears of it at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from backupweb.ops.models import SecurityEvent
from tests.accounts.test_events import Socket
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "/_allauth/browser/v1/auth/sessions"


def device(person: Person, user_agent: str = FIREFOX) -> Person:
    """Another browser of the same person."""
    other = Person(person.account)
    other.client.defaults["HTTP_USER_AGENT"] = user_agent
    other.get("/_allauth/browser/v1/auth/session")
    return other


def call(person: Person, method: str, address: str, body: object = None) -> Any:
    return person.client.generic(
        method, address, json.dumps(body), "application/json", headers={"X-CSRFToken": person.token}
    )


def number_of(person: Person) -> int:
    return int(UserSession.objects.get(session_key=person.client.session.session_key).pk)


def test_they_are_listed_with_what_they_say_of_themselves(alice: Person, bob: Person) -> None:
    alice.get("/api/account")
    mine = device(alice)
    told = mine.get("/api/devices").json()["devices"]
    assert len(told) == 2
    (this,) = [one for one in told if one["current"]]
    assert (this["id"], this["name"], this["system"]) == (number_of(mine), "Firefox, Linux", "Linux")
    for name in ("signed_in", "last_seen"):
        assert this[name] == datetime.fromisoformat(this[name]).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [one["current"] for one in bob.get("/api/devices").json()["devices"]] == [True]


def test_a_session_that_ended_by_itself_is_not_listed(alice: Person) -> None:
    other = device(alice)
    other.client.session.flush()
    assert len(alice.get("/api/devices").json()["devices"]) == 1


def test_a_name_is_given_and_stays(alice: Person) -> None:
    mine = device(alice)
    address = f"/api/devices/{number_of(mine)}"
    renamed = call(mine, "PATCH", address, {"name": "  Küche 🍳 "})
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["system"]) == (200, "Küche 🍳", "Linux")
    mine.client.get("/accounts/sessions/")
    assert "Küche" in mine.client.get("/accounts/sessions/").content.decode()
    assert [one["name"] for one in mine.get("/api/devices").json()["devices"] if one["current"]] == ["Küche 🍳"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\u202eb", "a\u200bb", None, 7])
def test_a_name_that_hides_something_is_refused(alice: Person, name: object) -> None:
    answer = call(alice, "PATCH", f"/api/devices/{number_of(device(alice))}", {"name": name})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "http.malformed")


def test_nobody_elses_is_named_or_ended(alice: Person, bob: Person) -> None:
    address = f"/api/devices/{number_of(device(alice))}"
    answer = call(bob, "PATCH", address, {"name": "mine"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "accounts.no_such_device")
    assert call(bob, "DELETE", address).status_code == 204
    assert len(alice.get("/api/devices").json()["devices"]) == 2


def test_calls_of_the_api_are_noted_every_ten_minutes(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = device(alice)
    row = UserSession.objects.filter(pk=number_of(mine))
    lately = timezone.now() - timedelta(minutes=9)
    row.update(last_seen_at=lately)
    mine.get("/api/account")
    assert row.get().last_seen_at == lately
    row.update(data={"name": "Kitchen"})
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    mine.get("/api/account")
    assert row.get().last_seen_at > lately
    assert row.get().data == {"name": "Kitchen"}


def by_call(alice: Person, other: Person) -> None:
    assert call(alice, "DELETE", f"/api/devices/{number_of(other)}").status_code == 204


def by_our_page(alice: Person, other: Person) -> None:
    alice.client.post(f"/accounts/sessions/{number_of(other)}/end/", headers={"X-CSRFToken": alice.token})


def by_signing_out_everywhere(alice: Person, other: Person) -> None:
    alice.client.post("/accounts/sessions/", headers={"X-CSRFToken": alice.token})


def by_allauths_call(alice: Person, other: Person) -> None:
    assert call(alice, "DELETE", SESSIONS, {"sessions": [number_of(other)]}).status_code == 200


@pytest.mark.parametrize("end", [by_call, by_our_page, by_signing_out_everywhere, by_allauths_call])
async def test_a_device_that_was_signed_out_hears_it_and_the_others_do_not(
    alice: Person, end: Callable[[Person, Person], None]
) -> None:
    other = await sync_to_async(device)(alice)
    hers, theirs = Socket(alice), Socket(other)
    assert await hers.connect()
    assert await theirs.connect()
    await sync_to_async(end)(alice, other)
    assert await theirs.hears() == {"kind": "revoked"}
    assert (await theirs.receive_output())["type"] == "websocket.close"
    assert await hers.receive_nothing()
    await hers.leave()
    assert (await sync_to_async(other.get)("/api/account")).status_code == 401
    assert (await sync_to_async(alice.get)("/api/account")).status_code == 200


def test_signing_a_device_out_is_written_down_with_its_name(alice: Person) -> None:
    other = device(alice)
    call(other, "PATCH", f"/api/devices/{number_of(other)}", {"name": "Old phone"})
    by_call(alice, other)
    event = SecurityEvent.objects.get(kind="device-revoked")
    assert (event.account_id, event.device) == (alice.account.pk, "Old phone")


async def test_a_page_whose_session_a_changed_password_ended_hears_nothing_more(alice: Person) -> None:
    from backupweb.accounts.events import announce  # noqa: PLC0415

    other = await sync_to_async(device)(alice)
    theirs = Socket(other)
    await theirs.connect()
    body = {"current_password": PASSWORD, "new_password": PASSWORD + " changed"}
    changed = await sync_to_async(call)(alice, "POST", "/_allauth/browser/v1/account/password/change", body)
    assert changed.status_code == 200
    await sync_to_async(announce)(alice.account.pk, {"kind": "ways"})
    assert (await theirs.receive_output())["type"] == "websocket.close"


def test_charlie_is_sent_away() -> None:
    assert Client().get("/api/devices").status_code == 401
