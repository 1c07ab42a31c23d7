"""The first visit: what it is, and a sample chat that needs no account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Device

pytestmark = pytest.mark.one_database

NewDevice = Callable[..., Device]


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("phone", [False, True])
def test_pages_without_an_account_are_accessible(new_device: NewDevice, language: str, dark: bool, phone: bool) -> None:
    device = new_device(language=language, dark=dark, phone=phone)
    for address in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/login/code/", "/no-such-page/"):
        page = device.open(address)
        assert page.locator("html").get_attribute("lang") == language[:2]
        device.axe()
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width == 0, f"{address} scrolls sideways"


def test_a_sample_chat_is_sealed_and_read_without_an_account(new_device: NewDevice) -> None:
    device = new_device()
    page = device.open("/")
    page.get_by_role("link", name="Try it with a sample chat").first.click()
    page.wait_for_url("**/try/**")
    expect(page.get_by_role("heading", name="A sample chat, really sealed")).to_be_visible()
    sent = len(device.sent)
    read = page.get_by_role("button", name="Read the chat")
    expect(read).to_be_visible(timeout=30_000)
    device.axe()
    read.click()
    expect(page.locator("bw-chat [role=article]").first).to_be_visible()
    device.axe()
    assert not any(b"/api/" in part or b"/objects/" in part for part in device.sent[sent:])


def test_the_language_can_be_switched(new_device: NewDevice) -> None:
    device = new_device(language="en-GB")
    page = device.open("/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    device.axe()
