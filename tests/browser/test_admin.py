"""Admins give out room and read nothing: from the first page over people and wishes to the log of what staff did."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

# Two scrolling regions of the theme bear one name, made by its script. Nothing else is let pass.
THEMES_OWN = {"landmark-unique"}
EVERY_LIST = (
    *("accounts/account", "accounts/plan", "accounts/quotarequest", "accounts/invitation"),
    *("backups/sealedobject", "backups/snapshot", "vault/vaultrecord", "vault/guessbudget", "vault/tombstone"),
    *("ops/securityevent", "ops/run", "auditlog/logentry"),
)


def admin(
    new_device: NewDevice, site: Site, *, language: str = "en-GB", dark: bool = False, phone: bool = False
) -> Device:
    """Signs in an admin made by `manage.py setup`."""
    site.manage("setup", BACKUPWEB_ADMIN_NAME="chefin", BACKUPWEB_ADMIN_PASSWORD=person.PASSWORD)
    device = new_device(language=language, dark=dark, phone=phone)
    page = person.sign_in(device, "chefin", "/accounts/login/?next=/admin/")
    page.goto(site.url + "/admin/")
    expect(page.get_by_role("main")).to_be_visible()
    return device


def make(site: Site, *lines: str) -> None:
    """Does in the site's own words what many people would take long to do."""
    rooms = ("accounts.models import *", "accounts import rooms", "ops.models import *")
    site.manage("shell", "-v", "0", "-c", "\n".join([*(f"from backupweb.{room}" for room in rooms), *lines]))


def choose(page: Page, deed: str, *names: str) -> None:
    """Ticks people in the list and asks for something to be done to them."""
    for name in names:
        page.locator("tr", has=page.get_by_role("link", name=name, exact=True)).locator("input.action-select").check()
    page.locator("select[name=action]").select_option(label=deed)
    page.get_by_role("button", name="Run", exact=True).click()


def key_of(site: Site, name: str) -> str:
    """The key of an account."""
    told = f"from backupweb.accounts.models import Account; print(Account.objects.get(username='{name}').pk)"
    return site.manage("shell", "-v", "0", "-c", told).strip()


def test_a_quota_is_set_in_the_admin_and_refuses_before_the_first_byte(
    new_device: NewDevice, site: Site, exports: Path
) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    person.add(device, hand_written.android_german(exports))

    page = admin(new_device, site).page
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

    page.goto(site.url + "/admin/backups/sealedobject/")
    expect(page.get_by_role("cell", name="anna").first).to_be_visible()
    assert "IMG-" not in page.content()
    assert "Ben Muster" not in page.content()


def test_people_get_a_plan_and_are_shut_out_and_the_log_tells_who_did_it(new_device: NewDevice, site: Site) -> None:
    make(site, "[Account.objects.create_user(name, password='x') for name in ('berta', 'cora', 'dario')]")
    make(site, "Plan.objects.create(name='Family', limit=20 * 10**9)")
    cora = new_device()
    person.sign_up(cora, "cordula")
    page = admin(new_device, site).page

    page.get_by_role("link", name="Accounts").click()
    page.keyboard.press("Escape")
    choose(page, "Set the plan", "berta", "dario")
    expect(page.get_by_role("listitem").filter(has_text="dario")).to_be_visible()
    page.get_by_label("Plan", exact=True).select_option(label="Family (20\u00a0GB)")
    page.get_by_role("button", name="Set the plan").click()
    expect(page.get_by_text("Set the plan: done for 2 people.")).to_be_visible()

    page.get_by_role("link", name="Plans").click()
    page.get_by_role("row", name="Family").get_by_role("link", name="2", exact=True).click()
    expect(page.get_by_role("link", name="berta", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="cora", exact=True)).to_have_count(0)

    page.goto(site.url + "/admin/accounts/account/?q=cordula")
    page.get_by_role("link", name="cordula", exact=True).click()
    page.get_by_role("button", name="Suspend").click()
    page.get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("Suspend: done for 1 person.")).to_be_visible()
    cora.page.goto(site.url + "/app/")
    expect(cora.page).to_have_url(re.compile("/accounts/login/"))

    page.goto(site.url + "/admin/accounts/account/")
    page.get_by_role("button", name="Filters").press("Enter")
    page.get_by_role("link", name="suspended", exact=True).click()
    expect(page.get_by_role("link", name="cordula", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="berta", exact=True)).to_have_count(0)

    page.goto(site.url + "/admin/auditlog/logentry/")
    expect(page.get_by_role("row", name="cordula").filter(has_text="active: yes → no")).to_be_visible()
    expect(page.get_by_role("row", name="dario").filter(has_text="plan: – → Family (20\u00a0GB)")).to_be_visible()


