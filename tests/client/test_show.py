"""`show`: what it prints of a zip or a text, for eyes and for programs."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.cli import FAILED, FINE, World, main
from backupweb_client.prompts import Terminal

VECTORS = Path(__file__).parent.parent / "vectors" / "exports"
Show = Callable[..., int]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def show(told: list[str]) -> Show:
    """Runs the command without a session, a code or a server."""

    def answer(_: str) -> str:
        raise AssertionError

    return lambda *arguments: main(
        ["show", *map(os.fspath, arguments)], World({}, Terminal(answer, answer, told.append))
    )


@pytest.fixture
def zip_of(make_zip: Callable[..., Path]) -> Callable[[str], Path]:
    """A zip of a shared export with its text and its other files."""

    def make(name: str) -> Path:
        facts = json.loads((VECTORS / f"{name}.json").read_bytes())
        text = (VECTORS / f"{name}.txt").read_bytes()
        entries = [(facts["text"], text, True), *((each, b"content", False) for each in facts["files"])]
        return make_zip(facts["zip"].removeprefix("\u200e"), entries)

    return make


def test_a_chat_is_shown(show: Show, zip_of: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert show(zip_of("android-en-US")) == FINE

    assert capsys.readouterr().out.splitlines()[:8] == [
        "Hiking: 2 people, 12 records, 2026-09-19 – 2026-09-19",
        '2026-09-19 09:50:00 — You created group "Hiking"',
        "2026-09-19 09:52:00 Ann: Hi",
        "2026-09-19 10:02:00 Ann: [document: Route & Plan (2).pdf]",
        "2026-09-19 10:03:00 Ben: [voice: PTT-20260919-WA0002.opus, missing]",
        "2026-09-19 10:06:00 Ann: When?",
        "    - Saturday (2)",
        "    - Sunday (1)",
    ]


def test_for_programs_it_is_one_json_object(
    show: Show, zip_of: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(zip_of("ios-de"), "--json") == FINE

    out = capsys.readouterr().out
    chat: dict[str, Any] = json.loads(out)
    assert out.isascii()
    assert (chat["title"], chat["self"]) == ("Wandern", "Carla Probe")
    assert chat["records"][3]["attachment"]["kind"] == "photo"
    assert sum(record["raw"]["length"] for record in chat["records"]) == len(
        (VECTORS / "ios-de.txt").read_bytes().decode()
    )


def test_a_bare_text_and_an_answer(
    show: Show, told: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "WhatsApp Chat with Ben.txt"
    path.write_text("5/6/26, 09:52 - Ann: Hi\n6/6/26, 09:53 - Ben: two\nlines\n")

    assert show(path) == FINE
    assert "Is 5/6/26 2026-06-05 or 2026-05-06?" in told[-1]
    assert "2026-06-05 09:52:00 Ann: Hi\n2026-06-06 09:53:00 Ben: two\n    lines\n" in capsys.readouterr().out
    told.clear()
    assert show(path, "--dates", "month-first") == FINE
    assert told == []
    assert "2026-05-06 09:52:00 Ann: Hi" in capsys.readouterr().out


def test_nothing_steers_the_terminal(show: Show, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text("[19.09.26, 09:52:10] Ann\x1b]: \x1b[2Jcls \u202etxt.exe \u009b1m 👩\u200d👧\n", encoding="utf-8")

    assert show(path) == FINE
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\u202e", "\u009b"}
    assert "👩\u200d👧" in out


@pytest.mark.parametrize("content", [b"Dear diary,\n", b"", b"\x00\xff\xfe", b"PK\x03\x04 no zip"])
def test_what_is_no_chat_is_refused(show: Show, told: list[str], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    assert show(path) == FAILED
    assert "notes.txt holds no chat of WhatsApp." in told[-1]
    assert show(tmp_path / "absent.zip") == FAILED


def test_a_text_in_wide_characters_is_read(show: Show, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "_chat.txt"
    path.write_bytes("\ufeff[19.09.26, 09:52:10] Änne: Grüße\r\n".encode("utf-16-le"))

    assert show(path) == FINE
    assert "Änne: Grüße" in capsys.readouterr().out
