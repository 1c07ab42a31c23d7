"""A long chat is read from its end: the newest messages are there at once, and nothing moves when the others come."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from bench.exports import Chat, write_zip
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]

_MARK = """
() => {
    const root = document.querySelector("bw-chat").shadowRoot
    const scroll = root.querySelector(".scroll").getBoundingClientRect()
    const rows = [...root.querySelectorAll(".row[data-here]")]
    window.marked = rows.find((row) => row.getBoundingClientRect().top > scroll.top + 40)
    window.place = () => [window.marked.isConnected, window.marked.getBoundingClientRect().top, window.marked.ariaLabel]
    return window.place()
}
"""


@pytest.mark.one_database
def test_the_newest_messages_come_first_and_stay_where_they_are(new_device: NewDevice, tmp_path: Path) -> None:
    export = write_zip(
        Chat(messages=25_000, counts=((60, 1), (1, 1), (2, 1)), media_scale=0.05), "a", tmp_path / "Hiking.zip"
    )
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    person.add(device, export)
    page = device.page
    held: list[Route] = []
    holding = {"long ranges"}

    def hold(route: Route) -> None:
        """A long range waits: all of the text is one, its end is not."""
        begin, _, end = route.request.headers.get("range", "bytes=1-1").removeprefix("bytes=").partition("-")
        if holding and int(end) - int(begin) > 400_000:
            held.append(route)
        else:
            route.continue_()

    page.goto(device.site.url + "/app/#/")
    page.route("**/objects/**", hold)
    page.locator(".chat-row").first.click()
    expect(page.locator("bw-chat [role=article][data-here]").first).to_be_visible(timeout=person.LONG)
    to_start = page.locator("bw-chat").get_by_role("button", name="To the first message")
    expect(to_start).to_be_disabled()
    page.locator("bw-chat .scroll").hover()
    page.mouse.wheel(0, -700)
    page.wait_for_timeout(400)
    before = page.evaluate(_MARK)
    device.axe()

    holding.clear()
    for route in held:
        route.continue_()
    expect(to_start).to_be_enabled(timeout=person.LONG)
    page.wait_for_timeout(400)
    here, top, label = page.evaluate("() => window.place()")

    assert here
    assert label == before[2]
    assert abs(top - before[1]) < 2
    to_start.click()
    expect(page.locator("bw-chat [role=article][aria-posinset='1'][data-here]")).to_be_visible()
    assert held, "the text was read whole at once"
