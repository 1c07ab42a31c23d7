"""Every answer carries the security headers: pages, files, refusals, faults, raw bytes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django_permissions_policy import PermissionsPolicyMiddleware

from backupweb.lib.headers import COMPANIONS, DIRECTIVES, PERMISSIONS, permissions_policy
from tests.people import Person, Thing
from tests.raw import Answer, ask

pytestmark = pytest.mark.django_db(transaction=True)


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
    files = sorted((dist / "assets").glob("*.js"))
    if not files:
        pytest.skip("the browser's part is not built")
    answer = asyncio.run(ask("GET", f"/static/assets/{files[0].name}", [], {}))
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
