"""Each side opens what the other wrote: the browser, and the command-line client that was written from the document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from backupweb_client.cli import DAMAGED, FINE, World, main
from backupweb_client.prompts import Terminal
from playwright.sync_api import expect

from bench.exports import Chat, write_zip
from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

NewDevice = Callable[..., Device]


@pytest.mark.one_database
def test_each_side_opens_what_the_other_wrote(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_browser = hand_written.android_german(exports)
    by_client = write_zip(
        Chat(messages=3000, counts=((6, 1), (1, 1), (2, 1)), media_scale=0.1),
        "a",
        exports / "WhatsApp Chat - Hiking.zip",
    )
    device = new_device()
    person.sign_up(device, "anna")
    code = person.first_unlock(device, stay=True)
    person.add(device, by_browser)
    told: list[str] = []

    def client(*arguments: str) -> int:
        environment = {
            "BACKUPWEB_CONFIG": str(tmp_path / "client"),
            "BACKUPWEB_PASSWORD": person.PASSWORD,
            "BACKUPWEB_RECOVERY_CODE": code,
        }
        return main(arguments, World(environment, Terminal(lambda _: "", lambda _: "", told.append)))

    assert client("login", site.url, "--name", "anna") == FINE, told
    assert client("list") == FINE, told
    assert "Ben Muster" in capsys.readouterr().out
    assert client("verify", "--all") == FINE, told
    assert client("restore", "Ben Muster", "--to", str(tmp_path / "out"), "--zip") == FINE, told
    restored = tmp_path / "out" / by_browser.name
    assert hand_written.entries(restored) == hand_written.entries(by_browser)

    # The client writes; the page that stands open hears of it, reads it, and gives it back byte for byte.
    assert client("add", str(by_client)) == FINE, told
    page = device.page
    page.goto(site.url + "/app/#/")
    expect(page.locator(".chat-row", has_text="Hiking")).to_be_visible(timeout=person.LONG)
    person.read(device, "Hiking")
    expect(page.locator("bw-chat [role=article]").first).to_be_visible()
    saved = person.get_back(page, tmp_path / "saved.zip")
    assert hand_written.entries(saved) == hand_written.entries(by_client)


@pytest.mark.one_database
def test_a_changed_byte_on_the_server_is_refused_by_both(
    new_device: NewDevice, site: Site, exports: Path, tmp_path: Path
) -> None:
    before = set(site.stored_objects())
    device = new_device()
    person.sign_up(device, "bert")
    code = person.first_unlock(device, stay=True)
    person.add(device, hand_written.android_german(exports))
    *packs, _catalog, _snapshot = sorted(set(site.stored_objects()) - before, key=lambda path: path.stat().st_mtime_ns)
    for pack in packs:
        content = bytearray(pack.read_bytes())
        for place in range(0, len(content), 97):
            content[place] ^= 1
        pack.write_bytes(content)

    page = device.page
    page.goto(site.url + "/app/#/")
    page.locator(".chat-row", has_text="Ben Muster").click()
    expect(page.get_by_text("The chat could not be opened")).to_be_visible(timeout=person.LONG)
    expect(page.get_by_text("it was refused")).to_be_visible()
    assert "Guten Morgen" not in page.content()
    device.axe()

    told: list[str] = []
    environment = {
        "BACKUPWEB_CONFIG": str(tmp_path / "client"),
        "BACKUPWEB_PASSWORD": person.PASSWORD,
        "BACKUPWEB_RECOVERY_CODE": code,
    }
    world = World(environment, Terminal(lambda _: "", lambda _: "", told.append))
    assert main(("login", site.url, "--name", "bert"), world) == FINE, told
    assert main(("verify", "--all"), world) == DAMAGED


@pytest.mark.one_database
def test_an_older_head_blocks_the_device_that_saw_a_newer_one(new_device: NewDevice, site: Site, exports: Path) -> None:
    device = new_device()
    person.sign_up(device, "clara")
    person.first_unlock(device, stay=True)
    person.add(device, hand_written.android_german(exports))
    site.manage(
        "shell",
        "-c",
        "from backupweb.backups.models import Head;"
        "Head.objects.filter(account__username='clara').order_by('-sequence').first().delete()",
    )
    page = device.page
    page.goto(site.url + "/")
    page.goto(site.url + "/app/")
    expect(page.get_by_role("heading", name="The server shows an older state")).to_be_visible(timeout=person.LONG)
    device.axe()
