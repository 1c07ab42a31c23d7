"""What happened around an account, as its owner looks it up: readable in every look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device
from tests.browser.test_password import guess

pytestmark = pytest.mark.one_database

NewDevice = Callable[..., Device]


@pytest.fixture(scope="module")
def eventful(site: Site) -> Callable[[NewDevice], None]:
    """An account to which a lot has happened: made once, looked at eight times."""
    done: list[bool] = []

    def happen(new_device: NewDevice) -> None:
        if done:
            return
        device, other = new_device(), new_device(phone=True)
        person.sign_up(device, "anna", email="anna@example.org")
        person.first_unlock(device)
        person.set_password(device)
        page = person.sign_in(other, "anna", "/accounts/login/?next=/app/")
        guess(page, "daneben")
        expect(page.get_by_text("You have 9 guesses left")).to_be_visible()
        guess(page, person.CHAT_PASSWORD)
        expect(page.get_by_role("heading", name="My chats")).to_be_visible()
        done.append(True)

    return happen


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_events_are_readable_in_every_look(
    new_device: NewDevice,
    site: Site,
    eventful: Callable[[NewDevice], None],
    language: str,
    *,
    dark: bool,
    phone: bool,
) -> None:
    eventful(new_device)
    device = new_device(dark=dark, phone=phone)
    device.context.add_cookies([{"name": "django_language", "value": language, "url": site.url}])
    page = person.sign_in(device, "anna", "/accounts/login/?next=/accounts/activity/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ereignisse" if language == "de" else "Security events")
    assert page.locator(".device").count() >= 4
    device.axe()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing is cut off at the side"
    page.get_by_label("Zeigen" if language == "de" else "Show", exact=True).select_option(index=1)
    page.locator("main form [type=submit]").click()
    expect(page.locator(".device").first).to_be_visible()
