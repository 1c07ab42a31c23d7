"""Older exports: a rule is set, what it lets go is looked at, unticked and deleted; every message is still there."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

#: The last day of each export, and how many of the chat's messages it holds.
MONTHS = (("30.06.26", 40), ("14.08.26", 70), ("31.08.26", 90), ("20.09.26", 120))


def message(number: int) -> str:
    """One line of the chat; the same in every export."""
    last, _ = next(month for month in MONTHS if number < month[1])
    who = "Anna Beispiel" if number % 3 else "Ben Muster"
    return f"{last}, {8 + number // 60:02}:{number % 60:02} - {who}: Nachricht Nummer {number}\n"


def export(folder: Path, until: int, *, begin: int = 0, photo: bool = False) -> Path:
    """The chat's messages up to one; with the photo that the first of them names."""
    path = folder / f"{begin}-{until}-{photo}" / "WhatsApp-Chat mit Ben Muster.zip"
    path.parent.mkdir()
    lines = [message(number) for number in range(begin, until)]
    if begin == 0:
        picture = "IMG-20260630-WA0001.png (Datei angehängt)" if photo else "<Medien ausgeschlossen>"
        lines[0] = lines[0].replace("Nachricht Nummer 0", picture)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WhatsApp-Chat mit Ben Muster.txt", "".join(lines))
        if photo:
            archive.writestr("IMG-20260630-WA0001.png", hand_written.picture())
    return path


def keep(page: Page, *, last: int, months: int, years: int) -> None:
    """Types a rule and saves it, on the page of older exports."""
    page.get_by_label("Only some of them").check()
    page.get_by_label("The newest ones").fill(str(last))
    page.get_by_label("The last one of each month").fill(str(months))
    page.get_by_label("The last one of each year").fill(str(years))
    page.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()


def all_messages(device: Device) -> None:
    """The newest export is read from its first message to its last."""
    page = person.read(device, "Ben Muster")
    expect(page.locator(".chat-title")).to_contain_text("120 messages")
    expect(page.get_by_text("Nachricht Nummer 119")).to_be_visible(timeout=person.LONG)


@pytest.mark.one_database
def test_four_exports_over_months_become_what_the_rule_keeps(new_device: NewDevice, site: Site, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    code = person.first_unlock(device)
    for _, until in MONTHS[:3]:
        person.add(device, export(exports, until, photo=True))
    page = device.page
    assert page.get_by_text("no longer needed by your rule").count() == 0, "no rule, no proposal"

    page.goto(site.url + "/app/#/settings")
    page.get_by_role("link", name="Older exports").click()
    expect(page.get_by_text("Nothing to tidy up: every export stays.")).to_be_visible()
    keep(page, last=1, months=2, years=0)
    expect(page.get_by_text("1 export chosen")).to_be_visible()
    device.axe()

    # A fourth export: the card after the backup says what became of the others.
    person.add(device, export(exports, 120, photo=True))
    expect(page.get_by_text("2 older exports of this chat are no longer needed by your rule.")).to_be_visible()
    device.axe()
    page.get_by_role("link", name="Look").click()
    expect(page.get_by_role("heading", name="Older exports")).to_be_visible()
    rows = page.locator(".keep-row")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("Stays: the newest · the last one of September 2026")
    expect(rows.nth(1)).to_contain_text("Stays: the last one of August 2026")
    for row in (rows.nth(2), rows.nth(3)):
        expect(row).to_contain_text("May go: all of it is in exports that stay.")
        expect(row.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_text("Every message and every file in them is also in an export that stays.")).to_be_visible()
    device.axe()

    # One is unticked, and stays.
    rows.nth(2).get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Delete 1 export").click()
    expect(page.get_by_role("dialog")).to_contain_text("This cannot be undone.")
    device.axe()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Delete 1 export").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 1 export").click()
    expect(page.get_by_text("1 export is deleted.")).to_be_visible()
    expect(rows).to_have_count(3)
    expect(rows.nth(2).get_by_role("checkbox")).not_to_be_checked()

    # The other device sees what is left, and the rule, and the photo that lay in the first export's pack.
    second = new_device()
    person.sign_in(second, "anna", "/accounts/login/?next=/app/")
    person.unlock(second, code)
    all_messages(second)
    other = second.page
    other.get_by_role("button", name="Actions for this chat").click()
    other.get_by_role("button", name="Older exports").click()
    expect(other.locator(".keep-row")).to_have_count(3)
    expect(other.get_by_label("As in all chats: the newest and the last one of 2 months")).to_be_checked()
    second.axe()
    other.get_by_role("button", name="Delete 1 export").click()
    other.get_by_role("dialog").get_by_role("button", name="Delete 1 export").click()
    expect(other.get_by_text("1 export is deleted.")).to_be_visible()
    expect(rows).to_have_count(2, timeout=person.LONG)

    # The room is back once the server has collected, and nothing that is left was harmed.
    before = sum(path.stat().st_size for path in site.stored_objects())
    site.manage("collect_garbage", "--grace-hours", "0")
    assert sum(path.stat().st_size for path in site.stored_objects()) < before
    all_messages(second)
    other.get_by_role("feed").press("Home")
    expect(other.locator("bw-chat img").first).to_be_visible(timeout=person.LONG)


@pytest.mark.one_database
def test_an_export_that_alone_holds_something_goes_only_after_that_was_said(
    new_device: NewDevice, site: Site, exports: Path
) -> None:
    device = new_device()
    person.sign_up(device, "bert")
    person.first_unlock(device)
    person.add(device, export(exports, 90, photo=True))
    # The messenger gave out the newer part only, and no media.
    person.add(device, export(exports, 120, begin=40))
    page = device.page
    page.goto(site.url + "/app/#/settings/keep")
    keep(page, last=1, months=0, years=0)
    old = page.locator(".keep-row").nth(1)
    expect(old).to_contain_text("Stays: the only one with 40 messages and 1 file")
    expect(old.get_by_role("checkbox")).not_to_be_checked()
    expect(page.get_by_text("No export chosen.")).to_be_visible()
    old.get_by_role("checkbox").check()
    expect(page.get_by_text("Gone for good with them")).to_contain_text("40 messages and 1 file")
    device.axe()
    page.get_by_role("button", name="Delete 1 export").click()
    expect(page.get_by_role("dialog")).to_contain_text("40 messages and 1 file")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator(".keep-row")).to_have_count(2)


@pytest.mark.one_database
def test_without_a_network_nothing_is_deleted(new_device: NewDevice, site: Site, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "clara")
    person.first_unlock(device)
    for _, until in MONTHS[:2]:
        person.add(device, export(exports, until))
    page = device.page
    page.goto(site.url + "/app/#/settings/keep")
    keep(page, last=1, months=0, years=0)
    expect(page.get_by_text("Every message and every file")).to_be_visible()
    device.context.set_offline(True)
    page.get_by_role("button", name="Delete 1 export").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 1 export").click()
    expect(page.get_by_text("No connection to the server.")).to_be_visible(timeout=person.LONG)
    expect(page.locator(".keep-row")).to_have_count(2)
    device.context.set_offline(False)
    page.get_by_role("button", name="Delete 1 export").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete 1 export").click()
    expect(page.get_by_text("1 export is deleted.")).to_be_visible(timeout=person.LONG)
