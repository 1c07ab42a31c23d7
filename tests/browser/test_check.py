"""Everything is there, two programs say so, and another device proves it; and what is not there is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def test_two_programs_find_the_same_and_damage_is_named(new_device: NewDevice, site: Site, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    before = set(site.stored_objects())
    person.add(device, hand_written.android_german(exports))
    page = device.page
    asked = len(device.sent)
    page.goto(site.url + "/app/#/settings/check")
    expect(page.get_by_text("Not checked yet.").first).to_be_visible()
    device.axe()
    assert not any(b"/pyodide/" in line for line in device.sent[:asked]), "nobody asked for a second opinion yet"

    page.get_by_label("Ask a second program as well").check()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("heading", name="It is all there")).to_be_visible(timeout=2 * person.LONG)
    expect(page.get_by_text(re.compile(r"Two independent programs opened the same \d+ pieces"))).to_be_visible()
    hashes = page.locator(".hashes code").all_text_contents()
    assert len(hashes[0]) == 64
    assert hashes == [hashes[0]] * 2
    expect(page.get_by_role("link", name="Checked today: everything.")).to_be_visible()
    device.axe()

    pack = max(set(site.stored_objects()) - before, key=lambda path: path.stat().st_size)
    content = bytearray(pack.read_bytes())
    content[200] ^= 1
    pack.write_bytes(content)
    page.get_by_role("button", name="Check again").click()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("heading", name="Not all of it is right")).to_be_visible(timeout=person.LONG)
    expect(page.locator(".damage-list")).to_contain_text("Ben Muster")
    expect(page.locator(".damage-list")).to_contain_text("does not open:")
    device.axe()


def test_another_device_reads_it_and_the_first_one_hears(new_device: NewDevice, site: Site, exports: Path) -> None:
    first, second = new_device(), new_device(phone=True)
    person.sign_up(first, "berta")
    code = person.first_unlock(first)
    person.add(first, hand_written.android_german(exports))
    mine = first.page
    mine.goto(site.url + "/app/#/settings/drill")
    first.axe()
    mine.get_by_role("button", name="Begin").click()
    number = mine.locator(".drill-number").inner_text()
    assert re.fullmatch(r"\d{4} \d{4}", number)
    first.axe()

    person.sign_in(second, "berta", "/accounts/login/?next=/app/")
    other = person.unlock(second, code)
    expect(other.get_by_text("Another device asks whether")).to_be_visible()
    second.axe()
    other.get_by_role("button", name="Read it").click()
    expect(other.get_by_text("This device can read it")).to_be_visible(timeout=person.LONG)
    assert other.locator(".drill-number").inner_text() == number
    second.axe()

    expect(mine.get_by_role("heading", name="It works")).to_be_visible(timeout=person.LONG)
    expect(mine.get_by_text("Your sheet is enough.")).to_be_visible()
    mine.goto(site.url + "/app/#/settings")
    expect(mine.get_by_role("link", name="Restore drill")).to_contain_text("today")
