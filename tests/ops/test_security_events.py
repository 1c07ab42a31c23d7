"""Signing in and its kin are written down: what, when, which account; never what was typed."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from backupweb.lib.logs import JsonLines
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.django_db


def lines(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(JsonLines().format(record) for record in caplog.records)


def test_events_hold_the_account_and_nothing_typed(alice: Person, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    for password in (PASSWORD, "something typed by mistake"):
        body = {"username": "alice", "password": password}
        client.post("/_allauth/browser/v1/auth/login", body, "application/json")
        client.delete("/_allauth/browser/v1/auth/session")
    client.post("/_allauth/browser/v1/auth/login", {"username": "my-password", "password": "x"}, "application/json")
    written = lines(caplog)
    events = [json.loads(line) for line in written.splitlines()]
    kinds = [line["event"] for line in events if line["logger"] == "backupweb.security"]
    assert kinds == ["signed-in", "signed-out", "sign-in-failed", "sign-in-failed"]
    assert events[0]["account"] == alice.account.pk.hex
    for secret in (PASSWORD, "mistake", "my-password", "example.org", client.cookies["csrftoken"].value):
        assert secret not in written


def test_a_fault_is_written_without_its_words(
    alice: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backupweb.backups import selectors  # noqa: PLC0415

    def fails(*_: object) -> None:
        raise RuntimeError("the row of alice@example.org")

    monkeypatch.setattr(selectors, "head_of", fails)
    alice.client.raise_request_exception = False
    answer = alice.get("/api/head")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "http.internal")
    written = lines(caplog)
    assert "RuntimeError" in written
    assert "example.org" not in written
