"""A password through the key vault: set, used on a new device, guessed at until it is gone; and what never leaves."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def guess(page: Page, password: str) -> None:
    """Types a password on the locked page and waits for what it comes to."""
    page.get_by_label("Password for your chats").fill(password)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_password_opens_on_a_new_device_and_tells_what_is_left(new_device: NewDevice) -> None:
    first, second = new_device(), new_device(phone=True, dark=True)
    person.sign_up(first, "anna")
    person.first_unlock(first)
    person.set_password(first)
    first.axe()

    page = person.sign_in(second, "anna", "/accounts/login/?next=/app/")
    expect(page.get_by_text("10 of 10 guesses left")).to_be_visible()
    second.axe()
    guess(page, "nearly right")
    expect(page.get_by_text("You have 9 guesses left")).to_be_visible()
    expect(page.get_by_label("Password for your chats")).to_have_value("")
    second.axe()
    # Whoever has a page open hears of it.
    expect(first.page.get_by_text("9 guesses are left")).to_be_visible()
    guess(page, person.CHAT_PASSWORD)
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    page.reload()
    expect(page.get_by_text("10 of 10 guesses left")).to_be_visible()


@pytest.mark.one_database
def test_full_width_digits_and_ligatures_are_the_same_password(new_device: NewDevice) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "bert")
    person.first_unlock(first)
    person.set_password(first, "Kafﬁnesse unter dem Ahorn ４２")
    page = person.sign_in(second, "bert", "/accounts/login/?next=/app/")
    guess(page, "Kaffinesse unter dem Ahorn 42")
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()


def test_after_ten_wrong_guesses_it_is_gone_and_the_code_still_opens(new_device: NewDevice, site: Site) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "clara", email="clara@example.org")
    code = person.first_unlock(first)
    person.set_password(first)
    page = person.sign_in(second, "clara", "/accounts/login/?next=/app/")
    for left in range(9, 0, -1):
        guess(page, f"daneben {left}")
        expect(page.get_by_text(f"{left} of 10 guess")).to_be_visible()
    second.axe()
    guess(page, "noch einmal daneben")
    expect(page.get_by_text("Your password was erased")).to_be_visible()
    second.axe()
    expect(first.page.get_by_text("was erased on")).to_be_visible()
    assert any("clara@example.org" in letter for letter in site.log.read_text().split("Subject: ")[1:])

    page.reload()
    expect(page.get_by_text("Your password was erased")).to_be_visible()
    # The right one is of no use any more; nothing asks for it.
    expect(page.get_by_label("Password for your chats")).to_have_count(0)
    person.unlock(second, code)

    # And a new one can be set: with all its guesses.
    person.set_password(first, "ein ganz anderes Boot am Steg 3")
    third = new_device()
    page = person.sign_in(third, "clara", "/accounts/login/?next=/app/")
    expect(page.get_by_text("10 of 10 guesses left")).to_be_visible()


def test_the_last_guess_may_be_the_right_one(new_device: NewDevice) -> None:
    first, second, third = new_device(), new_device(), new_device()
    person.sign_up(first, "dora")
    person.first_unlock(first)
    person.set_password(first)
    page = person.sign_in(second, "dora", "/accounts/login/?next=/app/")
    for left in range(9, 0, -1):
        guess(page, f"daneben {left}")
        expect(page.get_by_text(f"{left} of 10 guess")).to_be_visible()
    guess(page, person.CHAT_PASSWORD)
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    expect(page.get_by_text("Your password is set up anew")).to_be_visible()
    page = person.sign_in(third, "dora", "/accounts/login/?next=/app/")
    guess(page, person.CHAT_PASSWORD)
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()


@pytest.mark.one_database
def test_weak_and_common_ones_are_refused_and_another_way_comes_first(new_device: NewDevice) -> None:
    device = new_device(language="de-DE")
    page = person.sign_up(device, "emil")
    page.locator(".entrance .button").first.click()
    page.get_by_role("button", name="Später").click()
    expect(page.get_by_role("heading", name="Meine Chats")).to_be_visible()
    page.goto(device.site.url + "/app/#/settings/ways")
    page.get_by_role("button", name="Passwort einrichten").click()
    for weak, words in (
        ("passwort", "Das benutzen zu viele"),
        ("Sommer2026", "Das ließe sich zu schnell erraten"),
        ("emilemil", "Das ließe sich zu schnell erraten"),
        ("ｐａｓｓｗｏｒｄ", "Das benutzen zu viele"),
    ):
        page.locator("#password-section input").first.fill(weak)
        page.locator("#password-section input").nth(1).fill(weak)
        page.locator("#password-section form [type=submit]").click()
        expect(page.locator("#password-section").get_by_text(words).first).to_be_visible()
    device.axe()
    good = "Regenschirm tanzt leise Gurke"
    page.locator("#password-section input").first.fill(good)
    page.locator("#password-section input").nth(1).fill(good)
    page.locator("#password-section form [type=submit]").click()
    expect(page.get_by_text("Sorge zuerst für einen anderen Weg")).to_be_visible()
    device.axe()


def test_changing_leaves_the_old_one_useless_and_removing_leaves_none(new_device: NewDevice) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "fritz")
    code = person.first_unlock(first)
    person.set_password(first)
    page = first.page
    new = "vierzehn Gabeln im Regal"
    page.get_by_role("button", name="Change", exact=True).click()
    page.locator("#password-section input").first.fill(new)
    page.locator("#password-section input").nth(1).fill(new)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("It was just tried once")).to_be_visible(timeout=person.LONG)

    other = person.sign_in(second, "fritz", "/accounts/login/?next=/app/")
    guess(other, person.CHAT_PASSWORD)
    expect(other.get_by_text("You have 9 guesses left")).to_be_visible()
    guess(other, new)
    expect(other.get_by_role("heading", name="My chats")).to_be_visible()

    page.get_by_role("button", name="Remove", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The password is gone.")).to_be_visible()
    other.reload()
    expect(other.get_by_role("textbox", name="Recovery code")).to_be_visible()
    person.unlock(second, code)


@pytest.mark.one_database
def test_waiting_for_a_password_is_short(new_device: NewDevice) -> None:
    """No figure, `make bench-vault` measures: only that nobody waits for a time-out on the way."""
    first, second = new_device(), new_device()
    person.sign_up(first, "gerd")
    person.first_unlock(first)
    person.set_password(first)
    page = person.sign_in(second, "gerd", "/accounts/login/?next=/app/")
    page.get_by_label("Password for your chats").fill(person.CHAT_PASSWORD)
    begun = time.monotonic()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    assert time.monotonic() - begun < 8
