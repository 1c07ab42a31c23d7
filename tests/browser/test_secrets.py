"""No secret and nothing of the chat is in any byte that is sent, in any log line, in the database or the store."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from backupweb_client.format.recovery_code import RecoveryCode, read_recovery_code
from backupweb_client.format.slots import Keyring, OpenedSlot, Slot, open_slot, recovery_wrapping_key
from backupweb_client.format.wire import from_base64url

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def forms(secret: bytes) -> list[bytes]:
    """A secret in the forms in which it could slip out."""
    return [
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
    ]


def test_no_secret_leaves_the_browser(new_device: NewDevice, site: Site, exports: Path) -> None:
    export = hand_written.android_german(exports)
    first, second = new_device(), new_device()
    person.sign_up(first, "anna")
    code = person.first_unlock(first)
    person.add(first, export)
    person.sign_in(second, "anna", "/accounts/login/?next=/app/")
    person.unlock(second, code)
    person.read(second, "Ben Muster")
    second.page.wait_for_timeout(500)

    groups = [code[n : n + 4] for n in range(0, 64, 4)]
    secrets = [code.encode(), " ".join(groups).encode(), "-".join(groups).encode()]
    for derived in derived_secrets(second, code):
        secrets += forms(derived)
    secrets += [
        text.encode()
        for text in ("Guten Morgen", "Ich bring Kaffee", "IMG-20260919-WA0001", "Ben Muster", "Tourenplan")
    ]
    stored = [path.read_bytes() for path in site.stored_objects()]
    log = site.log.read_bytes()
    database = site.database()
    assert len(first.sent) > 50
    for secret in secrets:
        for place, haystacks in (
            ("sent", first.sent + second.sent),
            ("log", [log]),
            ("database", [database]),
            ("store", stored),
        ):
            assert not any(secret in haystack for haystack in haystacks), f"{secret[:20]!r}… in {place}"


def derived_secrets(device: Device, code: str) -> list[bytes]:
    """Everything the recovery code leads to, derived by the other implementation."""
    told = device.page.evaluate("fetch('/api/keyring').then(answer => answer.json())")
    first = told["slots"][0]
    slot = Slot(
        slot_id=bytes.fromhex(first["id"]),
        kind=1,
        parameters=from_base64url(first["parameters"]),
        sealed=from_base64url(first["sealed"]),
    )
    keyring = Keyring(
        library=bytes.fromhex(told["library"]), epoch=told["epoch"], check=from_base64url(told["check"]), slots=(slot,)
    )
    typed = read_recovery_code(code)
    assert isinstance(typed, RecoveryCode)
    wrapping = recovery_wrapping_key(typed.random_digits, keyring.library, slot.slot_id)
    opened = open_slot(keyring, slot, wrapping)
    assert isinstance(opened, OpenedSlot)
    keys = opened.keys
    return [
        typed.random_digits.encode(),
        wrapping,
        opened.root.secret,
        keys.chunk_id,
        keys.chunk_seal,
        keys.snapshot,
        keys.head,
        keys.journal,
        keys.cut,
    ]
