"""A mailbox is opened by one device, joined by one other of the same account, and each letter is written once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from backupweb.lib.wire import read_bytes
from backupweb.ops.models import SecurityEvent
from backupweb.pairing.messages import PHASES, Way
from backupweb.pairing.models import Letter, Mailbox
from tests.pairing.devices import Device, code, letter
from tests.people import Person

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def opener(alice: Person) -> Device:
    return Device(alice, "Chrome")


@pytest.fixture
def joiner(alice: Person) -> Device:
    return Device(alice, "Firefox")


def expire() -> None:
    Mailbox.objects.update(expires=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("way", ["picture", "code"])
def test_letters_go_across_in_their_order(opener: Device, joiner: Device, way: Way) -> None:
    assert opener.open(way).status_code == 201
    assert opener.read().json() == {"letters": [], "joined": None, "over": False}
    joined = joiner.join(way, opener.mailbox)
    assert joined.json()["device"] == "Chrome Mobile, Android"
    sides = {"opener": opener, "joiner": joiner}
    written: dict[str, list[dict[str, str]]] = {"opener": [], "joiner": []}
    for phase in PHASES[way]:
        body = letter(way, phase.name)
        assert sides[phase.writer].write(phase.name, body).status_code == 204
        written[phase.writer].append({"phase": phase.name, "body": body})
    assert opener.read().json() == {"letters": written["joiner"], "joined": "Firefox, Linux", "over": False}
    assert joiner.read().json()["letters"] == written["opener"]
    event = SecurityEvent.objects.get(kind="device-paired")
    new = {"picture": "Chrome Mobile, Android", "code": "Firefox, Linux"}
    assert (event.account_id, event.detail, event.device) == (opener.person.account.pk, way, new[way])


def test_without_an_id_the_newest_open_one_of_that_way_is_joined(alice: Person, joiner: Device) -> None:
    older, newer, other = Device(alice), Device(alice), Device(alice)
    older.open("code")
    newer.open("code")
    other.open("picture")
    assert joiner.join("code").json()["mailbox"] == newer.mailbox
    assert code(Device(alice).join("code")) == (409, "pairing.taken")
    assert code(Device(alice).join("code", other.mailbox)) == (404, "pairing.none")


def test_a_mailbox_takes_one_joiner_and_never_its_own_device(opener: Device, joiner: Device, alice: Person) -> None:
    opener.open()
    assert code(opener.join("picture", opener.mailbox)) == (404, "pairing.none")
    assert code(opener.join("picture")) == (404, "pairing.none")
    assert joiner.join("picture", opener.mailbox).status_code == 200
    assert code(Device(alice).join("picture", opener.mailbox)) == (409, "pairing.taken")


def test_another_account_finds_nothing(opener: Device, bob: Person) -> None:
    opener.open()
    his = Device(bob)
    assert code(his.join("picture")) == (404, "pairing.none")
    assert code(his.join("picture", opener.mailbox)) == (404, "pairing.none")
    his.mailbox, his.token = opener.mailbox, opener.token
    assert code(his.read()) == (404, "pairing.none")
    assert code(his.write("public-key", letter("picture", "public-key"))) == (404, "pairing.none")
    assert his.end().status_code == 204
    assert opener.read().json()["over"] is False


def test_a_wrong_token_is_no_side(opener: Device, joiner: Device) -> None:
    opener.open()
    joiner.mailbox, joiner.token = opener.mailbox, "A" * 22
    assert code(joiner.read()) == (404, "pairing.none")
    assert code(joiner.write("public-key")) == (404, "pairing.none")
    assert joiner.end().status_code == 204
    assert opener.read().json()["over"] is False


def test_tokens_and_sessions_are_kept_hashed(opener: Device, joiner: Device) -> None:
    opener.open()
    joiner.join()
    kept = " ".join(str(value) for value in Mailbox.objects.values().get().values())
    for device in (opener, joiner):
        assert device.token not in kept
        assert read_bytes(device.token).hex() not in kept
        assert str(device.person.client.session.session_key) not in kept


def test_a_letter_is_written_by_its_side_and_in_its_turn(opener: Device, joiner: Device) -> None:
    opener.open("code")
    joiner.join("code")
    refused = (409, "pairing.out_of_turn")
    assert code(opener.write("ke1")) == refused
    assert code(opener.write("ke2")) == refused
    assert code(joiner.write("ke3")) == refused
    assert code(joiner.write("done")) == refused
    assert code(opener.write("public-key", letter("picture", "public-key"))) == refused
    assert joiner.write("ke1").status_code == 204
    assert code(joiner.write("ke2")) == refused
    assert Letter.objects.count() == 1


def test_the_same_letter_again_is_harmless_another_is_out_of_turn(opener: Device) -> None:
    opener.open()
    body = letter("picture", "public-key")
    assert [opener.write("public-key", body).status_code for _ in range(2)] == [204, 204]
    assert code(opener.write("public-key")) == (409, "pairing.out_of_turn")
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("more", [-1, 1])
def test_a_letter_of_another_size_is_refused(opener: Device, more: int) -> None:
    opener.open()
    size = 1216 + more
    body = "A" * (size // 3 * 4 + (0, 2, 3)[size % 3])
    assert code(opener.write("public-key", body)) == (413, "pairing.wrong_size")
    assert Letter.objects.count() == 0


def test_who_ends_it_ends_it_for_both_but_the_last_letter_can_be_read(opener: Device, joiner: Device) -> None:
    opener.open()
    joiner.join()
    opener.write("public-key")
    assert [opener.end().status_code for _ in range(2)] == [204, 204]
    news = joiner.read().json()
    assert (news["over"], len(news["letters"])) == (True, 1)
    assert code(joiner.write("key")) == (410, "pairing.over")


def test_after_two_minutes_nothing_is_read_written_or_joined(opener: Device, joiner: Device, alice: Person) -> None:
    opened = opener.open().json()["expires"]
    seconds = (datetime.fromisoformat(opened) - timezone.now()).total_seconds()
    assert 110 < seconds <= 120
    joiner.join()
    opener.write("public-key")
    expire()
    assert joiner.read().json() == {"letters": [], "joined": "Firefox, Linux", "over": True}
    assert code(joiner.write("key")) == (410, "pairing.over")
    assert code(Device(alice).join("picture", opener.mailbox)) == (404, "pairing.none")


def test_at_most_four_are_open(alice: Person, bob: Person) -> None:
    devices = [Device(alice) for _ in range(5)]
    assert [device.open().status_code for device in devices] == [201] * 4 + [409]
    assert code(devices[4].open()) == (409, "pairing.too_many")
    assert Device(bob).open().status_code == 201
    devices[0].end()
    assert devices[4].open().status_code == 201


def test_what_is_over_is_erased_at_the_next_opening_and_by_the_collector(opener: Device, joiner: Device) -> None:
    opener.open()
    opener.write("public-key")
    opener.end()
    joiner.open()
    assert (Mailbox.objects.count(), Letter.objects.count()) == (1, 0)
    call_command("collect_garbage", "--dry-run", verbosity=0)
    expire()
    call_command("collect_garbage")
    assert Mailbox.objects.count() == 0
    assert code(joiner.read()) == (404, "pairing.none")


def test_opening_is_slowed(opener: Device) -> None:
    statuses = []
    for _ in range(31):
        statuses.append(opener.open().status_code)
        opener.end()
    assert statuses == [201] * 30 + [429]
    cache.clear()
    assert opener.open().status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [{"way": "smoke"}, {"way": "picture", "more": 1}, {}, {"way": "code", "mailbox": "x"}],
)
def test_a_malformed_call_is_refused(opener: Device, wrong: dict[str, Any]) -> None:
    assert code(opener.person.post("/api/pairing/join", wrong)) == (422, "http.malformed")
