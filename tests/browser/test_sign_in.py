"""Who someone is: user name or e-mail with a password, a code by e-mail, a passkey; and sessions that can be ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

AUTHENTICATOR: dict[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
    "hasPrf": True,
}


def test_a_code_comes_by_e_mail(new_device: NewDevice, site: Site) -> None:
    first = new_device()
    page = first.open("/accounts/signup/")
    page.locator("[name=username]").fill("anna")
    page.locator("[name=email]").fill("anna@example.org")
    page.locator("[name=password1]").fill(person.PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/app/**")

    second = new_device()
    page = second.open("/accounts/login/code/")
    page.locator("[name=email]").fill("anna@example.org")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/accounts/login/code/confirm/**")
    second.axe()
    mails = site.log.read_text().split("Subject: ")
    code = re.findall(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", mails[-1], re.MULTILINE)[-1]
    page.locator("[name=code]").fill(code)
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/app/**")


def test_a_passkey_signs_in_and_its_prf_output_never_leaves(new_device: NewDevice) -> None:
    device = new_device()
    person.sign_up(device, "bert")
    page = device.page
    session = device.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(device.site.url + "/accounts/2fa/webauthn/add/")
    if page.locator("[name=password]").count():
        page.locator("[name=password]").fill(person.PASSWORD)
        page.locator("main form [type=submit]").first.click()
        page.wait_for_url("**/webauthn/add/**")
    device.axe()
    page.locator("[name=name]").fill("Laptop")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))

    page.goto(device.site.url + "/accounts/logout/")
    page.locator("main form [type=submit]").first.click()
    page.goto(device.site.url + "/accounts/login/")
    page.get_by_role("button", name="passkey").click()
    page.wait_for_url("**/app/**")
    assert not any(b"prf" in part and b"results" in part for part in device.sent)


def test_a_session_can_be_ended_from_another_device(new_device: NewDevice) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "clara")
    person.sign_in(second, "clara", "/accounts/login/?next=/app/")
    page = first.open("/accounts/sessions/")
    first.axe()
    page.locator(".device button").click()
    page.wait_for_url("**/accounts/sessions/")
    expect(page.locator(".device")).to_have_count(1)
    second.page.goto(second.site.url + "/app/")
    second.page.wait_for_url("**/accounts/login/**")


@pytest.mark.one_database
def test_own_pages_are_accessible(new_device: NewDevice) -> None:
    device = new_device(dark=True, phone=True)
    person.sign_up(device, "dora")
    for address in (
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/logout/",
    ):
        device.open(address)
        device.axe()
