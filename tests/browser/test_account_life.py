"""An account leaves with a grace time, is kept by one click, and goes with everything; suspended people learn why."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

CONTACT = "hello@example.org"
TIME_PASSES = (
    "from django.utils import timezone; from backupweb.accounts.models import Account;"
    "Account.objects.exclude(delete_after=None).update(delete_after=timezone.now())"
)
SUSPEND = (
    "from backupweb.accounts import leaving; from backupweb.accounts.models import Account;"
    "leaving.suspend(account=Account.objects.get(username='{name}'))"
)
EXPIRE = (
    "from django.utils import timezone; from backupweb.accounts.models import Invitation;"
    "Invitation.objects.update(expires=timezone.now())"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = {
        "BACKUPWEB_CONTACT": CONTACT,
        "BACKUPWEB_IMPRINT_URL": "https://example.org/imprint",
        "BACKUPWEB_PRIVACY_URL": "https://example.org/privacy",
    }
    site = Site(tmp_path_factory.mktemp("site"), **settings).start()
    yield site
    site.kill()


def try_to_sign_in(device: Device, name: str) -> Page:
    page = device.open("/accounts/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(person.PASSWORD)
    page.locator("main form [type=submit]").first.click()
    return page


def test_planned_kept_planned_again_and_gone(new_device: NewDevice, site: Site, exports: Path, tmp_path: Path) -> None:
    device = new_device()
    person.sign_up(device, "anna", email="anna@example.org")
    code = person.first_unlock(device)
    person.add(device, hand_written.android_german(exports))
    assert len(site.stored_objects()) >= 3

    # From the settings to her data: everything that the server has, and the sealed chats with it.
    page = device.open("/app/#/settings")
    page.locator(".settings").get_by_role("link", name="Your data").click()
    page.wait_for_url("**/accounts/data/")
    device.axe()
    page.get_by_label("With my sealed chats").check()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    downloading.value.save_as(tmp_path / "data.zip")
    with zipfile.ZipFile(tmp_path / "data.zip") as archive:
        objects = json.loads(archive.read("objects.json"))
        kept = [name for name in archive.namelist() if name.startswith("objects/")]
        assert json.loads(archive.read("account.json"))[0]["email"] == "anna@example.org"
    assert len(kept) == len(objects) == len(site.stored_objects())

    # Planned: every page says so, the library's too, and everything works as before.
    page.get_by_role("link", name="Delete the account").click()
    device.axe()
    page.get_by_role("button", name="Delete the account on").click()
    expect(page.get_by_role("heading", name="It will be deleted on")).to_be_visible()
    device.axe()
    device.open("/app/")
    person.unlock(device, code)
    page = person.read(device, "Ben Muster")
    banner = page.get_by_role("complementary", name="Deletion of the account")
    expect(banner).to_be_visible()
    device.axe()
    banner.get_by_role("button", name="Keep the account").click()
    expect(page.get_by_text("Your account stays.")).to_be_visible()
    expect(banner).to_have_count(0)

    # Planned again, and nobody calls it off.
    page.goto(site.url + "/accounts/delete/")
    page.get_by_role("button", name="Delete the account on").click()
    site.manage("duties", "--only", "delete")
    assert len(site.stored_objects()) == len(kept), "nothing goes before its time"
    site.manage("shell", "-c", TIME_PASSES)
    told = site.manage("duties", "--only", "delete")
    assert "accounts=1" in told
    assert "Subject: Backupweb: Your account is deleted" in told
    assert site.stored_objects() == []
    page.goto(site.url + "/app/")
    page.wait_for_url("**/accounts/login/**")
    page = try_to_sign_in(device, "anna")
    expect(page.get_by_text("not correct")).to_be_visible()
    subjects = [line for line in site.log.read_text().splitlines() if line.startswith("Subject: ")]
    assert [line.removeprefix("Subject: Backupweb: ") for line in subjects][-3:] == [
        "Your account is going to be deleted",
        "Your account stays",
        "Your account is going to be deleted",
    ]


def test_a_suspended_person_is_told_whom_to_ask(new_device: NewDevice, site: Site) -> None:
    device = new_device(phone=True, dark=True)
    person.sign_up(device, "bert")
    site.manage("shell", "-c", SUSPEND.format(name="bert"))
    page = device.open("/app/")
    page.wait_for_url("**/accounts/login/**")
    page = try_to_sign_in(device, "bert")
    expect(page.get_by_role("heading", name="This account is suspended")).to_be_visible()
    expect(page.get_by_role("link", name=CONTACT)).to_have_attribute("href", f"mailto:{CONTACT}")
    device.axe()


def test_an_invitation_that_is_over_says_so(new_device: NewDevice, site: Site) -> None:
    link = site.manage("invite", "--note", "for Clara").strip()
    address = link[link.index("/invitation/") :]
    fresh, late = new_device(), new_device(phone=True)
    fresh.open(address).wait_for_url("**/accounts/signup/")
    site.manage("shell", "-c", EXPIRE)
    page = late.open(address)
    expect(page.get_by_role("heading", name="This invitation is over")).to_be_visible()
    expect(page.get_by_role("link", name="Ask whoever runs this site")).to_be_visible()
    for name in ("Imprint", "Privacy", "Contact"):
        expect(page.get_by_role("contentinfo").get_by_role("link", name=name)).to_be_visible()
    late.axe()
