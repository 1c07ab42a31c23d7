"""Storage that deleted exports still take is given back when the person says so."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]
PICTURES = os.environ.get("PICTURES")


def export(folder: Path, name: str, photos: dict[str, bytes]) -> Path:
    path = folder / f"WhatsApp Chat mit {name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        lines = [f"19.09.26, 09:5{n} - {name}: Guten Morgen {n}" for n in range(5)]
        lines += [f"19.09.26, 09:59 - {name}: \u200e{photo} (Datei angehängt)" for photo in photos]
        archive.writestr(f"WhatsApp Chat mit {name}.txt", "\n".join(lines) + "\n")
        for photo, content in photos.items():
            archive.writestr(photo, content)
    return path


def used(page: Page) -> int:
    size: int = page.evaluate("fetch('/api/account').then(a => a.json()).then(a => a.quota.used)")
    return size


def test_tidying_up_frees_what_it_said(new_device: NewDevice, exports: Path) -> None:
    device = new_device(language="de-DE", phone=True)
    page = person.sign_up(device, "ida")
    page.get_by_role("button", name="Schlüssel machen").click()
    expect(page.locator(".sheet-groups b").first).to_be_visible()
    page.get_by_role("button", name="Später").click()
    photos = {f"IMG-20260919-WA000{n}.jpg": os.urandom(500_000) for n in range(6)}
    for name, kept in (("Jutta", photos), ("Karl", dict(list(photos.items())[:1]))):
        page.goto(device.site.url + "/app/#/")
        page.locator("input[type=file]").first.set_input_files(export(exports, name, kept))
        page.get_by_role("button", name="Versiegeln und senden").click()
        expect(page.get_by_text("Sicher verwahrt")).to_be_visible(timeout=person.LONG)
    page.goto(device.site.url + "/app/#/")
    page.locator(".chat-row", has_text="Jutta").first.click()
    page.get_by_role("button", name="Aktionen für diesen Chat").click()
    page.get_by_role("button", name="Chat löschen").click()
    page.get_by_role("dialog").get_by_role("button", name="Löschen").click()
    expect(page.locator(".chat-row", has_text="Jutta")).to_have_count(0)

    before = used(page)
    page.goto(device.site.url + "/app/#/settings/room")
    page.get_by_role("button", name="Nachsehen, was es bringt").click()
    expect(page.get_by_text("Es würde etwa 2,")).to_be_visible()
    device.axe()
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/tidy.png", full_page=True)
    page.get_by_role("button", name="Jetzt aufräumen").click()
    expect(page.get_by_text("Fertig. Der Platz ist wieder frei.")).to_be_visible(timeout=person.LONG)
    assert before - used(page) > 2_000_000
    page.goto(device.site.url + "/app/#/")
    page.locator(".chat-row", has_text="Karl").first.click()
    expect(page.locator("bw-chat")).to_be_visible(timeout=person.LONG)
