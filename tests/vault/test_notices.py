"""The person hears what happens to the password: on open pages at once, and by letter in their language."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from backupweb.accounts.models import Account
from backupweb.lib.logs import JsonLines
from backupweb.vault import embedded, notices, services
from backupweb.vault.messages import read_message
from tests.people import Person
from tests.vault.device import PASSWORD, STATE, Spoken, by_http, carry, enrol, expect, first_message, log_in

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Spoken]:
    """What open pages hear."""
    settings.SEVERAL_PROCESSES = False
    events: list[Spoken] = []
    monkeypatch.setattr(notices, "announce", lambda account, event: events.append({"account": account, **event}))
    return events


def used_up(person: Person) -> None:
    """Ten guesses, without the site hearing of the last."""
    for _ in range(10):
        services.answer(person.account.pk, read_message.validate_python(first_message()))


def test_open_pages_hear_of_every_guess_and_of_the_end(alice: Person, heard: list[Spoken]) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    assert heard == [{"account": alice.account.pk, "kind": "ways"}]  # proving a new password is no guess
    heard.clear()
    for _ in range(10):
        expect(say(first_message()), "login-answer")
    told = [(event["kind"], event.get("left")) for event in heard]
    assert told == [*(("guess", left) for left in range(9, -1, -1)), ("password-erased", None)]
    assert {event["account"] for event in heard} == {alice.account.pk}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Dein Passwort wurde gelöscht", "Hallo alice,", "nach 10 Versuchen", "Wiederherstellungscode"]),
        ("en", ["Your password was erased", "Hello alice,", "after 10 tries", "recovery code"]),
        ("", ["Your password was erased", "Hello alice,", "after 10 tries", "recovery code"]),
    ],
)
def test_the_letter_says_what_still_opens_the_library(
    alice: Person, heard: list[Spoken], language: str, words: list[str]
) -> None:
    Account.objects.filter(pk=alice.account.pk).update(language=language)
    say = by_http(alice)
    carry(enrol(), say)
    mail.outbox.clear()
    for _ in range(10):
        say(first_message())
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    text = f"{letter.subject}\n{letter.body}"
    for word in [*words, "http://localhost:8000/app/#/settings/ways", "/accounts/sessions/"]:
        assert word in text
    assert "&#" not in text
    assert "\n\n\n" not in letter.body


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("de", ["Ein Passwort öffnet jetzt deine Chats", "Dein Passwort wurde entfernt"]),
        ("en", ["A password opens your chats now", "Your password was removed"]),
    ],
)
def test_setting_and_removing_are_confirmed(
    alice: Person, heard: list[Spoken], language: str, subjects: list[str]
) -> None:
    Account.objects.filter(pk=alice.account.pk).update(language=language)
    say = by_http(alice)
    record = carry(enrol(), say)
    expect(say({"kind": "remove", "record": record}), "state")
    assert [letter.subject for letter in mail.outbox] == [f"Backupweb: {subject}" for subject in subjects]
    assert [event["kind"] for event in heard] == ["ways", "ways"]


def test_an_erasure_that_nobody_told_is_told_at_the_next_look_and_only_once(alice: Person, heard: list[Spoken]) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    used_up(alice)  # and the process died
    heard.clear()
    mail.outbox.clear()
    for _ in range(3):
        expect(say(STATE), "state")
        cache.clear()
    assert [event["kind"] for event in heard] == ["password-erased"]
    assert len(mail.outbox) == 1


def test_a_refused_guess_tells_of_it_too(alice: Person, heard: list[Spoken]) -> None:
    carry(enrol(), by_http(alice))
    used_up(alice)
    mail.outbox.clear()
    assert by_http(alice)(first_message())["error"]["code"] == "vault.erased"
    assert len(mail.outbox) == 1


def test_a_post_office_that_is_closed_breaks_nothing_and_is_tried_again(
    alice: Person, heard: list[Spoken], settings: Any
) -> None:
    say = by_http(alice)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    record = carry(enrol(), say)
    for left in range(9, -1, -1):
        assert expect(say(first_message()), "login-answer")["left"] == left
    assert expect(say(STATE), "state")["record"] is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    expect(say(STATE), "state")
    assert mail.outbox == []  # not at every look
    cache.clear()
    expect(say(STATE), "state")
    assert len(mail.outbox) == 1
    assert record not in mail.outbox[0].body


def test_a_person_without_an_address_gets_no_letter(alice: Person, heard: list[Spoken]) -> None:
    Account.objects.filter(pk=alice.account.pk).update(email="")
    say = by_http(alice)
    carry(enrol(), say)
    for _ in range(10):
        say(first_message())
    assert mail.outbox == []
    assert heard[-1]["kind"] == "password-erased"
    assert services.untold(alice.account.pk) is None


def test_nothing_secret_is_in_letters_or_log_lines(
    alice: Person, heard: list[Spoken], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    over_http = by_http(alice)

    def say(message: Spoken) -> Spoken:
        answer = over_http(message)
        said.extend(
            value for value in (*message.values(), *answer.values()) if isinstance(value, str) and len(value) > 40
        )
        return answer

    carry(enrol(), say)
    carry(log_in("something typed by mistake"), say)
    carry(log_in(), say)
    for _ in range(10):
        carry(log_in("something typed by mistake"), say)
    written = "\n".join(JsonLines().format(record) for record in caplog.records)
    written += "".join(f"{letter.subject}{letter.body}" for letter in mail.outbox)
    assert len(said) > 30
    assert len(mail.outbox) == 2
    for secret in (PASSWORD, "something typed", *said):
        assert secret not in written
    assert "alice" not in "\n".join(JsonLines().format(record) for record in caplog.records)


def test_what_fails_in_telling_does_not_fail_the_answer(
    alice: Person, heard: list[Spoken], monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(enrol(), by_http(alice))

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(embedded, "untold", fails)
    for left in range(9, -1, -1):
        answer = by_http(alice)(json.loads(json.dumps(first_message())))
        assert expect(answer, "login-answer")["left"] == left
