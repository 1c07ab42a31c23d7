"""Two overlapping exports are one history, in which things are found: by words, by day, by picture, by bookmark."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import long_chat, person
from tests.browser.conftest import Device
from tests.browser.exports import entries

NewDevice = Callable[..., Device]


@pytest.mark.one_database
def test_two_overlapping_exports_are_one_history_in_which_things_are_found(
    new_device: NewDevice, exports: Path
) -> None:
    device = new_device()
    person.sign_up(device, "frieda")
    person.first_unlock(device)
    earlier, later = long_chat.exports(exports)
    person.add(device, earlier)
    page = person.choose(device, later)
    expect(page.get_by_text(f"The same chat as “{long_chat.NAME}”?")).to_be_visible()
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=person.LONG)
    page = person.read(device, long_chat.NAME)
    expect(page.get_by_text(f"{long_chat.ALL:,} messages")).to_be_visible()

    _by_words(page)
    device.axe()
    _by_day(page)
    device.axe()
    _by_picture(page)
    device.axe()
    _by_bookmark(page)
    device.axe()
    _in_all_chats(page)
    _split_and_joined(page)
    _in_numbers(page)
    device.axe()
    page.get_by_role("button", name="Back to the chat").click()
    _out_again(page, earlier)
    assert device.complaints == []


def _tool(page: Page, name: str) -> None:
    page.locator("bw-chat").get_by_role("button", name=name, exact=True).click()


def _by_words(page: Page) -> None:
    page.keyboard.press("Control+f")
    page.keyboard.type("murmeltier schneegestober")
    expect(page.locator("bw-search-panel .hit")).to_have_count(1)
    page.keyboard.press("Enter")
    found = page.locator("bw-chat .row.found")
    expect(found).to_contain_text(long_chat.NEEDLE)
    expect(found).to_be_in_viewport()
    page.locator("bw-search-panel input[type=search]").fill("gipfel")
    page.locator("bw-search-panel summary").click()
    page.locator("bw-search-panel select").first.select_option(long_chat.PEOPLE[1])
    wanted = sum("Gipfel" in line.text and f"- {long_chat.PEOPLE[1]}:" in line.text for line in long_chat.lines())
    expect(page.locator("bw-search-panel [role=status]")).to_have_text(f"{wanted} messages")
    page.get_by_role("button", name="Earlier hit").click()
    page.get_by_role("button", name="Earlier hit").click()
    expect(page.locator("bw-search-panel [role=status]")).to_have_text(f"2 of {wanted}")
    expect(page.locator("bw-chat .row.found")).to_contain_text("Gipfel")


def _by_day(page: Page) -> None:
    _tool(page, "Calendar")
    page.get_by_label("Year").select_option("2024")
    page.get_by_label("Month", exact=True).select_option("September")
    page.locator("bw-calendar-panel td button").first.click()
    first = page.locator("bw-chat .row.found")
    expect(first).to_have_attribute("aria-posinset", "1")
    expect(first).to_be_in_viewport()


def _by_picture(page: Page) -> None:
    page.locator("bw-calendar-panel td button").last.press("Escape")
    expect(page.locator("bw-chat .panel")).to_have_count(0)
    _tool(page, "Media")
    tile = page.locator("bw-gallery-tile img").first
    expect(tile).to_be_visible()
    assert tile.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 200
    page.locator("bw-gallery-tile button").first.click()
    expect(page.locator("bw-chat .row.found bw-photo")).to_be_in_viewport()


def _by_bookmark(page: Page) -> None:
    row = page.locator("bw-chat .row.found")
    row.hover()
    row.get_by_role("button", name="Message menu").click()
    page.get_by_role("button", name="Bookmark", exact=True).click()
    page.get_by_label("Note (only you can read it)").fill("das schönste Bild")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("bw-bookmark-panel .note")).to_have_text("das schönste Bild")
    expect(row.locator(".marked")).to_be_visible()


def _in_all_chats(page: Page) -> None:
    page.get_by_label("Search chats and messages").fill("murmeltier")
    page.locator(".found-hit", has_text="Murmeltier").click()
    expect(page.locator("bw-chat .row.found")).to_contain_text(long_chat.NEEDLE)
    page.get_by_label("Search chats and messages").fill("")


def _split_and_joined(page: Page) -> None:
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Exports of this chat").click()
    page.get_by_role("button", name="Make it a chat of its own").last.click()
    expect(page.locator(".chat-row")).to_have_count(2)
    expect(page.get_by_role("heading", name=f"{long_chat.NAME} (2)")).to_be_visible()
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Join with another chat").click()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator(".chat-row")).to_have_count(1)
    expect(page.get_by_text(f"{long_chat.ALL:,} messages")).to_be_visible()


def _in_numbers(page: Page) -> None:
    """Plots, their tables, and a picture of one of them."""
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="In numbers").click()
    expect(page.locator(".figure svg.plot")).to_have_count(6)
    page.locator(".figure", has=page.get_by_role("heading", name="Who writes how much")).locator("summary").click()
    cells = page.locator(".figure-table:visible td:nth-child(2)").all_text_contents()
    assert sum(map(int, cells)) == long_chat.ALL
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG: When people write").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG: Messages over time").click()
    drawn = download.value.path().read_text()
    assert long_chat.PEOPLE[0] in drawn
    assert "class=" not in drawn
    assert "var(" not in drawn


def _out_again(page: Page, export: Path) -> None:
    """All of it as data, with the hash of the text that a phone had written."""
    page.evaluate("delete window.showSaveFilePicker")  # no test can press the browser's own window
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Save or print").click()
    page.get_by_role("radio", name="Data").check()
    expect(page.get_by_text(f"{long_chat.ALL:,} messages, about")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    told = json.loads(download.value.path().read_text())
    assert (told["format"], len(told["records"])) == ("backupweb-chat", long_chat.ALL)
    (text,) = [body for name, body in entries(export).items() if name.endswith(".txt")]
    assert hashlib.sha256(text).hexdigest() in {one["sha256"] for one in told["sources"]}
