"""Admins give out quotas and read nothing; who is over quota is told so before the first byte, and reads on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def admin(new_device: NewDevice, site: Site) -> Page:
    """Signs in an admin made by `manage.py setup`."""
    site.manage("setup", BACKUPWEB_ADMIN_NAME="chefin", BACKUPWEB_ADMIN_PASSWORD=person.PASSWORD)
    device = new_device()
    page = person.sign_in(device, "chefin", "/accounts/login/?next=/admin/")
    page.goto(site.url + "/admin/")
    expect(page.get_by_text("Backupweb").first).to_be_visible()
    return page


def test_a_quota_is_set_in_the_admin_and_refuses_before_the_first_byte(
    new_device: NewDevice, site: Site, exports: Path
) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    person.add(device, hand_written.android_german(exports))

    page = admin(new_device, site)
    page.goto(site.url + "/admin/accounts/account/?q=anna")
    page.locator("table a", has_text="anna").first.click()
    assert "Ben Muster" not in page.content()
    page.locator("[name=quota-0-limit]").fill("3000000")
    page.locator("[name=_save]").click()
    expect(page.get_by_text("successfully").first).to_be_visible()

    large = write_zip(Chat(messages=500, counts=((40, 1), (1, 1), (1, 1))), "a", exports / "WhatsApp Chat - Large.zip")
    puts: list[str] = []
    device.page.on("request", lambda request: puts.append(request.url) if request.method == "PUT" else None)
    mine = person.choose(device, large)
    mine.get_by_role("button", name="Seal and send").click()
    expect(mine.get_by_role("heading", name="There is not enough room")).to_be_visible(timeout=person.LONG)
    expect(mine.get_by_text("are missing")).to_be_visible()
    device.axe()
    assert puts == []

    person.read(device, "Ben Muster")
    expect(mine.get_by_text("Guten Morgen").first).to_be_visible()


def test_the_list_of_accounts_shows_usage_and_filters_who_is_over(
    new_device: NewDevice, site: Site, exports: Path
) -> None:
    device = new_device()
    person.sign_up(device, "bert")
    person.first_unlock(device)
    person.add(device, hand_written.android_german(exports))
    page = admin(new_device, site)
    page.goto(site.url + "/admin/accounts/account/")
    expect(page.get_by_text("bert").first).to_be_visible()
    page.goto(site.url + "/admin/backups/sealedobject/")
    assert "IMG-" not in page.content()
    assert "Ben Muster" not in page.content()
