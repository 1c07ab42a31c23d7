"""Exports from other people's hands: nothing in them runs, the tab lives, and what is whole can be read."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import person
from tests.browser.conftest import Device
from tests.browser.exports import LRM, picture

NewDevice = Callable[..., Device]

SCRIPT = b"<script>globalThis.caught = true; parent.caught = true</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="parent.caught=true"><script>parent.caught=true</script></svg>'
VCARD = b"BEGIN:VCARD\nFN:<img src=x onerror=parent.caught=true>\nEND:VCARD\n"
TURNED = "\u202edlo ton si siht\u202c und \u2067weiter"

#: Names as attackers write them, and what lies under each.
MEDIA: dict[str, bytes] = {
    "IMG-20260919-WA0001.jpg": b"<!doctype html>" + SCRIPT,
    "IMG-20260919-WA0002.jpg": SVG,
    "STK-20260919-WA0003.webp": SVG,
    "VID-20260919-WA0004.mp4": b"<html>" + SCRIPT,
    "PTT-20260919-WA0005.opus": b"OggS" + bytes(2000),
    "seite.html": SCRIPT,
    "bild.svg": SVG,
    "Ben.vcf": VCARD,
    "../../../etc/passwd": b"root",
    "C:\\Windows\\system32\\evil.dll": b"MZ",
    "/absolut.txt": b"text",
    "CON.txt": b"text",
    "IMG-20260919-WA0006.png": picture(320, 200),
}


def export(folder: Path) -> Path:
    """A zip whose text names every file, with a line of a million letters, and whose last entries are damaged."""
    path = folder / "WhatsApp-Chat mit Mallory.zip"
    lines = ["19.09.26, 09:50 - Mallory: Hallo <b>du</b> <img src=x onerror=globalThis.caught=true>"]
    lines += [f"19.09.26, 09:51 - Mallory: {TURNED}", "19.09.26, 09:51 - Ben: steht gerade"]
    lines += ["19.09.26, 09:52 - Mallory: javascript:alert(1) https://example.org/\u202egpj.exe"]
    lines += [f"19.09.26, 09:53 - Mallory: {'x' * 1_000_000}"]
    lines += [f"19.09.26, 09:54 - Mallory: {LRM}{name} (Datei angehängt)" for name in MEDIA if "/" not in name]
    lines += [
        f"19.09.26, 09:55 - Mallory: {LRM}IMG-20260919-WA0099.png (Datei angehängt)",
        "19.09.26, 09:59 - Ben: Ende",
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WhatsApp-Chat mit Mallory.txt", "\n".join(lines) + "\n")
        for name, body in MEDIA.items():
            archive.writestr(name, body)
        archive.writestr("IMG-20260919-WA0099.png", picture(64, 64), zipfile.ZIP_STORED)
    broken = bytearray(path.read_bytes())
    at = broken.index(b"IMG-20260919-WA0099.png") + len(b"IMG-20260919-WA0099.png") + 40
    broken[at : at + 4] = b"\0\0\0\0"
    path.write_bytes(broken)
    return path


def bomb(folder: Path) -> Path:
    """A small archive whose directory promises thousands of gigabytes."""
    path = folder / "WhatsApp-Chat mit Bombe.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WhatsApp-Chat mit Bombe.txt", "19.09.26, 09:50 - Mallory: Hallo\n")
        for number in range(40):
            archive.writestr(f"{number}.bin", bytes(1000))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    while raw[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", raw, at + 28)
        if b".bin" in raw[at + 46 : at + 46 + name]:
            struct.pack_into("<I", raw, at + 24, 4_000_000_000)
        at += 46 + name + extra + comment
    path.write_bytes(raw)
    return path


@pytest.mark.one_database
def test_nothing_in_an_export_runs_and_what_is_whole_is_read(new_device: NewDevice, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "gerda")
    person.first_unlock(device)
    page = device.page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    page.locator("input[type=file]").first.set_input_files(bomb(exports))
    expect(page.get_by_text("0.bin").first).to_be_visible(timeout=person.LONG)

    page = person.choose(device, export(exports))
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    expect(page.get_by_text("IMG-20260919-WA0099.png")).to_be_visible()
    page = person.read(device, "Mallory")
    chat = page.locator("bw-chat")
    expect(chat.get_by_text("Ende", exact=True)).to_be_visible()
    expect(chat.locator("bw-photo img").last).to_be_visible()
    page.get_by_role("button", name="To the first message").click()
    expect(chat.get_by_text("<img src=x onerror=globalThis.caught=true>")).to_be_visible()
    turned = chat.locator(".row", has_text="weiter").first
    assert turned.locator("[dir=auto]").count() > 0
    assert chat.locator(".row", has_text="steht gerade").evaluate("row => getComputedStyle(row).direction") == "ltr"
    assert chat.locator("a[href^='javascript:' i], iframe, object, embed, script").count() == 0
    page.evaluate("document.querySelector('bw-chat').shadowRoot.querySelector('.scroll').scrollTop = 1200")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Media", exact=True).click()
    expect(page.locator("bw-gallery-tile").first).to_be_visible()
    page.get_by_role("button", name="Documents").click()
    expect(page.locator("bw-gallery-panel").get_by_text("seite.html")).to_be_visible()
    assert page.evaluate("globalThis.caught") is None
    assert dialogs == []
    assert device.hosts == {page.evaluate("location.host")}
