"""Voice notes become text on the device: with a model of the site's or the person's own, nothing from elsewhere."""

from __future__ import annotations

import re
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.site import Site
from tests.browser import exports as hand_written
from tests.browser import person
from tests.browser.conftest import Device
from tests.voice_notes.material import small_model, spoken

NewDevice = Callable[..., Device]

pytestmark = pytest.mark.one_database

CHAT = """\
19.09.26, 09:52 - Anna Beispiel: Guten Morgen
19.09.26, 09:56 - Ben Muster: PTT-20260919-WA0001.opus (Datei angehängt)
19.09.26, 09:58 - Ben Muster: PTT-20260919-WA0002.opus (Datei angehängt)
"""
SENTENCE = "The train to Berlin leaves at seven in the morning. Please bring water, bread and a warm jacket."
CONTENT = {"train", "berlin", "leaves", "morning", "water", "bread", "jacket"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), BACKUPWEB_SPEECH_MODELS=str(models)).start()
    yield site
    site.kill()


def export(folder: Path, *notes: bytes) -> Path:
    path = folder / "WhatsApp-Chat mit Ben Muster.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WhatsApp-Chat mit Ben Muster.txt", CHAT)
        for number, note in enumerate(notes, 1):
            archive.writestr(f"PTT-20260919-WA{number:04}.opus", note)
    return path


def hollow_model() -> bytes:
    """It begins as a model does, and holds no weights."""
    return struct.pack("<I11i", 0x67676D6C, 51865, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1) + bytes(300_000)


def reading(device: Device, name: str, chat: Path) -> Page:
    person.sign_up(device, name)
    person.first_unlock(device, stay=True, prove=False)
    person.add(device, chat)
    return person.read(device, "Ben Muster")


def whispers(page: Page) -> list[str]:
    """Requests for what listens."""
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if "/whisper/" in request.url else None)
    return asked


def test_a_model_is_chosen_kept_and_taken_away_again(
    new_device: NewDevice, exports: Path, models: Path, tmp_path: Path
) -> None:
    (models / "ggml-hollow.bin").write_bytes(hollow_model())
    device = new_device()
    page = reading(device, "ida", export(exports, hand_written.voice_note(), hand_written.voice_note()))
    loaded = whispers(page)
    note = page.locator("bw-transcript").first
    expect(note.get_by_role("button", name="as text")).to_be_visible()
    device.axe()
    assert loaded == []

    note.get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="Voice messages as text")
    expect(dialog.get_by_text("many languages")).to_be_visible()
    expect(note).to_contain_text("Waits for a speech model")
    device.axe()
    # What is no model is refused before it is kept.
    film = tmp_path / "film.bin"
    film.write_bytes(b"RIFF" + bytes(400_000))
    dialog.locator("input[type=file]").set_input_files(film)
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be used as a speech model")
    device.axe()
    dialog.get_by_role("button", name="Close").click()
    expect(note.get_by_role("button", name="as text")).to_be_visible()

    note.get_by_role("button").click()
    dialog.get_by_role("button", name="Use ggml-hollow.bin").click()
    # It was fetched and its hash is right; that it holds nothing, only Whisper can tell.
    expect(note.get_by_role("alert")).to_contain_text("cannot be used as a speech model", timeout=person.LONG)
    assert len(loaded) >= 1
    device.axe()

    # It stays for the next visit, until somebody does not want it any more.
    page.reload()
    page.locator("bw-transcript").nth(1).get_by_role("button", name="as text").click(timeout=person.LONG)
    expect(page.locator("bw-transcript").nth(1).get_by_role("alert")).to_be_visible(timeout=person.LONG)
    assert kept(page) == ["content", "facts.json"]
    page.locator("bw-transcript").nth(1).get_by_role("button", name="Speech model").click()
    expect(dialog.get_by_text("in use")).to_be_visible()
    device.axe()
    dialog.get_by_role("button", name="Remove ggml-hollow.bin").click()
    expect(dialog.get_by_role("button", name="Use ggml-hollow.bin")).to_be_visible()
    assert kept(page) == []


def kept(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        """async () => {
            const root = await navigator.storage.getDirectory()
            const folder = await root.getDirectoryHandle("speech-model").catch(() => null)
            if (folder === null) return []
            const names = []
            for await (const name of folder.keys()) names.push(name)
            return names.sort()
        }"""
    )
    return names


@pytest.mark.voice_notes
def test_a_spoken_sentence_becomes_text(
    new_device: NewDevice, exports: Path, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for old in models.iterdir():
        old.unlink()
    (models / "ggml-tiny.en-q8_0.bin").symlink_to(small_model())
    device = new_device()
    page = reading(device, "jana", export(exports, spoken(SENTENCE, tmp_path), spoken("Good night.", tmp_path)))
    note = page.locator("bw-transcript").first
    note.get_by_role("button").click()
    page.get_by_role("button", name="Use ggml-tiny.en-q8_0.bin").click()
    expect(note).to_contain_text("Listening", timeout=person.LONG)
    began = time.monotonic()
    device.axe()
    expect(note).to_contain_text("may have misheard", timeout=300_000)
    seconds = time.monotonic() - began
    heard = note.locator("p").first.inner_text()
    with capsys.disabled():
        print(f"\n{seconds:.0f} s: {heard}")  # what it costs belongs to what is tested
    assert len(CONTENT & set(re.findall(r"[a-z]+", heard.lower()))) >= 5, heard
    device.axe()
    # Nothing of what was said has left the browser.
    assert not any(b"Berlin" in sent for sent in device.sent)

    # The other one is stopped, and begins anew when it is asked for once more.
    other = page.locator("bw-transcript").nth(1)
    other.get_by_role("button").click()
    other.get_by_role("button", name="Stop").click()
    expect(other.get_by_role("button", name="as text")).to_be_visible()
