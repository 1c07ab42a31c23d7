"""Every answer carries the security headers: pages, files, refusals, faults, raw bytes."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as django_settings
from django.urls import get_resolver
from django_permissions_policy import PermissionsPolicyMiddleware

from backupweb.accounts.models import Account
from backupweb.asgi import application
from backupweb.lib.env import Rate
from backupweb.lib.headers import COMPANIONS, DIRECTIVES, PERMISSIONS, permissions_policy, raw_headers
from backupweb.lib.secret import SecretBytes
from tests.people import Person, Thing
from tests.raw import Answer, ask

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def policy(answer: Answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["content-security-policy"].split("; "))
    return {name: sources for name, *sources in parts}


def check(answer: Answer) -> None:
    for name, value in COMPANIONS.items():
        assert answer.headers[name.lower()] == value
    assert answer.headers["permissions-policy"] == permissions_policy()
    assert policy(answer) == DIRECTIVES


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/try/",
        "/app/",
        "/accounts/login/",
        "/nowhere/",
        "/api/head",
        "/api/openapi.json",
        "/healthz",
        "/objects/x",
    ],
)
def test_every_answer_carries_them(alice: Person, address: str) -> None:
    check(asyncio.run(ask("GET", address, [], {})))
    check(asyncio.run(alice.ask("GET", address)))


def test_sealed_bytes_carry_them(alice: Person) -> None:
    pack = Thing.make()
    alice.begin(pack)
    check(alice.put(pack))
    check(alice.fetch(pack))
    check(alice.fetch(pack, range="bytes=0-0"))


def test_files_carry_them_and_belong_to_this_site_only() -> None:
    dist = Path(django_settings.BASE_DIR) / "frontend" / "dist"
    # Of the pages, and of Python for whoever asks for a second opinion.
    for pattern in ("assets/*.js", "pyodide/*/pyodide.mjs", "wheels/*/*.whl"):
        file = next(dist.glob(pattern), None)
        if file is None:
            pytest.skip("the browser's part is not built")
        answer = asyncio.run(ask("GET", f"/static/{file.relative_to(dist)}", [], {}))
        assert answer.status == 200
        check(answer)
        assert "access-control-allow-origin" not in answer.headers
        assert "immutable" in answer.headers["cache-control"]


def test_faults_carry_them(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from backupweb.backups import selectors  # noqa: PLC0415

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(selectors, "head_of", fails)
    monkeypatch.setattr(selectors, "object_of", fails)
    for method, address in (("GET", "/api/head"), ("PUT", "/objects/" + "0" * 32)):
        answer = asyncio.run(alice.ask(method, address, [b"x"] if method == "PUT" else []))
        assert (answer.status, answer.error) == (500, "http.internal")
        check(answer)


def test_no_page_takes_script_or_style_from_its_text_or_from_elsewhere() -> None:
    for name, sources in DIRECTIVES.items():
        assert "'unsafe-inline'" not in sources, name
        assert "'unsafe-eval'" not in sources, name
        assert not any("//" in source or source == "*" for source in sources), name


def test_the_admin_is_looser_and_nothing_else_is(alice: Person) -> None:
    alice.account.is_staff = alice.account.is_superuser = True
    alice.account.save()
    admin = policy(asyncio.run(alice.ask("GET", "/admin/")))
    assert "'unsafe-inline'" in admin["script-src"]
    assert admin["default-src"] == ["'none'"]
    assert admin["connect-src"] == ["'self'"]
    assert policy(asyncio.run(alice.ask("GET", "/administrator/"))) == DIRECTIVES


def test_our_permissions_are_spelt_as_the_middleware_spells_them() -> None:
    made: Any = PermissionsPolicyMiddleware(lambda request: None, policy=PERMISSIONS)  # type: ignore[arg-type]
    assert permissions_policy() == made.permissions_policy


def test_pages_may_ask_for_a_camera_and_for_nothing_else_that_watches_or_listens() -> None:
    # The old device scans the new one's picture while they pair.
    assert PERMISSIONS["camera"] == ["self"]
    for name in ("microphone", "display-capture", "geolocation"):
        assert PERMISSIONS[name] == []


# ---------------------------------------------------------------- every address there is, asked in every way

HASHED = {"style-src", "script-src", "require-trusted-types-for", "trusted-types"}
VALUES = {
    "uidb36": "1",
    "key": "x",
    "object_id": "1",
    "app_label": "accounts",
    "content_type_id": "1",
    "url": "nothing",
    "token": "x",
}


def addresses() -> list[str]:
    """One address for every pattern that Django knows, with something in the place of what varies."""
    found: set[str] = set()

    def walk(patterns: Any, before: str) -> None:
        for one in patterns:
            text = str(one.pattern)
            text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda name: VALUES.get(name[1], "1"), text)
            text = re.sub(r"<(?:(\w+):)?(\w+)>", lambda name: "0" * 32 if name[1] == "uuid" else "1", text)
            text = text.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "").replace("?", "")
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, before + text)
            else:
                found.add("/" + before + text)

    walk(get_resolver().url_patterns, "")
    return sorted(found)


def carries_them(answer: Answer, address: str) -> None:
    assert "content-security-policy" in answer.headers, address
    for name, value in COMPANIONS.items():
        assert answer.headers[name.lower()] == value, address
    assert answer.headers["permissions-policy"] == permissions_policy(), address
    policed = policy(answer)
    if address.startswith("/admin/"):
        assert {name: told for name, told in policed.items() if name not in HASHED} == {
            name: told for name, told in DIRECTIVES.items() if name not in HASHED
        }, address
    else:
        assert policed == DIRECTIVES, address
    assert "server" not in answer.headers, address
    assert "x-powered-by" not in answer.headers, address


def test_there_are_many_addresses() -> None:
    known = addresses()
    assert len(known) > 120
    assert {"/", "/healthz", "/metrics", "/api/commit", "/admin/login/", "/accounts/signup/"} <= set(known)


@pytest.mark.parametrize("who", ["nobody", "alice", "staff"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_every_address_answers_with_them(alice: Person, who: str, method: str, settings: Any) -> None:
    settings.BACKUPWEB_METRICS_TOKEN = SecretBytes(b"t" * 32)
    Account.objects.filter(pk=alice.account.pk).update(is_staff=who == "staff", is_superuser=who == "staff")
    statuses = Counter[int]()
    for address in [*addresses(), "/nowhere/", "/static/nowhere.js", "/objects/x", "/objects/" + "0" * 32]:
        if "logout" in address or address.startswith(
            "/_allauth/app"
        ):  # signing out ends the round; no such client here
            continue
        asked = ask(method, address, [], {}) if who == "nobody" else alice.ask(method, address)
        answer = asyncio.run(asked)
        statuses[answer.status] += 1
        carries_them(answer, address)
    assert statuses[500] == 0, statuses
    assert statuses.total() > 120


def test_floods_and_forgeries_carry_them(alice: Person, settings: Any) -> None:
    settings.BACKUPWEB_LIMIT_COMMIT = Rate(1, 60)
    answers = [asyncio.run(alice.ask("POST", "/api/commit", [b"{}"], **{"content-type": "application/json"}))]
    forged = asyncio.run(alice.ask("POST", "/accounts/login/", [b""], **{"x-csrftoken": "b" * 32}))
    assert forged.status == 403
    large = asyncio.run(alice.ask("POST", "/api/commit", [b" " * (17 * 2**20)], **{"content-type": "application/json"}))
    assert large.status == 413
    unknown = asyncio.run(alice.ask("GET", "/", (), host="elsewhere.example"))
    assert unknown.status == 400
    for answer in (*answers, forged, large, unknown):
        carries_them(answer, "/")


@pytest.mark.parametrize("path", ["/ws/events", "/ws/vault", "/ws/pairing/" + "0" * 32, "/ws/nothing", "/elsewhere"])
@pytest.mark.parametrize("origin", ["http://localhost", "https://elsewhere.example"])
async def test_a_socket_that_is_refused_carries_them(path: str, origin: str) -> None:
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"origin", origin.encode())],
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
    }
    socket: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
    await socket.send_input({"type": "websocket.connect"})
    told = await socket.receive_output(timeout=10)
    assert (told["type"], told["status"]) == ("websocket.http.response.start", 403)
    carries_them(Answer(403, {name.decode(): value.decode() for name, value in told["headers"]}, b""), path)


def test_over_tls_sealed_bytes_and_sockets_say_that_only_tls_is_spoken() -> None:
    told = dict(raw_headers(None, 60))
    assert told[b"strict-transport-security"] == b"max-age=60"
    assert b"strict-transport-security" not in dict(raw_headers(None))


def test_every_built_file_carries_them() -> None:
    dist = Path(django_settings.BASE_DIR) / "frontend" / "dist"
    files = sorted(path.relative_to(dist) for path in dist.rglob("*") if path.is_file())
    if not files:
        pytest.skip("the browser's part is not built")
    kinds = {path.suffix for path in files}
    assert {".js", ".css", ".wasm", ".woff2"} <= kinds
    # Workers are scripts among them; one file of each kind, and every script.
    once = [next(path for path in files if path.suffix == kind) for kind in sorted(kinds)]
    for path in {*once, *(path for path in files if path.suffix == ".js")}:
        answer = asyncio.run(ask("GET", f"/static/{path}", [], {}))
        if answer.status == 200:
            carries_them(answer, str(path))
