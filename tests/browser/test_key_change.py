"""A new key: the old code opens nothing any more, what it sealed is sealed anew, another device takes the new code."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]
PICTURES = os.environ.get("PICTURES")


def picture(page: Page, name: str) -> None:
    """For whoever looks at the pages (`PICTURES=folder`)."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_the_key_is_changed_and_everything_sealed_anew(new_device: NewDevice, site: Site, exports: Path) -> None:
    first, second = new_device(), new_device(phone=True, dark=True)
    before = set(site.stored_objects())
    person.sign_up(first, "gerda")
    old = person.first_unlock(first, stay=True)
    person.add(first, hand_written.android_german(exports))
    sealed = set(site.stored_objects()) - before
    person.sign_in(second, "gerda", "/accounts/login/?next=/app/")
    other = person.unlock(second, old, stay=True)

    page = first.open("/app/#/settings")
    page.get_by_role("link", name="Change the key").click()
    expect(page.get_by_role("button", name="Make a new key")).to_be_enabled()
    first.axe()
    picture(page, "explain")
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_role("heading", name="Your new recovery code")).to_be_visible()
    new = person.code_on_sheet(page)
    assert new != old
    first.axe()
    picture(page, "sheet")
    page.get_by_role("button", name="I have it").click()
    group = int(page.locator("label[for=asked-group]").inner_text().split()[-1])
    page.locator("#asked-group").fill("0000")
    page.get_by_role("button", name="Change the key now").click()
    expect(page.get_by_text("That is not what stands at group")).to_be_visible()
    first.axe()
    picture(page, "ask")
    page.locator("#asked-group").fill(new[4 * group - 4 : 4 * group])
    page.get_by_role("button", name="Change the key now").click()
    expect(page.get_by_role("heading", name="Your key is changed")).to_be_visible(timeout=person.LONG)
    expect(page.get_by_role("heading", name="Everything is sealed under the new key")).to_be_visible(
        timeout=person.LONG
    )
    first.axe()
    picture(page, "changed")
    assert not sealed & set(site.stored_objects()), "nothing that the old key sealed is left"
    numbers: list[int] = page.evaluate("Promise.all([1, 2, 3].map(n => fetch(`/api/heads/${n}`).then(a => a.status)))")
    assert numbers[:2] == [404, 404], "nor any head from before"

    expect(other.get_by_text("The key was changed on another device")).to_be_visible(timeout=person.LONG)
    second.axe()
    picture(other, "elsewhere")
    other.get_by_label("Recovery code").fill(old)
    other.get_by_role("button", name="Open", exact=True).click()
    expect(other.get_by_text("Is it the newest sheet?")).to_be_visible()
    person.unlock(second, new)
    person.read(second, "Ben Muster")

    page.reload()
    person.read(first, "Ben Muster")
