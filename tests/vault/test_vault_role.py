"""A vault on its own host has its tables and nothing of a site; it takes nothing that came in the clear."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backupweb.vault import relay
from tests.vault.relayed import VaultHost

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


async def asked(method: str, path: str, body: bytes = b"", scheme: str = "https") -> tuple[int, dict[str, Any]]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "method": method, "path": path}
    await relay.application(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


STATE = json.dumps({"account": "0" * 32, "message": {"kind": "state"}}).encode()


async def test_what_came_in_the_clear_is_refused_whatever_it_asks() -> None:
    assert (await asked("POST", relay.MESSAGES, STATE))[0] == 200
    for method, path in (("POST", relay.MESSAGES), ("GET", relay.HEALTH)):
        status, body = await asked(method, path, STATE, scheme="http")
        assert (status, body["error"]["code"]) == (403, "http.not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}",
        STATE[:-1],
        json.dumps({"account": "alice", "message": {"kind": "state"}}).encode(),
        json.dumps({"account": "0" * 32, "message": {"kind": "surprise"}}).encode(),
        json.dumps({"account": "0" * 32, "message": {"kind": "state"}, "more": 1}).encode(),
    ],
)
async def test_what_is_no_message_is_refused_in_the_one_shape(body: bytes) -> None:
    status, answer = await asked("POST", relay.MESSAGES, body)
    assert (status, answer["error"]["code"]) == (422, "http.malformed")


async def test_a_large_body_is_refused() -> None:
    status, answer = await asked("POST", relay.MESSAGES, STATE + b" " * 4400)
    assert (status, answer["error"]["code"]) == (413, "http.too_large")


async def test_it_tidies_up_from_its_start_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tidied = asyncio.Event()
    rounds = 0
    loop = asyncio.get_running_loop()

    def tidy() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise RuntimeError  # one that fails is not the last
        loop.call_soon_threadsafe(tidied.set)

    monkeypatch.setattr(relay, "tidy", tidy)
    monkeypatch.setattr(relay, "_TIDY_EVERY", 0.01)
    events: asyncio.Queue[Any] = asyncio.Queue()
    sent: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message["type"])

    living = asyncio.create_task(relay.application({"type": "lifespan"}, events.get, send))
    await events.put({"type": "lifespan.startup"})
    await asyncio.wait_for(tidied.wait(), 5)
    await events.put({"type": "lifespan.shutdown"})
    await asyncio.wait_for(living, 5)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    await asyncio.sleep(0.05)
    over = rounds
    await asyncio.sleep(0.1)
    assert rounds == over


def test_its_database_has_the_vaults_tables_only(tmp_path: Path) -> None:
    host = VaultHost(tmp_path / "host")
    host.manage("setup")  # again is harmless
    (database,) = (host.folder / "data").glob("*.sqlite3")
    with sqlite3.connect(database) as opened:
        tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables - {"django_migrations", "sqlite_sequence"} == {
        "vault_vaultrecord",
        "vault_guessbudget",
        "vault_tombstone",
        "vault_knownledger",
    }
    for command in ("invite", "collect_garbage", "createsuperuser"):
        with pytest.raises(subprocess.CalledProcessError):
            host.manage(command)


def test_a_site_does_not_serve_as_a_vault() -> None:
    with pytest.raises(CommandError, match="BACKUPWEB_ROLE"):
        call_command("run_vault")


def test_keys_are_for_their_owner_only_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    call_command("vault_certificates", str(folder), "--host", "192.0.2.7")
    made = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    # The authority's key is kept nowhere: nobody can sign a third certificate.
    assert made == {
        "authority.pem": 0o644,
        "vault.pem": 0o644,
        "vault-key.pem": 0o600,
        "site.pem": 0o644,
        "site-key.pem": 0o600,
    }
    before = (folder / "vault-key.pem").read_bytes()
    (folder / "authority.pem").unlink()
    with pytest.raises(CommandError):
        call_command("vault_certificates", str(folder), "--host", "192.0.2.7")
    assert (folder / "vault-key.pem").read_bytes() == before
    assert not (folder / "authority.pem").exists()


def test_a_certificate_is_good_for_its_own_host_only(tmp_path: Path) -> None:
    host = VaultHost(tmp_path / "host").start()
    try:
        context = ssl.create_default_context(cafile=host.certificates / "authority.pem")
        context.load_cert_chain(host.certificates / "site.pem", host.certificates / "site-key.pem")
        with (
            socket.create_connection(("127.0.0.1", host.port), timeout=10) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
            context.wrap_socket(plain, server_hostname="elsewhere.example"),
        ):
            pass
    finally:
        host.kill()
