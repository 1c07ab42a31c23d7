"""Whatever breaks in the middle of an upload, going on sends no finished pack again and loses nothing."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]
IN_FLIGHT = 4


def large_export(folder: Path) -> Path:
    """About 90 MB: a dozen packs."""
    chat = Chat(messages=3000, counts=((100, 2), (10, 1), (10, 1)))
    return write_zip(chat, "a", folder / "WhatsApp Chat - Tour.zip")


class Puts:
    """Which objects were sent, and how often the server had them stored."""

    def __init__(self, device: Device) -> None:
        self.stored: Counter[str] = Counter()
        device.context.on("response", self._note)

    def _note(self, response: object) -> None:
        request = response.request  # type: ignore[attr-defined]
        if request.method == "PUT" and response.status == 204:  # type: ignore[attr-defined]
            self.stored[request.url] += 1


def wait_for_packs(site: Site, page: Page, count: int) -> None:
    """Waits until that many objects lie in the store."""
    for _ in range(600):
        if len(site.stored_objects()) >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError("the upload does not go on")


def test_a_killed_server_costs_the_packs_in_flight_and_nothing_else(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path
) -> None:
    export = large_export(exports)
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device)
    puts = Puts(device)
    page = person.choose(device, export)
    before = len(site.stored_objects())
    page.get_by_role("button", name="Seal and send").click()
    wait_for_packs(site, page, before + 4)
    site.kill(signal.SIGKILL)
    expect(page.get_by_text("No connection.")).to_be_visible(timeout=person.LONG)
    device.axe()
    site.start()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=2 * person.LONG)
    again = sum(count - 1 for count in puts.stored.values())
    assert again <= IN_FLIGHT
    person.read(device, "Tour")
    assert hand_written.entries(person.get_back(page, tmp_path / "tour.zip")) == hand_written.entries(export)


def test_a_reload_in_the_middle_goes_on_with_the_same_file(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path
) -> None:
    export = large_export(exports)
    device = new_device()
    person.sign_up(device, "bert")
    person.first_unlock(device, stay=True)
    puts = Puts(device)
    page = person.choose(device, export)
    before = len(site.stored_objects())
    # However quick the machine is, it does not come to its end before the reload.
    page.route("**/api/commit", lambda _: None)
    page.get_by_role("button", name="Seal and send").click()
    wait_for_packs(site, page, before + 4)
    page.reload()
    page.unroute("**/api/commit")
    expect(page.get_by_text("Not finished")).to_be_visible()
    device.axe()
    page = person.choose(device, export)
    expect(page.get_by_text("This export was begun before")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=2 * person.LONG)
    assert all(count == 1 for count in puts.stored.values())
    sent = sum(path.stat().st_size for path in site.stored_objects()[before:])
    assert sent < export.stat().st_size * 1.1 + (IN_FLIGHT + 3) * 8 * 1024 * 1024
    person.read(device, "Tour")
    assert hand_written.entries(person.get_back(page, tmp_path / "tour.zip")) == hand_written.entries(export)
    page.goto(site.url + "/app/")
    expect(page.get_by_text("Not finished")).to_have_count(0)


def test_a_lost_network_is_waited_for(new_device: NewDevice, site: Site, exports: Path) -> None:
    export = large_export(exports)
    device = new_device()
    person.sign_up(device, "clara")
    person.first_unlock(device)
    page = person.choose(device, export)
    before = len(site.stored_objects())
    page.get_by_role("button", name="Seal and send").click()
    wait_for_packs(site, page, before + 2)
    device.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible(timeout=person.LONG)
    device.context.set_offline(False)
    expect(page.get_by_text("It is safe")).to_be_visible(timeout=2 * person.LONG)
