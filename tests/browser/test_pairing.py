"""A new device gets the key from one that has it: by a picture and a camera, or by eight digits and six to compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from bench.chromium import FLAGS, executable
from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def test_eight_digits_open_a_new_device(new_device: NewDevice) -> None:
    old, new = new_device(), new_device(phone=True, dark=True)
    person.sign_up(old, "anna")
    person.first_unlock(old)
    page = person.sign_in(new, "anna", "/accounts/login/?next=/app/")
    page.get_by_role("button", name="Use another device").click()
    page.get_by_role("button", name="Type a code instead").click()

    old.page.goto(old.site.url + "/app/#/settings/devices")
    old.page.get_by_role("button", name="Show a code").click()
    digits = old.page.locator(".digits").inner_text()
    old.axe()
    page.get_by_label("Eight digits").fill(digits)
    page.get_by_role("button", name="Next").click()
    compare = page.locator(".digits").inner_text()
    new.axe()
    expect(old.page.locator(".digits")).to_have_text(compare)
    old.axe()
    old.page.get_by_role("button", name="Yes, the same number").click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    expect(old.page.get_by_text("The new device can open your chats now.")).to_be_visible()


def test_other_digits_end_it_and_no_opens_nothing(new_device: NewDevice) -> None:
    old, new = new_device(), new_device()
    person.sign_up(old, "bert")
    person.first_unlock(old)
    page = person.sign_in(new, "bert", "/accounts/login/?next=/app/")
    page.get_by_role("button", name="Use another device").click()
    page.get_by_role("button", name="Type a code instead").click()
    old.page.goto(old.site.url + "/app/#/settings/devices")
    old.page.get_by_role("button", name="Show a code").click()
    digits = old.page.locator(".digits").inner_text().replace(" ", "")
    page.get_by_label("Eight digits").fill(str((int(digits) + 1) % 10**8).zfill(8))
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("These were not the digits")).to_be_visible()
    expect(old.page.get_by_text("Other digits were typed")).to_be_visible()
    old.axe()

    old.page.get_by_role("button", name="Try again").click()
    digits = old.page.locator(".digits").inner_text()
    page.get_by_role("button", name="Try again").click()
    page.get_by_label("Eight digits").fill(digits)
    page.get_by_role("button", name="Next").click()
    old.page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("declined").first).to_be_visible()
    assert page.get_by_role("heading", name="My chats").count() == 0


def test_a_picture_is_scanned_by_a_camera(new_device: NewDevice, browser: Browser, site: Site, tmp_path: Path) -> None:
    """The camera is Chromium's, and films a file: the picture as the new device shows it."""
    new = new_device()
    film = tmp_path / "film.mjpeg"
    setting_up = new_device()
    person.sign_up(setting_up, "clara")
    code = person.first_unlock(setting_up)
    page = person.sign_in(new, "clara", "/accounts/login/?next=/app/")
    page.get_by_role("button", name="Use another device").click()
    page.get_by_role("button", name="Show a picture to scan").click()
    picture = page.get_by_role("img", name="Picture to be scanned")
    expect(picture).to_be_visible()
    new.axe()
    # A film of one picture, again and again.
    film.write_bytes(page.screenshot(type="jpeg", quality=95) * 30)

    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with_film = browser.browser_type.launch(
        executable_path=executable(), args=[*FLAGS, *camera, f"--use-file-for-fake-video-capture={film}"]
    )
    try:
        old = Device(with_film.new_context(locale="en-GB", reduced_motion="reduce"), site)
        person.sign_in(old, "clara", "/accounts/login/?next=/app/")
        person.unlock(old, code)
        old.page.goto(site.url + "/app/#/settings/devices")
        old.page.get_by_role("button", name="Scan its picture").click()
        old.page.get_by_role("button", name="Yes, unlock it").click()
        expect(page.get_by_role("heading", name="My chats")).to_be_visible()
        expect(old.page.get_by_text("The new device can open your chats now.")).to_be_visible()
        assert old.complaints == []
        assert {f"localhost:{site.port}"} == old.hosts
    finally:
        with_film.close()


def test_a_device_that_is_signed_out_forgets_its_key(new_device: NewDevice) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "dora")
    code = person.first_unlock(first)
    person.sign_in(second, "dora", "/accounts/login/?next=/app/")
    person.unlock(second, code, stay=True)
    page = first.page
    page.goto(first.site.url + "/app/#/settings/devices")
    first.axe()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(second.page.get_by_text("This device was signed out")).to_be_visible()
    second.axe()
    person.sign_in(second, "dora", "/accounts/login/?next=/app/")
    expect(second.page.get_by_role("textbox", name="Recovery code")).to_be_visible()


def test_what_happened_can_be_looked_up_and_saved(new_device: NewDevice) -> None:
    device = new_device()
    person.sign_up(device, "emil")
    person.first_unlock(device)
    person.set_password(device)
    page = device.open("/accounts/activity/")
    device.axe()
    expect(page.locator("main")).to_contain_text("assword")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    table = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(table) >= 3
