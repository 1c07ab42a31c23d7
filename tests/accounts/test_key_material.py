"""A passkey's PRF output opens a library: no address takes it, in whatever wrapping."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backupweb.accounts.middleware import holds_prf_results
from tests.people import Person

pytestmark = pytest.mark.django_db

DOORS = [
    "/_allauth/browser/v1/account/authenticators/webauthn",
    "/_allauth/browser/v1/auth/webauthn/login",
    "/_allauth/browser/v1/auth/webauthn/reauthenticate",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/login/",
    "/api/keyring",
    "/api/keyring/slots",
    "/api/keyring/change",
    "/api/vault",
    "/api/pairing",
    "/api/nothing",
    "/i18n/setlang/",
]


def credential(results: object) -> dict[str, Any]:
    return {
        "id": "AA",
        "type": "public-key",
        "response": {},
        "clientExtensionResults": {"prf": {"enabled": True, "results": results}},
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("as_text", [False, True])
def test_a_credential_with_prf_output_is_refused(alice: Person, door: str, as_text: bool) -> None:
    leaky = credential({"first": "c2VjcmV0"})
    body = {"credential": json.dumps(leaky) if as_text else leaky, "name": "Laptop"}
    token = {"X-CSRFToken": alice.token}
    as_json = alice.client.post(door, json.dumps(body), "application/json", headers=token)
    assert (as_json.status_code, as_json.json()["error"]["code"]) == (400, "accounts.key_material")
    form = {"credential": json.dumps(leaky), "csrfmiddlewaretoken": alice.token}
    as_form = alice.client.post(door, form)
    assert (as_form.status_code, as_form.json()["error"]["code"]) == (400, "accounts.key_material")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_method_and_no_escape_carries_it_past(alice: Person, method: str) -> None:
    text = json.dumps({"way": "picture", "more": json.dumps(credential({"first": "x"}))})
    for spelt in (text, text.replace("prf", "\\u0070rf"), text.replace("prf", "pr\\u0066")):
        answer = alice.client.generic(method, "/api/pairing", spelt, "application/json")
        assert answer.json()["error"]["code"] == "accounts.key_material"


def test_bytes_that_only_look_like_it_pass(alice: Person) -> None:
    answer = alice.post("/api/commit", {"sequence": 1, "sealed": "prf" + "A" * 5459, "add": [], "remove": []})
    assert answer.status_code == 201


def test_a_credential_without_it_is_judged_by_allauth(alice: Person) -> None:
    clean = credential({}) | {"clientExtensionResults": {"prf": {"enabled": True}}}
    answer = alice.client.post(DOORS[1], json.dumps({"credential": clean}), "application/json")
    assert "key_material" not in answer.content.decode()


WRAPPING = st.recursive(
    st.none() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(WRAPPING, st.booleans())
def test_it_is_found_at_any_depth(around: object, escaped: bool) -> None:
    text = json.dumps({"a": [around, {"b": credential({"first": "x"})}]})
    if escaped:
        text = text.replace('"prf"', '"\\u0070rf"')
    assert holds_prf_results(text)
    assert not holds_prf_results(json.dumps({"a": [around, credential({})]}))
