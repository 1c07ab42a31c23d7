"""Role × address × owner, made from the schema and the table of addresses: whoever is not Alice reaches nothing of
hers, whatever is asked for; nor does she herself, once her account is suspended or gone.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from backupweb.accounts.models import Account
from backupweb.api import api
from backupweb.backups.models import Head, SealedObject
from backupweb.keyring.models import Slot
from backupweb.lib.wire import write_bytes
from backupweb.ops.deleting import accounts_delete_due
from backupweb.vault.models import VaultRecord
from tests.keyring.slots import added_slot_body, key_change_body, keyring_body
from tests.pairing.devices import Device, letter
from tests.people import Person, Thing, head
from tests.raw import ask
from tests.vault.device import by_http, carry, enrol, first_message

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.one_database,  # who may do what is decided before the database is asked
]

# What another person may learn of Alice: nothing.  What staff may learn: who she is, and how much she keeps.
ROLES = ("bob", "staff", "nobody", "bob, suspended", "alice, suspended", "alice, gone")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Rows that move by themselves when somebody asks, whoever it is.
MOVING = {"last_seen_at", "last_login", "last_used_at"}


@dataclass(frozen=True)
class Alices:
    """What is hers: values for addresses, bodies for calls, and what must not be seen by others, or by anybody."""

    ids: dict[str, list[str]]
    bodies: dict[str, dict[str, Any]]
    content: list[bytes]
    personal: list[bytes]


@pytest.fixture
def hers(alice: Person, settings: Any) -> Alices:
    settings.SEVERAL_PROCESSES = False  # the vault by HTTP: it is one more address
    snapshot, pack, loose = Thing.make("snapshot"), Thing.make(), Thing.make()
    alice.store(snapshot, pack)
    alice.begin(loose)
    alice.commit(1, head("hers"), [(snapshot, [pack])])
    keyring = keyring_body()
    alice.post("/api/keyring", keyring)
    record = carry(enrol(), by_http(alice))
    device = Device(alice)
    device.open()
    passkey = Authenticator.objects.create(
        user=alice.account, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    sessions = [str(row.pk) for row in UserSession.objects.filter(user=alice.account)]
    objects = [snapshot.id, pack.id, loose.id]
    rows = SealedObject.objects.filter(account=alice.account)
    sealed = [bytes(row.sealed) for row in (*Slot.objects.all(), *VaultRecord.objects.all(), *Head.objects.all())]
    return Alices(
        ids={
            "slot": [one["id"] for one in keyring["slots"]],
            "sequence": ["1"],
            "number": sessions,
            "mailbox": [device.mailbox],
            "object_id": [str(alice.account.pk), *(str(row.pk) for row in rows)],
            "pk": [str(passkey.pk)],
            "sha256": ["0" * 64],  # speech models are the site's, and nobody's
        },
        bodies={
            "/api/keyring": keyring_body(),
            "/api/keyring/slots": added_slot_body(),
            "/api/keyring/change": key_change_body(keyring, 2),
            "/api/objects/begin": {"objects": [loose.announcement]},
            "/api/objects/finish": {"ids": objects},
            "/api/objects/addresses": {"ids": objects},
            "/api/abandon": {"ids": objects},
            "/api/commit": {
                "sequence": 1,
                "sealed": write_bytes(head("another")),
                "add": [{"snapshot": snapshot.id, "objects": [pack.id]}],
                "remove": [snapshot.id],
            },
            "/api/account": {"language": "de"},
            "/api/devices/{number}": {"name": "mine now"},
            "/api/vault": first_message(record),
            "/api/pairing": {"way": "picture"},
            "/api/pairing/join": {"way": "picture", "mailbox": device.mailbox},
            "/api/pairing/{mailbox}/letters": {
                "token": device.token,
                "phase": "public-key",
                "body": letter("picture", "public-key"),
            },
            "/api/pairing/{mailbox}/read": {"token": device.token},
            "/api/pairing/{mailbox}/end": {"token": device.token},
        },
        content=[
            pack.content,
            *sealed,
            *(spelling.encode() for one in sealed for spelling in (write_bytes(one), one.hex())),
            *(row.store_name.encode() for row in rows),
            *(row.session_key.encode() for row in Session.objects.all()),
            b"JBSWY3DPEHPK3PXP",
            alice.account.password.encode(),
        ],
        personal=[
            b"alice@example.org",
            alice.account.pk.hex.encode(),
            str(alice.account.pk).encode(),
            snapshot.id.encode(),
        ],
    )


def rows_of(account: Account) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that refers to the account, in every table."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            to_account = field.is_relation and field.related_model is Account
            if to_account or (model._meta.app_label == "vault" and field.name == "account") or model is Account:
                names = [one.attname for one in model._meta.concrete_fields if one.attname not in MOVING]
                mine = model._default_manager.filter(**{"pk" if model is Account else field.attname: account.pk})
                found[model._meta.label] = [
                    tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                    for row in mine.order_by("pk").values_list(*names)
                ]
                break
    assert len(found) >= 12, sorted(found)
    return found


# ---------------------------------------------------------------- the addresses


def pages(hers: Alices) -> Iterator[str]:
    """Every address of Django's table, its places filled with what is Alice's."""
    filled = set()
    for template in _templates(get_resolver().url_patterns, ""):
        if template.startswith("/api/"):
            continue
        names = re.findall(r"<(\w+)>", template)
        for number in range(max([len(hers.ids.get(name, [])) for name in names], default=1) or 1):
            address = template
            for name in names:
                values = hers.ids.get(name) or ["1"]
                address = address.replace(f"<{name}>", values[number % len(values)])
            resolve(address)
            filled.add(address)
    assert len(filled) > 100
    return iter(sorted(filled))


def _templates(patterns: list[Any], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        part = str(pattern.pattern)
        if hasattr(pattern.pattern, "regex") and part.startswith("^"):
            part = (
                re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", part.lstrip("^")).replace(r"\Z", "").rstrip("$")
            )
            if "(" in part or "\\" in part:
                continue  # catch-alls that only redirect
        part = re.sub(r"<\w+:(\w+)>", r"<\1>", part)
        if isinstance(pattern, URLResolver):
            yield from _templates(pattern.url_patterns, prefix + part)
        elif isinstance(pattern, URLPattern):
            yield f"/{prefix}{part}"


def calls(hers: Alices) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every call of the schema, asking for what is Alice's."""
    asked = 0
    for path, operations in api.get_openapi_schema()["paths"].items():
        address = path
        for name in re.findall(r"{(\w+)}", path):
            address = address.replace(f"{{{name}}}", hers.ids[name][0])
        for method, operation in operations.items():
            body = hers.bodies.get(path, {})
            assert body or "requestBody" not in operation or path not in {*hers.bodies}, path
            yield method.upper(), address, body
            asked += 1
    assert asked >= 23


