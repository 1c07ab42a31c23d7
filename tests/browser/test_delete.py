"""What is deleted is gone from every device at once, and from the store after the grace time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def test_a_deleted_chat_is_collected_after_the_grace_time(new_device: NewDevice, site: Site, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    before = set(site.stored_objects())
    person.add(device, hand_written.android_german(exports))
    stored = set(site.stored_objects()) - before
    assert len(stored) >= 3  # a pack, a catalog, a snapshot
    page = person.read(device, "Ben Muster")
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Delete the chat").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    device.axe()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Bring your first chat")).to_be_visible()

    site.manage("collect_garbage")
    assert stored <= set(site.stored_objects()), "nothing goes before the grace time"
    site.manage("collect_garbage", "--grace-hours", "0")
    assert not stored & set(site.stored_objects())


def test_deleting_on_one_device_is_seen_on_the_other(new_device: NewDevice, exports: Path) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "bert")
    code = person.first_unlock(first)
    person.add(first, hand_written.android_german(exports))
    person.sign_in(second, "bert", "/accounts/login/?next=/app/")
    page = person.unlock(second, code)
    expect(page.locator(".chat-row", has_text="Ben Muster")).to_be_visible()
    mine = person.read(first, "Ben Muster")
    mine.get_by_role("button", name="Actions for this chat").click()
    mine.get_by_role("button", name="Delete the chat").click()
    mine.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".chat-row", has_text="Ben Muster")).to_have_count(0, timeout=person.LONG)
