"""The vault without a socket: the same conversation, message by message, where one process keeps the exchange."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backupweb.vault.certificates import make_certificates
from tests.people import Person
from tests.vault.device import STATE, by_http, carry, enrol, first_message, log_in

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def one_process(settings: Any) -> None:
    settings.SEVERAL_PROCESSES = False


def test_a_password_is_set_opens_and_is_removed(alice: Person) -> None:
    say = by_http(alice)
    record = carry(enrol(), say)
    assert carry(log_in("wrong"), say) is None
    opened = carry(log_in(), say)
    assert opened is not None
    assert opened["left"] == 10
    removed = say({"kind": "remove", "record": record})
    assert (removed["kind"], removed["record"]) == ("state", None)
    assert say(first_message())["error"]["code"] == "vault.no_record"


def test_with_several_processes_exchanges_need_a_socket(alice: Person, settings: Any) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    settings.SEVERAL_PROCESSES = True
    assert alice.post("/api/vault", first_message()).status_code == 409
    for message in (first_message(), {"kind": "enrol-begin", "request": "A" * 43}):
        assert say(message)["error"]["code"] == "vault.socket_needed"
    assert say(STATE)["left"] == 10  # asked before anything was spent; and asking needs no exchange


def test_a_vault_on_its_own_host_keeps_exchanges_for_all_processes(
    alice: Person, settings: Any, tmp_path: Path
) -> None:
    settings.SEVERAL_PROCESSES = True
    settings.BACKUPWEB_VAULT_URL = "https://localhost:1"
    settings.BACKUPWEB_VAULT_CA, _, _, certificate, key = make_certificates(tmp_path, "localhost")
    settings.BACKUPWEB_VAULT_CERTIFICATE, settings.BACKUPWEB_VAULT_CERTIFICATE_KEY = certificate, key
    answer = by_http(alice)(first_message())
    assert answer["error"]["code"] == "vault.unavailable"  # it was asked


@pytest.mark.parametrize("kind", ["drop", "untold", "told", "accounts", "surprise"])
def test_a_client_cannot_send_what_only_the_site_says(alice: Person, kind: str) -> None:
    answer = alice.post("/api/vault", {"kind": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "http.malformed")


def test_only_our_own_pages_may_ask(alice: Person, charlie: Client) -> None:
    forged = alice.client.post("/api/vault", '{"kind": "state"}', "application/json")
    assert forged.json()["error"]["code"] == "http.forgery"
    assert charlie.post("/api/vault", '{"kind": "state"}', "application/json").status_code == 401
