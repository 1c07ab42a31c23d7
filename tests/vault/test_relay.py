"""A vault on its own host: the same answers and refusals, for the site with its certificate and for nobody else."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.core import mail

from backupweb.lib.logs import JsonLines
from backupweb.ops.models import SecurityEvent
from backupweb.vault import door, remote
from backupweb.vault.certificates import make_certificates
from backupweb.vault.models import GuessBudget, VaultRecord
from tests.people import Person
from tests.vault.device import PASSWORD, STATE, Talk, by_http, carry, enrol, expect, first_message, log_in
from tests.vault.relayed import VaultHost

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultHost]:
    host = VaultHost(tmp_path_factory.mktemp("vault-host")).start()
    yield host
    host.kill()


@pytest.fixture
def relaying(host: VaultHost, settings: Any) -> VaultHost:
    """This site has its vault over there."""
    settings.BACKUPWEB_VAULT_URL = host.url
    for name, path in host.identity("site").items():
        setattr(settings, name, Path(path))
    return host


def test_the_whole_life_of_a_password(alice: Person, relaying: VaultHost) -> None:
    say = by_http(alice)
    record = carry(enrol(), say)
    assert carry(log_in("wrong"), say) is None
    assert say(STATE)["left"] == 9
    opened = carry(log_in(), say)
    assert opened is not None
    assert opened["left"] == 10
    assert say({"kind": "remove", "record": record})["record"] is None
    # The site has no record, not for a moment: there is nothing to guess at.
    assert not VaultRecord.objects.exists()
    assert not GuessBudget.objects.exists()


def refusals(record: str) -> Talk[list[tuple[str, dict[str, int]]]]:
    """Codes and numbers of everything that the vault refuses, up to the last guess."""
    told = []

    def note(answer: dict[str, Any]) -> None:
        told.append((answer["error"]["code"], answer["error"].get("params", {})))

    note((yield {"kind": "login-begin", "ke1": "_" * 128, "record": None}))
    note((yield first_message("0" * 32)))
    note((yield {"kind": "login-finish", "exchange": "0" * 32, "ke3": "A" * 86}))
    begun = expect((yield first_message()), "login-answer")
    note((yield {"kind": "login-finish", "exchange": begun["exchange"], "ke3": "A" * 86}))
    for left in range(8, -1, -1):
        assert expect((yield first_message()), "login-answer")["left"] == left
    note((yield first_message()))
    note((yield {"kind": "remove", "record": record}))
    return told


def test_the_same_refusals_as_embedded(alice: Person, bob: Person, relaying: VaultHost, settings: Any) -> None:
    there = by_http(alice)
    from_there = carry(refusals(carry(enrol(), there)), there)
    settings.BACKUPWEB_VAULT_URL = None
    settings.SEVERAL_PROCESSES = False
    here = by_http(bob)
    from_here = carry(refusals(carry(enrol(), here)), here)
    assert from_there == from_here
    assert [code for code, _ in from_here][-2] == "vault.erased"
    assert len({code for code, _ in from_here}) >= 4


def test_an_erasure_is_told_by_the_site(alice: Person, relaying: VaultHost) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    mail.outbox.clear()
    for _ in range(10):
        expect(say(first_message()), "login-answer")
    assert len(mail.outbox) == 1
    say(STATE)
    assert len(mail.outbox) == 1


def test_a_right_tenth_guess_opens_through_the_relay_too(alice: Person, relaying: VaultHost) -> None:
    say = by_http(alice)
    carry(enrol(), say)
    for _ in range(9):
        expect(say(first_message()), "login-answer")
    opened = carry(log_in(), say)
    assert opened is not None
    assert opened["erased"] is True


@pytest.mark.parametrize("who", ["nobody", "stranger", "vault"])
def test_whoever_shows_no_certificate_of_the_site_gets_nothing(host: VaultHost, tmp_path: Path, who: str) -> None:
    stranger = tmp_path / "stranger"
    make_certificates(stranger, "localhost")
    shown = {
        "nobody": None,
        "stranger": (stranger / "site.pem", stranger / "site-key.pem"),  # right purpose, another authority
        "vault": (host.certificates / "vault.pem", host.certificates / "vault-key.pem"),  # ours, but no client's
    }
    site = (host.certificates / "site.pem", host.certificates / "site-key.pem")
    assert b'{"alive": true}' in host.asked_by(site, HEALTH)
    assert host.asked_by(shown[who], HEALTH) == b""


def test_a_plain_connection_gets_nothing(host: VaultHost) -> None:
    with socket.create_connection(("localhost", host.port), timeout=10) as plain:
        plain.sendall(HEALTH)
        with suppress(ConnectionError):
            assert b"alive" not in plain.recv(4096)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET /", 404),
        ("GET /api/head", 404),
        ("GET /admin/", 404),
        ("GET /v1/messages", 405),
        ("POST /healthz", 405),
        ("POST /v1/messages", 422),
    ],
)
def test_it_answers_two_addresses_and_nothing_else(host: VaultHost, request_line: str, status: int) -> None:
    site = (host.certificates / "site.pem", host.certificates / "site-key.pem")
    head = f"{request_line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    heard = host.asked_by(site, head.encode())
    assert heard.startswith(f"HTTP/1.1 {status} ".encode()), heard


def test_a_vault_that_poses_for_another_is_not_believed(
    alice: Person, relaying: VaultHost, settings: Any, tmp_path: Path
) -> None:
    make_certificates(tmp_path / "stranger", "localhost")
    settings.BACKUPWEB_VAULT_CA = tmp_path / "stranger" / "authority.pem"
    assert by_http(alice)(STATE)["error"]["code"] == "vault.unavailable"


def test_a_vault_that_is_down_is_unavailable_and_comes_back(
    alice: Person, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host = VaultHost(tmp_path / "host").start()
    try:
        settings.BACKUPWEB_VAULT_URL = host.url
        for name, path in host.identity("site").items():
            setattr(settings, name, Path(path))
        say = by_http(alice)
        carry(enrol(), say)
        asked = first_message()
        begun = expect(say(asked), "login-answer")
        host.kill()
        assert say(asked)["error"]["code"] == "vault.unavailable"
        assert alice.get("/readyz").json()["error"]["params"] == {"vault": 1}
        host.start()
        assert alice.get("/readyz").json() == {"ready": True}
        finish = {"kind": "login-finish", "exchange": begun["exchange"], "ke3": "A" * 86}
        assert say(finish)["error"]["code"] == "vault.exchange_gone"  # it died with the process
        assert say(STATE)["left"] == 9  # and what was counted stays counted
        assert carry(log_in(), say) is not None
    finally:
        host.kill()
    written = "\n".join(JsonLines().format(record) for record in caplog.records) + host.log.read_text()
    for secret in (PASSWORD, asked["ke1"], begun["ke2"], "alice", "example.org"):
        assert secret not in written


def test_what_the_vault_keeps_of_an_account_can_be_dropped(alice: Person, bob: Person, relaying: VaultHost) -> None:
    for person in (alice, bob):
        carry(enrol(), by_http(person))
    remote.drop(bob.account.pk)
    remote.drop(bob.account.pk)  # again is harmless
    known = remote.accounts_after(UUID(int=0))
    assert alice.account.pk in known
    assert bob.account.pk not in known
    assert known == sorted(known)
    assert alice.account.pk not in remote.accounts_after(alice.account.pk)
    assert carry(log_in(), by_http(alice)) is not None


def test_what_happens_is_written_down_on_the_site_for_the_person(alice: Person, relaying: VaultHost) -> None:
    say = by_http(alice)
    record = carry(enrol(), say)
    carry(log_in(), say)
    begun = expect(say(first_message()), "login-answer")
    say({"kind": "login-finish", "exchange": begun["exchange"], "ke3": "A" * 86})
    say({"kind": "remove", "record": record})
    carry(enrol(), say)
    for _ in range(10):
        say(first_message())
    kinds = list(
        SecurityEvent.objects.filter(account=alice.account, kind__startswith="vault-")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "vault-enrolled",
        *("vault-guess", "vault-opened"),
        *("vault-guess", "vault-wrong-password"),
        "vault-removed",
        "vault-enrolled",
        *["vault-guess"] * 10,
        "vault-erased",
    ]


def test_the_vault_is_asked_over_there(relaying: VaultHost) -> None:
    assert door.vault() is remote
    assert door.vault().alive()


def test_what_another_vault_might_say_becomes_no_answer(
    alice: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUPWEB_VAULT_URL = "https://localhost:1"
    said: list[tuple[int, object]] = [
        (200, {"kind": "drop"}),
        (200, {"kind": "state", "record": None, "left": 10, "of": 10, "tombstone": None, "more": 1}),
        (200, "text"),
        (418, {"error": {"code": "http.internal", "message": "x"}}),
        (400, {"error": {"code": "vault.erased"}}),
        (302, {}),
    ]
    for status, content in said:
        transport = httpx.MockTransport(lambda _, s=status, c=content: httpx.Response(s, content=json.dumps(c)))
        line = httpx.Client(transport=transport, base_url="https://localhost:1")
        monkeypatch.setattr(remote, "_line", lambda line=line: line)
        assert by_http(alice)(STATE)["error"]["code"] == "vault.unavailable", content
