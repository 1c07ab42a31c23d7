"""The code is checked while it is typed, and a device remembers only when told to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import person
from tests.browser.conftest import Device

pytestmark = pytest.mark.one_database

NewDevice = Callable[..., Device]


def test_a_wrong_group_and_swapped_groups_are_named_while_typing(new_device: NewDevice) -> None:
    first = new_device()
    person.sign_up(first, "anna")
    code = person.first_unlock(first)
    second = new_device()
    page = person.sign_in(second, "anna", "/accounts/login/?next=/app/")
    groups = [code[n : n + 4] for n in range(0, 64, 4)]
    field = page.get_by_role("textbox", name="Recovery code")

    wrong = str((int(groups[6][1]) + 1) % 10)
    field.fill(" ".join([*groups[:6], groups[6][0] + wrong + groups[6][2:], *groups[7:]]))
    expect(page.get_by_text("Group 7 has a typo.")).to_be_visible()
    second.axe()

    if groups[2] != groups[3]:
        field.fill("-".join([*groups[:2], groups[3], groups[2], *groups[4:]]))
        expect(page.get_by_text("Groups 3 and 4 are swapped.")).to_be_visible()

    field.fill("\n".join(groups))
    expect(page.get_by_text("All 16 groups are right.")).to_be_visible()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()


def test_a_well_formed_code_of_another_library_does_not_open(new_device: NewDevice) -> None:
    first, other, second = new_device(), new_device(), new_device()
    person.sign_up(first, "bert")
    person.first_unlock(first)
    person.sign_up(other, "clara")
    foreign = person.first_unlock(other)
    page = person.sign_in(second, "bert", "/accounts/login/?next=/app/")
    page.get_by_role("textbox", name="Recovery code").fill(foreign)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("belongs to another library")).to_be_visible()
    second.axe()


def test_later_leaves_a_calm_banner_until_the_code_was_typed_back(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "dora")
    code = person.first_unlock(device, prove=False)
    expect(page.get_by_text("Your recovery code has not been checked yet.")).to_be_visible()
    device.axe()
    page.get_by_text("Check it").click()
    page.get_by_role("textbox", name="Recovery code").fill(code)
    page.get_by_role("dialog").get_by_role("button", name="Check now").click()
    expect(page.get_by_text("That is it.")).to_be_visible()
    page.goto(device.site.url + "/app/")
    if page.get_by_role("textbox", name="Recovery code").is_visible():
        person.unlock(device, code)
    expect(page.get_by_text("Your recovery code has not been checked yet.")).to_have_count(0)


def test_stay_unlocked_opens_after_a_reload_until_lock(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "emil")
    person.first_unlock(device, stay=True)
    page.reload()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    page.get_by_role("button", name="Lock").first.click()
    expect(page.get_by_role("textbox", name="Recovery code")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Recovery code")).to_be_visible()


def test_without_stay_a_reload_asks_for_the_code(new_device: NewDevice) -> None:
    device = new_device()
    page = person.sign_up(device, "fritz")
    code = person.first_unlock(device)
    page.reload()
    expect(page.get_by_role("textbox", name="Recovery code")).to_be_visible()
    person.unlock(device, code)