def test_who_asks_for_room_is_answered_from_the_first_page(new_device: NewDevice, site: Site) -> None:
    make(
        site,
        "emil = Account.objects.create_user('emil', password='x')",
        "rooms.quota_request_make(account=emil, wanted=9 * 10**9, reason='three years of travelling')",
    )
    page = admin(new_device, site).page
    page.get_by_role("listitem").filter(has_text="emil asks for 9").get_by_role("link", name="Answer").click()
    expect(page.get_by_text("three years of travelling")).to_be_visible()
    page.get_by_label("Room in all").fill("8GB")
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("Granted. emil is told by mail.")).to_be_visible()
    expect(page.get_by_role("row", name="emil").filter(has_text="0\u00a0B / 8\u00a0GB")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("Nobody waits for more room.")).to_be_visible()


def test_an_invitation_is_made_from_the_list_and_lets_somebody_in(new_device: NewDevice, site: Site) -> None:
    page = admin(new_device, site).page
    page.get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.locator("[name=note]").fill("for Dora")
    page.locator("[name=_save]").click()
    link = page.locator("[data-link]").inner_text()
    page.reload()
    expect(page.locator("[data-link]")).to_have_count(0)

    dora = new_device()
    dora.page.goto(site.url + link[link.index("/invitation/") :])
    dora.page.locator("[name=username]").fill("dora")
    dora.page.locator("[name=password1]").fill(person.PASSWORD)
    dora.page.locator("main form [type=submit]").first.click()
    dora.page.wait_for_url("**/app/**")
    page.reload()
    expect(page.get_by_role("row", name="for Dora").get_by_role("link", name="Withdraw")).to_have_count(0)


@pytest.mark.one_database
def test_the_admin_is_gone_through_by_keyboard(new_device: NewDevice, site: Site) -> None:
    page = admin(new_device, site).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    table = page.get_by_text("The same as a table")
    if table.count():
        table.press("Enter")
        expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.one_database
@pytest.mark.parametrize(("language", "dark", "phone"), [("en-GB", True, False), ("de-DE", False, True)])
def test_no_page_has_a_fault_that_is_ours(
    new_device: NewDevice, site: Site, language: str, dark: bool, phone: bool
) -> None:
    device = admin(new_device, site, language=language, dark=dark, phone=phone)
    make(
        site,
        "frida, _ = Account.objects.get_or_create(username='frida')",
        "rooms.quota_request_make(account=frida, wanted=10**12, reason='')",
        "from datetime import date; days = [date(2026, 11, n) for n in (1, 2, 3)]",
        "[Day.objects.get_or_create(day=d, accounts=1, stored=1, objects_stored=1, snapshots=1) for d in days]",
    )
    wish = site.manage(
        "shell", "-v", "0", "-c", "from backupweb.accounts.models import *; print(QuotaRequest.objects.last().pk)"
    ).strip()
    for address in (
        "",
        *(f"{name}/" for name in EVERY_LIST),
        f"accounts/account/{key_of(site, 'frida')}/change/",
        f"accounts/quotarequest/{wish}/decide/",
        *("accounts/plan/add/", "accounts/invitation/add/"),
    ):
        device.open(f"/admin/{address}")
        device.axe(but=THEMES_OWN)
        across = device.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert across <= 0, f"{address} is too wide"
