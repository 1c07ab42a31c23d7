"""The vault's socket lets in who is signed in, takes one small message at a time, and lets nobody stay for nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from backupweb.accounts.models import Account
from backupweb.lib.env import Rate
from backupweb.vault import consumers, door
from tests.people import Person
from tests.vault.device import STATE, RefusedError, VaultSocket, carry_over, enrol, first_message, log_in

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


async def connected(person: Person, **headers: str) -> VaultSocket:
    socket = VaultSocket(person, **headers)
    assert await socket.connect()
    return socket


async def test_a_password_is_set_and_opens_on_another_device(alice: Person) -> None:
    first, second = await connected(alice), await connected(alice)
    record = await carry_over(enrol(), first.say)
    opened = await carry_over(log_in(), second.say)
    assert opened is not None
    assert (opened["left"], opened["enrolled"], opened["erased"]) == (10, False, False)
    assert (await second.say(STATE))["record"]["id"] == record
    await first.leave()
    await second.leave()


async def test_a_wrong_password_costs_a_guess_and_a_right_one_restores_all(alice: Person) -> None:
    socket = await connected(alice)
    await carry_over(enrol(), socket.say)
    assert await carry_over(log_in("another password"), socket.say) is None
    assert (await socket.say(STATE))["left"] == 9
    await carry_over(log_in(), socket.say)
    assert (await socket.say(STATE))["left"] == 10
    await socket.leave()


async def test_who_is_not_signed_in_is_not_let_in() -> None:
    assert not await VaultSocket(None).connect()


async def test_a_page_of_another_site_is_not_let_in(alice: Person) -> None:
    assert not await VaultSocket(alice, "https://elsewhere.example").connect()


async def test_bob_has_a_vault_of_his_own(alice: Person, bob: Person) -> None:
    hers, his = await connected(alice), await connected(bob)
    record = await carry_over(enrol(), hers.say)
    assert (await his.say(STATE))["record"] is None
    for message in (first_message(), first_message(record), {"kind": "remove", "record": record}):
        assert (await his.say(message))["error"]["code"] == "vault.no_record", message
    begun = await hers.say(first_message())
    finish = {"kind": "login-finish", "exchange": begun["exchange"], "ke3": "A" * 86}
    assert (await his.say(finish))["error"]["code"] == "vault.exchange_gone"
    assert (await hers.say(STATE))["left"] == 9
    await hers.leave()
    await his.leave()


async def test_a_large_frame_ends_the_conversation(alice: Person) -> None:
    socket = await connected(alice)
    await socket.push(json.dumps(STATE) + " " * (4096 - len(json.dumps(STATE))))
    assert (await socket.hear())["kind"] == "state"
    await socket.push(json.dumps(STATE) + " " * 4096)
    assert await socket.closed() == 1009


async def test_a_frame_of_bytes_ends_the_conversation(alice: Person) -> None:
    socket = await connected(alice)
    await socket.send_input({"type": "websocket.receive", "bytes": json.dumps(STATE).encode()})
    assert await socket.closed() == 1003


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"kind": "surprise"}',
        '{"kind": "state", "more": 1}',
        '{"kind": "drop"}',  # what only the site says to its vault
        '{"kind": "accounts"}',
        '{"kind": "login-begin", "ke1": "AAAA", "record": null}',
    ],
)
async def test_what_is_no_message_is_refused_and_repeated_nowhere(alice: Person, text: str) -> None:
    socket = await connected(alice)
    await socket.push(text)
    refused = await socket.hear()
    assert (refused["kind"], refused["error"]["code"]) == ("refused", "vault.malformed")
    assert set(refused["error"]) == {"code", "message"}
    assert (await socket.say(STATE))["kind"] == "state"  # and the conversation goes on
    await socket.leave()


async def test_two_messages_at_once_are_answered_one_after_the_other(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = await connected(alice)
    under_way, most = 0, 0
    talk = door.talk

    def watched(**asked: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return talk(**asked)
        finally:
            under_way -= 1

    monkeypatch.setattr(door, "talk", watched)
    await carry_over(enrol(), socket.say)
    for message in (first_message(), STATE, first_message()):
        await socket.push(json.dumps(message))
    heard = [await socket.hear() for _ in range(3)]
    assert [(answer["kind"], answer["left"]) for answer in heard] == [
        ("login-answer", 9),
        ("state", 9),
        ("login-answer", 8),
    ]
    assert most == 1
    await socket.leave()


async def test_a_session_that_was_ended_does_not_go_on(alice: Person) -> None:
    socket = await connected(alice)
    await carry_over(enrol(), socket.say)
    await sync_to_async(alice.client.session.flush)()
    assert (await socket.say(first_message()))["error"]["code"] == "http.not_signed_in"
    assert await socket.closed() == 1008
    await sync_to_async(alice.client.force_login)(alice.account, "allauth.account.auth_backends.AuthenticationBackend")
    again = await connected(alice)
    assert (await again.say(STATE))["left"] == 10  # nothing was spent
    await again.leave()


async def test_a_suspended_account_does_not_go_on(alice: Person) -> None:
    socket = await connected(alice)
    await Account.objects.filter(pk=alice.account.pk).aupdate(is_active=False)
    assert (await socket.say(STATE))["error"]["code"] == "http.not_signed_in"
    assert await socket.closed() == 1008


async def test_silence_ends_the_conversation_and_talking_prolongs_it(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "SILENCE", 0.6)
    socket = await connected(alice)
    for _ in range(4):
        await asyncio.sleep(0.3)
        assert (await socket.say(STATE))["kind"] == "state"
    assert await socket.closed() == 1000


async def test_staff_hold_no_vault(alice: Person) -> None:
    await Account.objects.filter(pk=alice.account.pk).aupdate(is_staff=True)
    socket = await connected(alice)
    assert (await socket.say(STATE))["error"]["code"] == "vault.staff"
    with pytest.raises(RefusedError) as refused:
        await carry_over(enrol(), socket.say)
    assert refused.value.code == "vault.staff"
    await socket.leave()


@pytest.mark.parametrize(
    ("headers", "account", "word"),
    [
        ({"accept_language": "de-DE,de;q=0.9"}, "", "Passwort"),
        ({"accept_language": "en"}, "", "password"),
        ({"accept_language": "en"}, "de", "Passwort"),
        ({"accept_language": "de", "cookie": "; django_language=en"}, "de", "password"),
    ],
)
async def test_a_refusal_speaks_the_language_of_who_asks(
    alice: Person, headers: dict[str, str], account: str, word: str
) -> None:
    await Account.objects.filter(pk=alice.account.pk).aupdate(language=account)
    socket = await connected(alice, **headers)
    refused = await socket.say(first_message())
    assert refused["error"]["code"] == "vault.no_record"
    assert word in refused["error"]["message"]
    await socket.leave()


async def test_a_fault_is_a_refusal_without_its_words(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise RuntimeError("the row of alice@example.org")

    monkeypatch.setattr(door, "talk", fails)
    socket = await connected(alice)
    refused = await socket.say(STATE)
    assert refused["error"]["code"] == "http.internal"
    assert "alice" not in json.dumps(refused)
    await socket.leave()


async def test_logging_in_and_enrolling_have_limits_beside_the_budget(alice: Person, settings: Settings) -> None:
    settings.BACKUPWEB_LIMIT_VAULT = Rate(3, 3600)
    settings.BACKUPWEB_LIMIT_VAULT_ENROL = Rate(1, 3600)
    socket = await connected(alice)
    await carry_over(enrol(), socket.say)  # one of each
    await carry_over(log_in(), socket.say)
    await carry_over(log_in(), socket.say)
    refused_login = (await socket.say(first_message()))["error"]
    assert refused_login["code"] == "http.too_many_requests"
    assert 3590 <= refused_login["params"]["seconds"] <= 3600
    with pytest.raises(RefusedError) as refused:
        await carry_over(enrol(), socket.say)
    assert refused.value.code == "http.too_many_requests"
    assert (await socket.say(STATE))["left"] == 10  # refused before anything was spent
    await socket.leave()
