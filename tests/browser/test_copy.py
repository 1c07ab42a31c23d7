"""An encrypted copy: saved by Alice, opened in a new account, without any site, and by the command-line client."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from backupweb_client.cli import FINE, World, main
from backupweb_client.prompts import Terminal
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

# The windows of the system in which a person chooses a place cannot be steered: here the browser has none.
NO_PICKERS = "delete window.showSaveFilePicker; delete window.showOpenFilePicker"


@pytest.mark.one_database
def test_a_copy_opens_in_a_new_account_without_a_site_and_on_the_command_line(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path
) -> None:
    export = hand_written.android_german(exports)
    copy, page_file = tmp_path / "Backupweb copy.zip", tmp_path / "backupweb-open.html"

    alice = new_device()
    alice.context.add_init_script(NO_PICKERS)
    person.sign_up(alice, "alice-copies")
    code = person.first_unlock(alice)
    person.add(alice, export)
    page = alice.page
    page.goto(site.url + "/app/#/settings")
    page.get_by_role("link", name="Save or open a copy").click()
    with page.expect_download(timeout=person.LONG) as download:
        page.get_by_role("button", name="Save an encrypted copy").click()
    download.value.save_as(copy)
    expect(page.get_by_text("The copy is saved")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the page").click()
    download.value.save_as(page_file)
    page.get_by_text("SHA-256 of the page").click()
    shown = page.locator(".hash-words").inner_text().replace(" ", "")
    assert shown == hashlib.sha256(page_file.read_bytes()).hexdigest()
    alice.axe()
    # Her own copy needs no code, and brings nothing.
    page.locator("bw-copy-opening input[type=file]").set_input_files(copy)
    expect(page.get_by_text("Everything in it is here already.")).to_be_visible()

    # Another account, with nothing in it: the copy and its code are enough.
    bob = new_device(language="en-GB", phone=True, dark=True)
    bob.context.add_init_script(NO_PICKERS)
    page = person.sign_up(bob, "bob-copies")
    page.get_by_text("I have an encrypted copy").click()
    page.locator("bw-copy-opening input[type=file]").set_input_files(copy)
    page.get_by_label("Recovery code").fill(code)
    bob.axe()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("Ben Muster")).to_be_visible()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible(timeout=person.LONG)
    person.read(bob, "Ben Muster")
    expect(page.get_by_text("Guten Morgen")).to_be_visible()

    # No site, no network, nothing but the two files.
    anywhere = new_device()
    anywhere.context.add_init_script(NO_PICKERS)
    anywhere.context.set_offline(True)
    page = anywhere.page
    page.goto(page_file.as_uri())
    page.locator("input[type=file]").set_input_files(copy)
    page.get_by_label("Recovery code").fill(code)
    anywhere.axe()
    page.get_by_role("button", name="Open", exact=True).click()
    with page.expect_download(timeout=person.LONG) as download:
        page.get_by_role("button", name="Save the original").click()
    download.value.save_as(tmp_path / "saved.zip")
    assert hand_written.entries(tmp_path / "saved.zip") == hand_written.entries(export)
    page.get_by_role("button", name="Read: ").click()
    expect(page.get_by_text("Guten Morgen")).to_be_visible()
    anywhere.axe()
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Single files").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save: IMG-20260919-WA0001.png").click()
    assert download.value.path().read_bytes() == hand_written.picture()
    anywhere.axe()

    told: list[str] = []
    environment = {"BACKUPWEB_CONFIG": str(tmp_path / "client"), "BACKUPWEB_RECOVERY_CODE": code}
    world = World(environment, Terminal(lambda _: "", lambda _: "", told.append))
    assert main(("verify", "--all", "--copy", str(copy)), world) == FINE, told
    restored = tmp_path / "out"
    assert main(("restore", "Ben Muster", "--zip", "--copy", str(copy), "--to", str(restored)), world) == FINE, told
    assert hand_written.entries(restored / export.name) == hand_written.entries(export)
