"""A chat export goes in on one device and is read on another that only knows the recovery code."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def test_an_android_export_goes_in_on_one_device_and_is_read_on_another(new_device: NewDevice, exports: Path) -> None:
    export = hand_written.android_german(exports)
    first = new_device()
    person.sign_up(first, "anna")
    first.axe()
    code = person.first_unlock(first)
    first.axe()
    page = person.choose(first, export)
    for shown in ("Ben Muster", "Anna Beispiel", "19 Sept 2026", "20 Sept 2026"):
        expect(page.get_by_text(shown).first).to_be_visible()
    expect(page.get_by_label("Name of the chat")).to_have_value("Ben Muster")
    first.axe()
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    first.axe()

    second = new_device(phone=True)
    page = person.sign_in(second, "anna", "/accounts/login/?next=/app/")
    expect(page.get_by_label("Recovery code")).to_be_visible()
    second.axe()
    person.unlock(second, code)
    second.axe()
    page = person.read(second, "Ben Muster")
    for said in ("Guten Morgen", "Ich bring Kaffee mit", "Am Gipfel", "Schön war's!"):
        expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_role("heading", name="Ben Muster")).to_be_visible()
    second.axe()


@pytest.mark.one_database
def test_pictures_are_fetched_by_ranges_when_they_scroll_into_view(new_device: NewDevice, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "bert")
    person.first_unlock(device)
    person.add(device, hand_written.android_german(exports))
    page = device.page
    ranges: list[str] = []
    page.on(
        "request",
        lambda request: ranges.append(request.headers.get("range", "")) if "/objects/" in request.url else None,
    )
    person.read(device, "Ben Muster")
    picture = page.locator("bw-chat img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    assert any(asked.startswith("bytes=") for asked in ranges)


@pytest.mark.one_database
def test_the_original_export_comes_back_byte_for_byte(new_device: NewDevice, exports: Path, tmp_path: Path) -> None:
    export = hand_written.android_german(exports)
    device = new_device()
    person.sign_up(device, "clara")
    person.first_unlock(device)
    person.add(device, export)
    page = person.read(device, "Ben Muster")
    saved = person.get_back(page, tmp_path / "saved.zip")
    assert hand_written.entries(saved) == hand_written.entries(export)
    with zipfile.ZipFile(saved) as one, zipfile.ZipFile(export) as other:
        assert one.namelist() == other.namelist()


@pytest.mark.one_database
def test_an_iphone_export_in_english_is_read_too(new_device: NewDevice, exports: Path) -> None:
    chat = Chat(messages=400, counts=((6, 1), (1, 1), (2, 1)), media_scale=0.05)
    export = write_zip(chat, "a", exports / "WhatsApp Chat - Hiking.zip")
    device = new_device(language="de-DE", dark=True)
    page = device.open("/accounts/signup/")
    page.locator("[name=username]").fill("dora")
    page.locator("[name=password1]").fill(person.PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/app/**")
    device.axe()
    page.locator("bw-first-unlock button").first.click()
    assert len(person.code_on_sheet(page)) == 64
    device.axe()
    page.get_by_role("button", name="Später").click()
    page.locator("input[type=file]").first.set_input_files(export)
    expect(page.locator("#chat-name")).to_have_value("Hiking")
    # Three days in March: day and month cannot be told apart, so the page asks.
    expect(page.locator("bw-import-preview [type=submit]")).to_be_disabled()
    page.get_by_label("1. März 2021").click()
    device.axe()
    page.locator("bw-import-preview [type=submit]").click()
    page.locator("a[href^='#/chat/']").first.click(timeout=person.LONG)
    expect(page.locator("bw-chat")).to_be_visible()
    expect(page.get_by_text("Anna Beispiel").first).to_be_visible()
    device.axe()


@pytest.mark.one_database
def test_a_chat_of_150000_messages_scrolls_with_few_elements(new_device: NewDevice, exports: Path) -> None:
    chat = Chat(counts=((20, 1), (1, 1), (5, 1)), media_scale=0.02)
    export = write_zip(chat, "a", exports / "WhatsApp Chat - Long.zip")
    device = new_device()
    person.sign_up(device, "emil")
    person.first_unlock(device, prove=False)
    person.add(device, export)
    page = person.read(device, "Long")
    rows = page.locator("bw-chat [role=article]")
    expect(rows.first).to_be_visible(timeout=person.LONG)
    page.locator("bw-chat").hover()
    for _ in range(25):
        page.mouse.wheel(0, -3000)
        page.wait_for_timeout(40)
    expect(rows.first).to_be_visible()
    assert rows.count() < 200
    assert "Long" in page.locator("main").inner_text()


@pytest.mark.one_database
def test_other_files_are_kept_and_come_back_one_by_one(new_device: NewDevice, exports: Path, tmp_path: Path) -> None:
    letter = exports / "letter.bin"
    letter.write_bytes(bytes(range(256)) * 3000)
    device = new_device()
    person.sign_up(device, "fritz")
    person.first_unlock(device, prove=False)
    page = person.choose(device, letter)
    expect(page.get_by_text("No chat was recognised in this file.")).to_be_visible()
    device.axe()
    page.get_by_role("button", name="Seal and send").click()
    page.get_by_role("link", name="Read the chat").click(timeout=person.LONG)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save: letter.bin").click()
    download.value.save_as(tmp_path / "letter.bin")
    assert (tmp_path / "letter.bin").read_bytes() == letter.read_bytes()
    device.axe()


@pytest.mark.one_database
def test_a_bare_text_that_is_dropped_on_the_page_is_a_chat(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "gerda")
    person.first_unlock(device, prove=False)
    page.evaluate(
        """text => {
            const transfer = new DataTransfer()
            transfer.items.add(new File([text], "WhatsApp-Chat mit Ben Muster.txt", { type: "text/plain" }))
            for (const kind of ["dragover", "drop"])
                window.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }))
        }""",
        hand_written.ANDROID_GERMAN,
    )
    expect(page.get_by_label("Name of the chat")).to_have_value("Ben Muster")
    expect(page.get_by_text("3 files are named in the chat but are not in the export.")).to_be_visible()
    page.get_by_role("button", name="Seal and send").click()
    page.get_by_role("link", name="Read the chat").click(timeout=person.LONG)
    expect(page.get_by_text("Schön war's!")).to_be_visible()


@pytest.mark.one_database
def test_a_later_export_sends_only_what_is_new(new_device: NewDevice, site: Site, exports: Path) -> None:
    chat = Chat(messages=3000, counts=((30, 2), (1, 1), (4, 1)), dialect="android-de")
    (exports / "later").mkdir()
    first = write_zip(chat, "a", exports / "WhatsApp-Chat mit Wandergruppe.zip")
    second = write_zip(chat, "b", exports / "later" / "WhatsApp-Chat mit Wandergruppe.zip")
    device = new_device()
    person.sign_up(device, "heinz")
    person.first_unlock(device)
    person.add(device, first)
    before = sum(path.stat().st_size for path in site.stored_objects())
    page = person.choose(device, second)
    expect(page.get_by_label("To the chat “Wandergruppe” that is already here")).to_be_checked()
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    expect(page.get_by_text("were already here")).to_be_visible()
    grown = sum(path.stat().st_size for path in site.stored_objects()) - before
    known = set(hand_written.entries(first).items())
    new = sum(len(body) for entry in hand_written.entries(second).items() if entry not in known for body in entry[1:])
    assert grown < new * 1.2
    page.goto(site.url + "/app/#/")
    expect(page.locator(".chat-row")).to_have_count(1)
