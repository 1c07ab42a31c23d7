"""Storage fills up: the page says so in time; nothing but adding stops; more is asked for, and comes."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


def chat_with(name: str, folder: Path) -> Path:
    """A chat with a file that nothing can make smaller."""
    path = folder / f"WhatsApp Chat mit {name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as export:
        lines = [f"19.09.26, 09:5{n} - {name}: Guten Morgen {n}" for n in range(5)]
        lines.append(f"19.09.26, 09:59 - {name}: \u200eIMG-20260919-WA0001.jpg (Datei angehängt)")
        export.writestr(f"WhatsApp Chat mit {name}.txt", "\n".join(lines) + "\n")
        export.writestr("IMG-20260919-WA0001.jpg", os.urandom(400_000))
    return path


def used(page: Page) -> int:
    size: int = page.evaluate("fetch('/api/account').then(a => a.json()).then(a => a.quota.used)")
    return size


def limit_to(site: Site, name: str, limit: int) -> None:
    """An admin's hand, in another process: open pages hear of it when they look."""
    site.manage(
        "shell",
        "-c",
        "from backupweb.accounts import rooms; from backupweb.accounts.models import Account; "
        f"rooms.limit_set(account=Account.objects.get(username={name!r}), limit={limit})",
    )


def waiting(site: Site) -> int:
    """The number of the one wish that nobody has answered."""
    asked = "from backupweb.accounts.selectors import undecided_requests as all; print('number', all().get().pk)"
    return int(site.manage("shell", "-c", asked).split("number ")[1].split()[0])


def storage_page(device: Device) -> Page:
    """The storage page, opened anew."""
    page = device.page
    page.goto(device.site.url + "/app/#/settings")
    page.get_by_role("link", name="Storage and more room").click()
    expect(page.get_by_role("heading", name="Storage", exact=True)).to_be_visible()
    return page


def test_storage_fills_up_and_more_is_asked_for_and_granted(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path
) -> None:
    device = new_device()
    person.sign_up(device, "anna")
    person.first_unlock(device, stay=True)
    page = person.add(device, chat_with("Ben", exports))
    first = used(page)
    page = person.add(device, chat_with("Cleo", exports))
    second = used(page)
    page.goto(site.url + "/app/#/")
    expect(page.locator(".storage[data-level=fine]")).to_be_visible()

    # The third export crosses the first mark.
    limit_to(site, "anna", int((2 * second - first) / 0.85))
    page = person.add(device, chat_with("Dora", exports))
    page.goto(site.url + "/app/#/")
    note = page.get_by_role("status").filter(has_text="Most of your storage is used")
    expect(note).to_be_visible()
    expect(page.locator(".storage[data-level='80']")).to_be_visible()
    device.axe()
    note.get_by_role("button", name="All right").click()
    expect(note).to_have_count(0)
    page.reload()
    expect(page.locator(".storage[data-level='80']")).to_be_visible(timeout=person.LONG)
    expect(note).to_have_count(0)

    limit_to(site, "anna", int(used(page) / 0.96))
    page = storage_page(device)
    expect(page.get_by_text("Your storage is almost full")).to_be_visible()
    expect(page.locator(".thing", has_text="Dora")).to_be_visible()
    device.axe()

    # What does not fit is refused before its first byte, with the way on.
    page = person.choose(device, chat_with("Emil", exports))
    page.get_by_role("button", name="Seal and send").click()
    expect(page.get_by_role("heading", name="There is not enough room")).to_be_visible(timeout=person.LONG)
    page.get_by_role("alert").get_by_role("link", name="Ask for more").click()
    expect(page.get_by_role("heading", name="Ask for more")).to_be_visible()

    # A plan below what is kept: everything goes on but adding.
    limit_to(site, "anna", 1_000_000)
    page = storage_page(device)
    expect(page.get_by_text("Your storage is full")).to_be_visible()
    device.axe()
    page = person.read(device, "Cleo")
    expect(page.get_by_text("Guten Morgen 3").first).to_be_visible()
    with zipfile.ZipFile(person.get_back(page, tmp_path / "saved.zip")) as kept:
        assert len(kept.read("IMG-20260919-WA0001.jpg")) == 400_000
    page = person.read(device, "Ben")
    page.get_by_role("button", name="Actions for this chat").click()
    page.get_by_role("button", name="Delete the chat").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".chat-row", has_text="Ben")).to_have_count(0)

    # Asked for, taken back, asked for again.
    page = storage_page(device)
    page.get_by_role("radio").nth(1).check()
    page.get_by_label("What for?").fill("Three years of club chats.")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("you asked for 5 MB")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Ask for it")).to_be_visible()
    page.get_by_label("What for?").fill("Three years of club chats.")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("you asked for 2 MB")).to_be_visible()
    device.axe()

    # Granted by an admin; the open page hears of it by itself.
    site.manage("setup", BACKUPWEB_ADMIN_NAME="chefin", BACKUPWEB_ADMIN_PASSWORD=person.PASSWORD)
    staff = person.sign_in(new_device(), "chefin", "/accounts/login/?next=/admin/")
    staff.goto(site.url + f"/admin/accounts/quotarequest/{waiting(site)}/decide/")
    assert "Cleo" not in staff.content()
    staff.locator("[name=limit]").fill("50MB")
    staff.locator("[name=answer][value=grant]").click()
    expect(staff.get_by_text("Granted").first).to_be_visible()
    expect(page.get_by_text(re.compile("you have it: 50 MB in all"))).to_be_visible()
    expect(page.get_by_text("Your storage is full")).to_have_count(0)
    expect(page.locator(".library-list .storage[data-level=fine]")).to_have_count(1)
    page.goto(site.url + "/app/#/")
    news = page.get_by_role("status").filter(has_text="50 MB in all")
    news.get_by_role("button", name="All right").click()
    expect(news).to_have_count(0)
    person.add(device, hand_written.android_german(exports))
