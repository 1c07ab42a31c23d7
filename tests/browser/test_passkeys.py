"""Passkeys: one touch signs in and opens; one without an output signs in only and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import person
from tests.browser.conftest import Device
from tests.browser.test_sign_in import AUTHENTICATOR

NewDevice = Callable[..., Device]


def authenticator(device: Device, **changes: Any) -> None:
    """Gives the device a virtual authenticator."""
    session = device.context.new_cdp_session(device.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **changes}})


def add(page: Page, name: str) -> None:
    """Adds a passkey on the page of the ways, up to its last touch."""
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Go on").click()


def sign_out(page: Page, url: str) -> None:
    page.goto(url + "/accounts/logout/")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(lambda address: "/logout" not in address)


def test_one_touch_signs_in_and_opens(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "anna")
    person.first_unlock(device)
    authenticator(device)
    page.goto(device.site.url + "/app/#/settings/ways")
    add(page, "Laptop")
    page.get_by_role("button", name="Try it now").click()
    expect(page.get_by_text("It was just tried.")).to_be_visible()
    device.axe()
    expect(page.get_by_text("opens your chats").first).to_be_visible()

    sign_out(page, device.site.url)
    page.goto(device.site.url + "/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()

    # The touch was for once: after a reload it is asked for again.
    page.reload()
    page.get_by_role("button", name="Open with my passkey").click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    assert not any(b"prf" in part and b"results" in part for part in device.sent)


def test_without_an_output_it_signs_in_only(new_device: NewDevice) -> None:
    device = new_device(dark=True, phone=True)
    page = person.sign_up(device, "bert")
    person.first_unlock(device)
    authenticator(device, hasPrf=False)
    page.goto(device.site.url + "/app/#/settings/ways")
    add(page, "Old key")
    expect(page.get_by_text("it gives no key of its own")).to_be_visible()
    device.axe()
    sign_out(page, device.site.url)
    page.goto(device.site.url + "/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/app/**")
    expect(page.get_by_role("textbox", name="Recovery code")).to_be_visible()


def test_a_removed_passkey_neither_opens_nor_signs_in(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "clara")
    person.first_unlock(device)
    authenticator(device)
    page.goto(device.site.url + "/app/#/settings/ways")
    add(page, "Phone")
    page.get_by_role("button", name="Try it now").click()
    expect(page.get_by_text("It was just tried.")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.locator("#passkeys-section").get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    keyring = page.evaluate("fetch('/api/keyring').then(answer => answer.json())")
    assert [slot["kind"] for slot in keyring["slots"]] == [1]
    sign_out(page, device.site.url)
    page.goto(device.site.url + "/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_timeout(1500)
    assert "/accounts/login" in page.url
