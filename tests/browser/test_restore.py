"""Everything comes back into a folder, checked; cut off, it goes on with one click; a phone gets one zip."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.exports import Chat, write_zip
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device

pytestmark = pytest.mark.one_database

NewDevice = Callable[..., Device]

#: No test can press the browser's own picker: a private folder stands for the one that a person picks.
PICKER = """
window.showDirectoryPicker = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle("picked", { create: true })
"""

#: Paths and sizes of what lies in it, nought where a copy is under way.
TREE = """
(async () => {
    const found = {}
    const walk = async (folder, below) => {
        for await (const [name, entry] of folder.entries())
            if (entry.kind === "directory") await walk(entry, `${below}${name}/`)
            else found[below + name] = await entry.getFile().then(({ size }) => size, () => 0)
    }
    const root = await navigator.storage.getDirectory()
    await walk(await root.getDirectoryHandle("picked", { create: true }), "")
    return found
})()
"""


def finished(page: Page) -> dict[str, int]:
    """What lies in the picked folder under its name."""
    return {path: size for path, size in page.evaluate(TREE).items() if size > 0 and not path.endswith(".crswap")}


def sizes(export: Path) -> list[int]:
    with zipfile.ZipFile(export) as archive:
        return sorted(info.file_size for info in archive.infolist())


def test_everything_comes_back_into_a_folder_and_goes_on_after_a_cut(new_device: NewDevice, exports: Path) -> None:
    chat = Chat(messages=2000, counts=((300, 1), (3, 1), (5, 1)))
    large, small = write_zip(chat, "a", exports / "WhatsApp Chat - Tour.zip"), hand_written.android_german(exports)
    device = new_device()
    device.context.add_init_script(PICKER)
    person.sign_up(device, "anna")
    person.first_unlock(device, stay=True)
    person.add(device, large)
    person.add(device, small)

    page = device.open("/app/#/settings")
    page.get_by_role("link", name="Get everything back").click()
    expect(page.get_by_text("from 2 exports")).to_be_visible()
    device.axe()
    page.get_by_role("button", name="Choose a folder").click()
    for _ in range(600):
        if len(finished(page)) >= 10:
            break
        page.wait_for_timeout(20)
    page.reload()
    before = finished(page)
    assert 0 < len(before) < 300
    expect(page.get_by_text("Not everything is back yet")).to_be_visible(timeout=person.LONG)
    device.axe()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Everything is back")).to_be_visible(timeout=2 * person.LONG)
    expect(page.get_by_text("there from an earlier try")).to_be_visible()
    device.axe()

    after = finished(page)
    assert before.items() <= after.items()
    assert sorted(after.values()) == sorted(sizes(large) + sizes(small))
    assert {path.count("/") for path in after} == {2}
    page.get_by_role("link", name="To the chats").click()
    expect(page.get_by_text("Not everything is back yet")).to_have_count(0)


def test_a_phone_without_folders_gets_one_zip_of_the_whole_chat(
    new_device: NewDevice, exports: Path, tmp_path: Path
) -> None:
    export = hand_written.android_german(exports)
    device = new_device(language="de-DE", dark=True, phone=True)
    device.context.add_init_script("delete window.showDirectoryPicker; delete window.showSaveFilePicker")
    page = device.open("/accounts/signup/")
    page.locator("[name=username]").fill("dora")
    page.locator("[name=password1]").fill(person.PASSWORD)
    page.locator("main form [type=submit]").first.click()
    page.get_by_role("button", name="Schlüssel machen").click()
    page.get_by_role("button", name="Später").click()
    page.locator("input[type=file]").first.set_input_files(export)
    page.get_by_role("button", name="Versiegeln und senden").click()
    expect(page.get_by_role("heading", name="Sicher verwahrt")).to_be_visible(timeout=person.LONG)

    page.goto(device.site.url + "/app/#/restore")
    expect(page.get_by_role("radio", name="Die ursprünglichen Dateien")).to_be_disabled()
    device.axe()
    with page.expect_download(timeout=person.LONG) as download:
        page.get_by_role("button", name="Als Download vorbereiten").click()
    expect(page.get_by_role("heading", name="Alles ist zurück")).to_be_visible()
    device.axe()
    download.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert download.value.suggested_filename == "Backupweb.zip"
        assert [info.file_size for info in archive.infolist() if info.file_size > 0]
        assert sorted(info.file_size for info in archive.infolist()) == sizes(export)
