"""Asks each call of the API what nobody thought of, as Alice, Bob, staff and nobody: no fault of ours, and no answer
that the schema does not describe.

`FUZZ=500` asks so often of each call and person; without it a few times, the same ones in each run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backupweb.api import api
from backupweb.lib.wire import write_bytes
from tests.keyring.slots import added_slot_body, key_change_body, keyring_body
from tests.pairing.devices import Device, letter
from tests.people import Person, Thing, head
from tests.project.asking import HERE, session_of

OFTEN = int(os.environ.get("FUZZ", "0"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROLES = ("alice", "bob", "staff", "nobody")

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.filterwarnings("ignore::Warning"),
]


def operations() -> Iterator[Any]:
    described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


@dataclass(frozen=True)
class Hers:
    """What Alice owns: ids by the name under which an address or a body asks for them, and bodies that make sense."""

    ids: dict[str, list[str]]
    bodies: dict[str, dict[str, Any]]


@pytest.fixture
def hers(alice: Person) -> Hers:
    snapshot, pack, loose = Thing.make("snapshot"), Thing.make(), Thing.make()
    alice.store(snapshot, pack)
    alice.begin(loose)
    alice.commit(1, head("hers"), [(snapshot, [pack])])
    keyring = keyring_body()
    alice.post("/api/keyring", keyring)
    device = Device(alice)
    device.open()
    objects = [snapshot.id, pack.id, loose.id]
    in_mailbox = {"token": device.token}
    return Hers(
        ids={
            "slot": [keyring["slots"][0]["id"]],
            "sequence": ["1"],
            "number": [str(one["id"]) for one in alice.get("/api/devices").json()["devices"]],
            "mailbox": [device.mailbox],
        },
        bodies={
            "/api/keyring": keyring,
            "/api/keyring/slots": added_slot_body(),
            "/api/keyring/change": key_change_body(keyring, 2),
            "/api/objects/begin": {"objects": [loose.announcement]},
            "/api/objects/finish": {"ids": objects},
            "/api/abandon": {"ids": objects},
            "/api/commit": {
                "sequence": 2,
                "sealed": write_bytes(head("next")),
                "add": [{"snapshot": snapshot.id, "objects": [pack.id]}],
                "remove": [],
            },
            "/api/pairing/join": {"way": "picture", "mailbox": device.mailbox},
            "/api/pairing/{mailbox}/letters": {**in_mailbox, "phase": "key", "body": letter("picture", "key")},
            "/api/pairing/{mailbox}/read": in_mailbox,
            "/api/pairing/{mailbox}/end": in_mailbox,
        },
    )


def person_of(role: str, alice: Person) -> Person | None:
    if role == "alice":
        return alice
    if role == "nobody":
        return None
    person = Person.named(role)
    person.account.is_staff = person.account.is_superuser = role == "staff"
    person.account.save()
    return person


@pytest.mark.parametrize("operation", list(operations()), ids=lambda one: f"{one.method.upper()}-{one.path}")
def test_no_fault_and_no_undescribed_answer(operation: Any, alice: Person, hers: Hers) -> None:
    modes = list(GenerationMode)
    if not (operation.body or operation.path_parameters or operation.query):
        modes.remove(GenerationMode.NEGATIVE)  # nothing in it could be wrong
    for role in ROLES:
        session = session_of(person_of(role, alice))
        for mode in modes:
            assert asked_without_surprise(operation, mode, session, hers) > 0


def asked_without_surprise(operation: Any, mode: GenerationMode, session: requests.Session, hers: Hers) -> int:
    """How often it was asked."""
    asked = 0

    @settings(
        max_examples=OFTEN or 8,
        derandomize=not OFTEN,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        nonlocal asked
        asked += 1
        # Chance alone never meets a row: now and then an id is hers, and all of a body but one field makes sense.
        for name in sorted(hers.ids.keys() & case.path_parameters.keys()):
            if data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(hers.ids[name]))
        if (whole := hers.bodies.get(operation.path)) and data.draw(st.booleans()):
            odd = data.draw(st.sampled_from([None, *whole]))
            of_chance = {odd: case.body[odd]} if isinstance(case.body, dict) and odd in case.body else {}
            case.body = {**whole, **of_chance}
        case.validate_response(case.call(base_url=HERE, session=session), checks=CHECKS)

    ask()
    return asked