# ---------------------------------------------------------------- who asks


class Outsider:
    """Somebody who asks, each time with a session as fresh as it can be."""

    def __init__(self, role: str, alice: Person) -> None:
        self.role = role
        self.token = "a" * 32
        self._account: Account | None = None
        self._cookies = ""
        if role.startswith("alice"):
            self._cookies = alice.client.cookies["sessionid"].value
        elif role != "nobody":
            staff = role == "staff"
            self._account = Account.objects.create_user(
                role.split(",", maxsplit=1)[0], is_staff=staff, is_superuser=staff, is_active="suspended" not in role
            )
        if role == "alice, suspended":
            Account.objects.filter(pk=alice.account.pk).update(is_active=False)

    def client(self) -> Client:
        cache.clear()
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if self._account is not None:
            client.force_login(self._account, backend=BACKEND)
        elif self._cookies:
            client.cookies["sessionid"] = self._cookies
        client.cookies["csrftoken"] = self.token
        return client

    def asks(self, method: str, address: str, body: dict[str, Any] | None = None) -> HttpResponseBase:
        kind = "application/x-www-form-urlencoded" if body is None else "application/json"
        content = "" if body is None else json.dumps(body)
        told: HttpResponseBase = self.client().generic(
            method, address, content, kind, headers={"X-CSRFToken": self.token}
        )
        return told

    def cookies(self) -> str:
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.client().cookies.items())


def seen(answer: Any) -> bytes:
    """All that the answer says."""
    if not answer.streaming:
        body = answer.content
    elif answer.is_async:
        body = asyncio.run(_all(answer.streaming_content))
    else:
        body = b"".join(answer.streaming_content)
    return bytes(body) + repr(dict(answer.headers)).encode()


async def _all(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_anothers_rows(role: str, alice: Person, hers: Alices) -> None:
    account = alice.account
    outsider = Outsider(role, alice)
    if role == "alice, gone":
        Account.objects.filter(pk=account.pk).update(delete_after=timezone.now() - timedelta(days=1))
        assert accounts_delete_due()["accounts"] == 1
        assert not any(rows_of(account).values())
    before = rows_of(account)
    forbidden = hers.content if role == "staff" else [*hers.content, *hers.personal]
    for method, address, body in calls(hers):
        answer = outsider.asks(method, address, body)
        assert answer.status_code < 500, (method, address)
        if role not in {"bob", "staff"}:
            assert answer.status_code == 401, (method, address, answer.status_code)
        said = seen(answer)
        assert not [one for one in forbidden if one in said and one.decode("latin1") not in json.dumps(body)], address
        assert rows_of(account) == before, (method, address)
    for address in pages(hers):
        for method in ("GET",) if address.startswith("/admin/") and role == "staff" else ("GET", "POST"):
            answer = outsider.asks(method, address)
            assert answer.status_code < 500, (method, address)
            said = seen(answer)
            shown = [one for one in forbidden if one in said and one not in address.encode()]
            assert not shown, (method, address, shown)
            assert rows_of(account) == before, (method, address)
    for method in ("GET", "HEAD", "PUT"):
        for thing in hers.bodies["/api/abandon"]["ids"]:
            told = {"cookie": outsider.cookies(), "x-csrftoken": outsider.token}
            raw = asyncio.run(ask(method, f"/objects/{thing}", [bytes(4096)], told))
            assert raw.status == (404 if role in {"bob", "staff"} else 401), (method, role)
            assert rows_of(account) == before


def test_alice_reaches_what_is_hers(alice: Person, hers: Alices) -> None:
    # Without this, the matrix could be right because nothing works.
    outcomes = {
        (method, address): alice.client.generic(
            method, address, json.dumps(body), "application/json", headers={"X-CSRFToken": alice.token}
        ).status_code
        for method, address, body in calls(hers)
        if "DELETE" not in method
    }
    fine = {call for call, status in outcomes.items() if status < 300}
    assert len(fine) >= len(outcomes) * 2 // 3, outcomes
