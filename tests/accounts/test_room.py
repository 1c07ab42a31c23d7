"""Room that gets scarce is told once per mark; more of it is asked for once at a time, answered once, and told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core import mail
from django.db import connection
from pytest_django import Settings

from backupweb.accounts import rooms, selectors
from backupweb.accounts.errors import RequestDecided
from backupweb.accounts.models import Account, Notice, Plan, Quota, QuotaRequest
from backupweb.lib.env import Rate
from tests.accounts.test_events import Socket
from tests.people import Person, Thing

pytestmark = pytest.mark.django_db(transaction=True)

GB = 10**9


def fill(person: Person, used: int, limit: int = 100_000) -> None:
    """As if so much were stored."""
    rooms.limit_set(account=person.account, limit=limit)
    Quota.objects.filter(account=person.account).update(used=used)


def told() -> list[str]:
    """The subjects of the letters since the last time."""
    subjects = [message.subject.removeprefix("Backupweb: ") for message in mail.outbox]
    mail.outbox.clear()
    return subjects


def ask(person: Person, wanted: int = 10 * GB, reason: str = "") -> Any:
    return person.post("/api/account/room-request", {"wanted": wanted, "reason": reason})


def quota(person: Person) -> dict[str, Any]:
    answered: dict[str, Any] = person.get("/api/account").json()["quota"]
    return answered


# ---------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    ("used", "warning"),
    [(0, 0), (79_999, 0), (80_000, 80), (94_999, 80), (95_000, 95), (100_000, 95), (200_000, 95)],
)
def test_the_page_is_told_the_highest_mark_that_is_reached(alice: Person, used: int, warning: int) -> None:
    fill(alice, used)
    assert quota(alice)["warning"] == warning


def test_a_letter_is_written_once_per_mark_and_again_when_room_was_made_in_between(alice: Person, bob: Person) -> None:
    fill(bob, 10_000)
    for used, expected in [
        (79_999, []),
        (80_000, ["Most of your room is used"]),
        (90_000, []),
        (96_000, ["Your room is almost full"]),
        (99_000, []),
        (91_000, []),  # not clearly below
        (96_000, []),
        (89_000, []),
        (96_000, ["Your room is almost full"]),
        (76_000, []),
        (80_000, []),
        (74_000, []),
        (80_000, ["Most of your room is used"]),
    ]:
        fill(alice, used)
        assert rooms.room_notices() == len(expected)
        assert told() == expected, used
        assert rooms.room_notices() == 0


def test_who_crosses_both_marks_at_once_gets_one_letter(alice: Person) -> None:
    fill(alice, 97_000)
    assert rooms.room_notices() == 1
    assert told() == ["Your room is almost full"]
    fill(alice, 88_000)
    assert rooms.room_notices() == 0, "that the first mark is passed is no news after the second"


def test_a_smaller_plan_may_make_it_scarce(alice: Person) -> None:
    Quota.objects.of(alice.account)
    Quota.objects.filter(account=alice.account).update(used=900)
    rooms.plan_set(accounts=[alice.account], plan=Plan.objects.create(name="Small", limit=1000))
    assert rooms.room_notices() == 1


def test_the_letter_speaks_the_persons_language_and_tells_the_next_step(alice: Person, settings: Settings) -> None:
    settings.BACKUPWEB_URL = "https://backup.example.org"
    Account.objects.update(language="de")
    fill(alice, 4_130_000_000, limit=5 * GB)
    rooms.room_notices()
    [letter] = mail.outbox
    assert letter.subject == "Backupweb: Dein Speicherplatz ist zum größten Teil belegt"
    assert letter.to == ["alice@example.org"]
    text = str(letter.body)
    assert "4,1\u00a0GB von deinen 5\u00a0GB sind belegt" in text
    assert "870\u00a0MB" in text
    assert "Entferne" in text.title()
    assert "https://backup.example.org/app/#/settings/room" in text


def test_nobody_who_is_suspended_is_written_to_and_a_closed_post_office_is_tried_again(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(alice, 90_000)
    fill(bob, 90_000)
    Account.objects.filter(username="bob").update(is_active=False)
    with monkeypatch.context() as broken:
        broken.setattr("backupweb.accounts.mail.write", lambda *args, **told: False)
        assert rooms.room_notices() == 0
    assert not Notice.objects.exists()
    assert rooms.room_notices() == 1
    assert told() == ["Most of your room is used"]


def test_two_workers_at_once_write_one_letter(alice: Person) -> None:
    fill(alice, 90_000)
    sent: list[int] = []

    def worker() -> None:
        try:
            sent.append(rooms.room_notices())
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 1
    assert len(told()) == 1


def test_whom_nobody_has_to_write_to_costs_nothing(alice: Person, django_assert_max_num_queries: Any) -> None:
    people = Account.objects.bulk_create(Account(username=f"person-{n}", password="!") for n in range(200))
    Quota.objects.bulk_create(Quota(account=one, used=10, limit=1000) for one in people)
    with django_assert_max_num_queries(8):
        assert rooms.room_notices() == 0


# ---------------------------------------------------------------- wishes


def test_a_wish_is_seen_until_it_is_answered(alice: Person) -> None:
    assert quota(alice)["request"] is None
    answer = ask(alice, 10 * GB, " Three years of club chats.\n")
    assert answer.status_code == 201
    wish = quota(alice)["request"]
    assert wish == answer.json()
    assert (wish["wanted"], wish["reason"], wish["granted"]) == (10 * GB, "Three years of club chats.", None)
    [waiting] = selectors.undecided_requests()
    assert waiting.account == alice.account


def test_one_wish_at_a_time_and_the_same_again_is_harmless(alice: Person) -> None:
    assert ask(alice).status_code == 201
    assert ask(alice).status_code == 201
    refused = ask(alice, 20 * GB)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "accounts.request_waiting")
    assert QuotaRequest.objects.count() == 1


def test_a_wish_is_taken_back_and_another_one_made(alice: Person, bob: Person) -> None:
    ask(alice)
    ask(bob)
    assert alice.delete("/api/account/room-request").status_code == 204
    assert alice.delete("/api/account/room-request").status_code == 204
    assert quota(alice)["request"] is None
    assert quota(bob)["request"] is not None
    assert ask(alice, 20 * GB).status_code == 201


@pytest.mark.parametrize("wanted", [1, GB])
def test_what_is_there_already_need_not_be_asked_for(alice: Person, wanted: int) -> None:
    refused = ask(alice, wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "accounts.request_too_small")


@pytest.mark.parametrize("body", [{"wanted": 0}, {"wanted": 2**50 + 1}, {"wanted": 2 * GB, "reason": "x" * 301}, {}])
def test_a_malformed_wish_is_refused(alice: Person, body: dict[str, object]) -> None:
    assert alice.post("/api/account/room-request", body).status_code == 422


def test_wishes_have_a_limit(alice: Person, settings: Settings) -> None:
    settings.BACKUPWEB_LIMIT_ROOM = Rate(2, 86_400)
    assert [ask(alice).status_code for _ in range(3)] == [201, 201, 429]


def test_a_granted_wish_is_room_at_once_and_a_letter(alice: Person) -> None:
    ask(alice)
    [wish] = selectors.undecided_requests()
    rooms.quota_request_decide(request=wish, granted=True, limit=7 * GB)
    assert quota(alice)["limit"] == 7 * GB
    assert quota(alice)["request"]["granted"] is True
    assert told() == ["You have more room"]
    assert ask(alice).status_code == 201, "and one may ask for still more"


def test_granted_without_an_amount_it_is_what_was_wanted(alice: Person) -> None:
    ask(alice, 9 * GB)
    [wish] = selectors.undecided_requests()
    rooms.quota_request_decide(request=wish, granted=True)
    assert quota(alice)["limit"] == 9 * GB


def test_a_refused_wish_changes_nothing_and_is_told(alice: Person) -> None:
    Account.objects.update(language="de")
    ask(alice)
    [wish] = selectors.undecided_requests()
    rooms.quota_request_decide(request=wish, granted=False)
    assert quota(alice)["limit"] == GB
    assert quota(alice)["request"]["granted"] is False
    assert told() == ["Dein Speicherplatz bleibt, wie er ist"]


def test_of_two_answers_the_first_counts(alice: Person) -> None:
    ask(alice)
    [wish] = selectors.undecided_requests()
    rooms.quota_request_decide(request=wish, granted=False)
    with pytest.raises(RequestDecided):
        rooms.quota_request_decide(request=wish, granted=True)
    assert quota(alice)["limit"] == GB
    assert len(told()) == 1


# ---------------------------------------------------------------- open pages


async def hears_nothing(socket: Any) -> bool:
    return bool(await socket.receive_nothing())


async def test_open_pages_hear_of_an_answer_a_plan_and_a_mark_that_was_crossed(alice: Person, bob: Person) -> None:
    hers, his = Socket(alice), Socket(bob)
    assert await hers.connect()
    assert await his.connect()
    await sync_to_async(rooms.quota_request_make)(account=alice.account, wanted=2 * GB, reason="")
    wish = await QuotaRequest.objects.aget()
    await sync_to_async(rooms.quota_request_decide)(request=wish, granted=True, limit=10_000)
    assert await hers.hears() == {"kind": "room"}
    plan = await Plan.objects.acreate(name="Small", limit=1)
    await sync_to_async(rooms.plan_set)(accounts=[alice.account], plan=plan)
    assert await hers.hears() == {"kind": "room"}
    await sync_to_async(alice.begin)(first := Thing.make(), second := Thing.make())
    await alice.ask("PUT", f"/objects/{first.id}", [first.content])
    assert await hears_nothing(hers)
    await alice.ask("PUT", f"/objects/{second.id}", [second.content])
    assert await hers.hears() == {"kind": "room"}
    assert await hears_nothing(his)
    await hers.leave()
    await his.leave()
