"""Every refusal, whoever makes it, has one shape; every code is used once and is a room's own."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil

import pytest
from django.test import Client
from django.utils import translation

import backupweb
from backupweb.lib.errors import DomainError
from backupweb.vault.errors import VaultError
from tests.people import Person
from tests.raw import ask

pytestmark = pytest.mark.django_db(transaction=True)


def every_error() -> list[type[DomainError]]:
    for module in pkgutil.walk_packages(backupweb.__path__, "backupweb."):
        if module.name.endswith("errors"):
            importlib.import_module(module.name)
    families = {VaultError}
    return [error for family in (DomainError, *families) for error in family.__subclasses__() if error not in families]


def test_codes_are_unique_and_carry_their_room() -> None:
    errors = every_error()
    codes = [error.code for error in errors]
    assert len(set(codes)) == len(codes) >= 25
    for error in errors:
        room = error.__module__.split(".")[1]
        if room == "lib":
            room = "store" if "objectstore" in error.__module__ else "http"
        assert error.code.split(".")[0] == room
        assert 400 <= error.status < 600
        assert str(error.message).endswith(".")
        assert error.__doc__


def shape(status: int, body: dict[str, dict[str, object]]) -> str:
    assert set(body) == {"error"}
    assert set(body["error"]) <= {"code", "message", "params"}
    assert status >= 400
    return str(body["error"]["code"])


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "code"),
    [
        ("GET", "/api/nothing", "", 404, "http.not_found"),
        ("GET", "/api/", "", 404, "http.not_found"),
        ("PUT", "/api/head", "", 405, "http.method_not_allowed"),
        ("GET", "/api/head", "", 404, "backups.no_head"),
        ("POST", "/api/commit", "{", 422, "http.malformed"),
        ("POST", "/api/commit", "[]", 422, "http.malformed"),
        ("POST", "/api/commit", '{"sequence": 1, "sealed": "", "more": 1}', 422, "http.malformed"),
        ("POST", "/api/keyring", '{"\\u0000": 1}', 422, "http.malformed"),
        ("GET", "/api/heads/x", "", 422, "http.malformed"),
        ("GET", "/api/objects?kind=secret", "", 422, "http.malformed"),
        ("POST", "/healthz", "", 405, "http.method_not_allowed"),
        ("GET", "/objects/", "", 404, "backups.no_such_object"),
        ("GET", "/objects/%00", "", 404, "backups.no_such_object"),
    ],
)
def test_one_shape_everywhere(alice: Person, method: str, address: str, body: str, status: int, code: str) -> None:
    pieces = [body.encode()] if body else []
    answer = asyncio.run(alice.ask(method, address, pieces, **{"content-type": "application/json"}))
    assert (answer.status, answer.error) == (status, code)
    assert answer.headers["content-type"].startswith("application/json")


def test_a_body_that_is_too_large_is_refused_in_the_same_shape(alice: Person) -> None:
    answer = asyncio.run(
        alice.ask("POST", "/api/commit", [b" " * (17 * 2**20)], **{"content-type": "application/json"})
    )
    assert (answer.status, answer.error) == (413, "http.too_large")


def test_a_forged_request_is_refused(alice: Person) -> None:
    answer = alice.client.post("/api/abandon", '{"ids": []}', "application/json")
    assert shape(answer.status_code, answer.json()) == "http.forgery"
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {}, headers={"accept": "application/json"})
    assert shape(answer.status_code, answer.json()) == "http.forgery"


def test_a_host_we_do_not_know_is_refused(alice: Person) -> None:
    answer = asyncio.run(ask("GET", "/api/head", [], {"host": "elsewhere.example"}))
    assert (answer.status, answer.error) == (400, "http.unknown_host")
    for method in ("GET", "PUT"):
        raw = asyncio.run(alice.ask(method, "/objects/" + "0" * 32, [b"x"], host="elsewhere.example"))
        assert (raw.status, raw.error) == (400, "http.unknown_host")


def test_too_many_requests(alice: Person) -> None:
    statuses = [alice.post("/api/commit", {"sequence": 9, "sealed": "A" * 5462}).status_code for _ in range(122)]
    assert statuses.count(429) == 2


def test_people_get_a_page_programs_the_shape() -> None:
    page = Client().get("/nowhere/", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    told = Client().get("/nowhere/", headers={"accept": "application/json"})
    assert shape(told.status_code, told.json()) == "http.not_found"


def test_sentences_are_translatable() -> None:
    for error in every_error():
        with translation.override("de"):
            assert str(error.message)
