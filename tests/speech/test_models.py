"""Models that the admin laid into a folder are listed by what they are, and come whole or in ranges, to people only."""

from __future__ import annotations

import asyncio
import hashlib
import os
import struct
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from backupweb.speech import selectors
from tests.people import Person
from tests.raw import Answer, ask

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

SIZE = 700_001


def model(words: int = 51865, layers: int = 4, magic: int = selectors.MAGIC) -> bytes:
    """The beginning of a model, and bytes that pass for its weights."""
    header = struct.pack("<I11i", magic, words, 1500, 384, 6, layers, 448, 384, 6, layers, 80, 1)
    return header + bytes(number * 7 % 251 for number in range(SIZE - len(header)))


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUPWEB_SPEECH_MODELS = tmp_path / "models"
    settings.BACKUPWEB_SPEECH_MODELS.mkdir()
    return tmp_path / "models"


def fetch(person: Person, content: bytes, **headers: str) -> Answer:
    return asyncio.run(person.ask("GET", f"/api/speech-models/{hashlib.sha256(content).hexdigest()}", (), **headers))


def listed(person: Person) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = person.get("/api/speech-models").json()["models"]
    return models


def test_without_a_folder_nothing_is_offered(alice: Person, settings: Any, tmp_path: Path) -> None:
    assert settings.BACKUPWEB_SPEECH_MODELS is None
    assert listed(alice) == []
    settings.BACKUPWEB_SPEECH_MODELS = tmp_path / "is not there"
    assert listed(alice) == []
    assert fetch(alice, model()).error == "speech.no_such_model"


def test_a_model_is_listed_with_its_hash_and_what_it_hears(alice: Person, folder: Path) -> None:
    many, english = model(), model(words=51864) + b"longer"
    (folder / "ggml-tiny.bin").write_bytes(many)
    (folder / "ggml-tiny.en.bin").write_bytes(english)
    assert listed(alice) == [
        {"name": name, "size": len(one), "sha256": hashlib.sha256(one).hexdigest(), "multilingual": languages}
        for name, one, languages in (("ggml-tiny.bin", many, True), ("ggml-tiny.en.bin", english, False))
    ]


def test_what_is_no_model_is_offered_to_nobody(
    alice: Person, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "notes.txt").write_text("bought at the market")
    (folder / "short.bin").write_bytes(b"lmgg")
    (folder / "foreign.bin").write_bytes(model(magic=0x46554747))
    (folder / "of-another-kind.bin").write_bytes(model(layers=5))
    (folder / "good.bin").write_bytes(model())
    (folder / "folder.bin").mkdir()
    secret = tmp_path / "secret.bin"
    secret.write_bytes(b"not in the folder")
    assert [one["name"] for one in listed(alice)] == ["good.bin"]
    assert selectors.passed_over() == ["foreign.bin", "of-another-kind.bin", "short.bin"]
    assert fetch(alice, secret.read_bytes()).error == "speech.no_such_model"
    monkeypatch.setattr(selectors, "LARGEST", SIZE)
    (folder / "huge.bin").write_bytes(model() + b"!")
    assert [one["name"] for one in listed(alice)] == ["good.bin"]


def test_another_file_under_the_same_name_is_noticed(alice: Person, folder: Path) -> None:
    path = folder / "model.bin"
    path.write_bytes(model())
    before = listed(alice)[0]["sha256"]
    path.write_bytes(model(words=51866))
    os.utime(path, ns=(1, 1))
    assert listed(alice)[0]["sha256"] != before
    assert fetch(alice, model()).error == "speech.no_such_model"


def test_the_whole_is_cached_for_good(alice: Person, folder: Path) -> None:
    (folder / "model.bin").write_bytes(model())
    answer = fetch(alice, model())
    assert (answer.status, answer.body) == (200, model())
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    etag = answer.headers["etag"]
    assert etag == f'"{hashlib.sha256(model()).hexdigest()}"'
    again = fetch(alice, model(), **{"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")


def test_a_range_continues_what_was_cut_off(alice: Person, folder: Path) -> None:
    (folder / "model.bin").write_bytes(model())
    answer = fetch(alice, model(), range="bytes=600000-")
    assert (answer.status, answer.body) == (206, model()[600_000:])
    assert answer.headers["content-range"] == f"bytes 600000-{SIZE - 1}/{SIZE}"
    beyond = fetch(alice, model(), range="bytes=9000000-")
    assert (beyond.status, beyond.body) == (416, b"")


def test_who_is_not_signed_in_gets_none(folder: Path) -> None:
    (folder / "model.bin").write_bytes(model())
    sha256 = hashlib.sha256(model()).hexdigest()
    for address in ("/api/speech-models", f"/api/speech-models/{sha256}"):
        answer = asyncio.run(ask("GET", address, [], {}))
        assert (answer.status, answer.error) == (401, "http.not_signed_in")


def test_an_address_is_a_hash_and_nothing_else(alice: Person, folder: Path) -> None:
    (folder / "model.bin").write_bytes(model())
    for address in ("model.bin", "..", "%2e%2e%2fsecret", "A" * 64, "0" * 63):
        assert asyncio.run(alice.ask("GET", f"/api/speech-models/{address}")).status in {404, 422}


def test_the_doctor_counts_them_and_names_what_is_none(folder: Path, settings: Any) -> None:
    def said() -> str:
        out = StringIO()
        call_command("doctor", stdout=out, force_color=False)
        return out.getvalue()

    (folder / "model.bin").write_bytes(model())
    assert "One speech model is offered." in said()
    (folder / "broken.bin").write_bytes(b"half a file")
    assert "broken.bin cannot be used as a speech model" in said()
    settings.BACKUPWEB_SPEECH_MODELS = folder / "gone"
    assert "The folder for speech models is not there." in said()
    settings.BACKUPWEB_SPEECH_MODELS = None
    assert "speech" not in said()
