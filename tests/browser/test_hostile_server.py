"""Somebody between browser and site changes answers: the page refuses each in a sentence and shows nothing of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device
from tests.wire import Answer, Request, Tamper, Wire, untouched

pytestmark = pytest.mark.one_database

NewDevice = Callable[..., Device]
OBJECT = re.compile(r"/objects/[0-9a-f]{32}$")
SAID = "Guten Morgen"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    site = Site(tmp_path_factory.mktemp("site")).start()
    with Wire(site.port) as wire:
        yield wire
    site.kill()


@pytest.fixture(scope="module")
def site(wire: Wire) -> Wire:
    """What the devices take for the site."""
    return wire


def ranges(change: Callable[[bytes], bytes]) -> Tamper:
    """Changes what comes of packs; catalogs and snapshots lie on the device already."""

    def tamper(request: Request, answer: Answer) -> Answer:
        changes = OBJECT.match(request.path) and answer.status == 206
        return answer.with_body(change(answer.body)) if changes else answer

    return tamper


def flip(body: bytes) -> bytes:
    """One bit of a hundred bytes or so."""
    return bytes(byte ^ 1 if at % 97 == 50 else byte for at, byte in enumerate(body))


def head(change: Callable[[dict[str, object]], dict[str, object]]) -> Tamper:
    """Changes what is said to be the newest head."""

    def tamper(request: Request, answer: Answer) -> Answer:
        if request.path != "/api/head" or answer.status != 200:
            return answer
        return answer.with_body(json.dumps(change(json.loads(answer.body))).encode())

    return tamper


def sealed_as(sealed: bytes, sequence: int) -> dict[str, object]:
    """A head that fits its own hash."""
    return {
        "sequence": sequence,
        "sealed": base64.urlsafe_b64encode(sealed).rstrip(b"=").decode(),
        "sha256": hashlib.sha256(sealed).hexdigest(),
    }


def nonsense(path: str, body: bytes) -> Tamper:
    """Another body at one address."""

    def tamper(request: Request, answer: Answer) -> Answer:
        return answer.with_body(body) if request.path == path else answer

    return tamper


def gone(path: re.Pattern[str]) -> Tamper:
    """Connections break at these addresses."""

    def tamper(request: Request, answer: Answer) -> Answer | None:
        return None if path.match(request.path) else answer

    return tamper


REFUSED = "it was refused"


def test_whatever_is_changed_on_the_way_is_refused_in_a_sentence(
    new_device: NewDevice, wire: Wire, exports: Path
) -> None:
    export = hand_written.android_german(exports)
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device, stay=True)
    first = device.page.evaluate("fetch('/api/head').then(answer => answer.json())")
    person.add(device, export)
    page = person.read(device, "Ben Muster")
    expect(page.get_by_text(SAID)).to_be_visible(timeout=person.LONG)

    def look(tamper: Tamper) -> None:
        """Loads the library's page and opens its chat, if it comes to that."""
        wire.tamper = tamper
        page.goto(wire.url + "/")
        page.goto(wire.url + "/app/")
        row = page.locator(".chat-row", has_text="Ben Muster")
        expect(row.or_(page.locator("[role=alert]")).first).to_be_visible(timeout=person.LONG)
        if row.count():
            row.click()
        expect(page.locator("[role=alert]").first).to_be_visible(timeout=person.LONG)
        assert SAID not in page.content()

    reading: list[tuple[str, Tamper, str]] = [
        ("flipped", ranges(flip), REFUSED),
        ("cut off", ranges(lambda body: body[:-1]), "no longer has this"),
        ("exchanged", ranges(lambda body: body[len(body) // 2 :] + body[: len(body) // 2]), REFUSED),
        ("invented", ranges(lambda body: bytes(len(body))), REFUSED),
        ("dropped", gone(OBJECT), "No connection to the server"),
        ("an old head", head(lambda _: first), "The server shows an older state"),
        ("a head flipped", head(lambda told: sealed_as(flip(_sealed(told)), int(str(told["sequence"])))), REFUSED),
        ("a head invented", head(lambda told: sealed_as(bytes(5000), int(str(told["sequence"])) + 1)), REFUSED),
        ("a head renumbered", head(lambda told: sealed_as(_sealed(told), int(str(told["sequence"])) + 1)), REFUSED),
        ("no head", nonsense("/api/head", b"null"), "The server shows an older state"),
        ("a page instead", nonsense("/api/account", b"<html>" + SAID.encode()), "No connection to the server"),
        ("somebody else's keyring", nonsense("/api/keyring", b"{}"), "The server has trouble"),
    ]
    for name, tamper, words in reading:
        look(tamper)
        expect(page.get_by_text(words).first, name).to_be_visible()
    device.axe()

    # Saving is refused as well: there is no file with something else in it.
    wire.tamper = untouched
    page.goto(wire.url + "/")
    person.read(device, "Ben Muster")
    expect(page.get_by_text(SAID)).to_be_visible(timeout=person.LONG)
    wire.tamper = ranges(flip)
    page.goto(wire.url + "/app/#/restore")
    page.get_by_role("radio", name="One zip file").check()
    page.get_by_role("button", name="Prepare a download").click()
    refused = page.get_by_text("Not everything came back").or_(page.get_by_text(REFUSED))
    expect(refused.first).to_be_visible(timeout=person.LONG)
    expect(page.get_by_text("Everything is back")).to_have_count(0)

    # What is sent is called safe only when it comes back as it went.
    other = Path(shutil.copy(export, exports / "WhatsApp-Chat mit Ben Muster, neuer.zip"))
    with zipfile.ZipFile(other, "a") as archive:
        archive.writestr("mehr.bin", bytes(range(256)) * 100)
    wire.tamper = ranges(flip)
    page = person.choose(device, other)
    page.get_by_role("button", name="Seal and send").click()
    # The import ends with a sentence, or the page does, because it lists what was committed before that was read back.
    failed = page.get_by_role("heading", name="That did not work")
    closed = page.get_by_role("heading", name="Your chats could not be opened")
    expect(failed.or_(closed).first).to_be_visible(timeout=person.LONG)
    expect(page.get_by_text(REFUSED).first).to_be_visible()
    expect(page.get_by_text("It is safe")).to_have_count(0)

    # Honest again, everything is as it was.
    wire.tamper = untouched
    page.goto(wire.url + "/")
    person.read(device, "Ben Muster")
    expect(page.get_by_text(SAID)).to_be_visible(timeout=person.LONG)


def _sealed(told: dict[str, object]) -> bytes:
    text = str(told["sealed"])
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
