"""The reader: shared exports are read as their JSON says, any text is read, and nothing of it is lost."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.reader.model import Conversation, as_json
from backupweb_client.reader.names import find_chat_text, title_from_names
from backupweb_client.reader.parse import parse_whatsapp
from backupweb_client.reader.recognise import recognise_whatsapp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.chat_texts import STAMPS, chat_text

EXPORTS = sorted((Path(__file__).parent.parent / "vectors" / "exports").glob("*.json"))
TOLD_BY_THE_EXPORT = ("people", "self", "dialect", "dateOrder", "dateExample", "unusedFiles")
COUNTS = ("media", "mediaMissing", "mediaOmitted")


def pieces(text: str, chat: Conversation) -> str:
    """The raw ranges of all records, cut out of the text as the browser counts it, and joined."""
    units = text.encode("utf-16-le", "surrogatepass")
    joined = b"".join(
        units[2 * raw.offset : 2 * (raw.offset + raw.length)] for raw in (record.raw for record in chat.records)
    )
    return joined.decode("utf-16-le", "surrogatepass")


def rejoined(text: str) -> str:
    """Two halves of one character that stand side by side are that character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
def test_shared_exports(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.read_bytes())
    text = path.with_suffix(".txt").read_bytes().decode()
    names = [*expected["files"], expected["text"]]
    parsed = parse_whatsapp(text, names)
    chat = as_json(parsed)

    assert [_row(record, chat["people"]) for record in chat["records"]] == expected["records"]
    for field in (*TOLD_BY_THE_EXPORT, *COUNTS):
        assert field not in expected or chat[field] == expected[field], field
    assert pieces(text, parsed) == text
    assert recognise_whatsapp(text, names) == expected["recognised"]
    assert not expected["recognised"] or find_chat_text(names) == expected["text"]
    assert title_from_names(expected["zip"] or expected["text"], expected["text"]) == expected["title"]


def _row(record: dict[str, Any], people: list[str]) -> list[Any]:
    """A record as the shared exports write it: what is ordinary is left out."""
    sender = None if record["sender"] is None else people[record["sender"]]
    more = {name: record[name] for name in ("attachment", "edited", "poll") if record.get(name)}
    more |= {"omitted": record["omitted"]} if "omitted" in record else {}
    return [record["kind"], sender, record["time"], record["text"], *([more] if more else [])]


@settings(max_examples=500)
@given(st.text(st.characters(), max_size=400), st.booleans() | st.none())
def test_any_text_is_read_and_none_of_it_is_lost(text: str, day_first: bool | None) -> None:
    text = rejoined(text)

    assert pieces(text, parse_whatsapp(text, ["a.jpg"], day_first=day_first)) == text


@settings(max_examples=500)
@given(st.integers(0, 1 << 40))
def test_so_is_what_a_phone_or_a_hostile_hand_could_write(seed: int) -> None:
    made = chat_text(seed)
    chat = parse_whatsapp(made.text, made.file_names, day_first=made.day_first)

    assert pieces(made.text, chat) == made.text
    for number, record in enumerate(chat.records):
        assert record.index == number
        assert record.sender is None or chat.people[record.sender]
        assert (record.time == "") == (chat.dialect is None)
    assert chat.self is None or chat.self in chat.people


@pytest.mark.parametrize(("name", "count"), [*((name, 400) for name in STAMPS), ("de", 40_000), ("iOS en-US", 40_000)])
def test_long_chats_of_each_dialect(name: str, count: int) -> None:
    moments = [datetime(2024, 9, 9, 9, 5) + timedelta(hours=day * 24 + day % 12) for day in range(count // 10)]  # noqa: DTZ001
    lines = [f"{STAMPS[name](moment)}Anna: {number}\n" for moment in moments for number in range(10)]

    chat = parse_whatsapp("".join(lines), [])

    assert chat.date_order == "decided"
    assert [record.text for record in chat.records] == [f"{number}" for _ in moments for number in range(10)]
    assert [record.time for record in chat.records[::10]] == [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in moments]


@pytest.mark.parametrize(
    "piece", ["<a: ", "<a:>", "(", "\u200e", "[", "1", " ", "> <", "\r", "OPTION: (1 ", '"', "https://"]
)
def test_a_long_line_is_no_trap(piece: str) -> None:
    line = piece * (65_536 // len(piece))
    text = "".join(f"{header}Ann: {line}>)\n" for header in ("19.09.26, 09:52 - ", "[19.09.26, 09:52:10] ") * 4)

    begun = time.process_time()
    chat = parse_whatsapp(text, [])

    assert pieces(text, chat) == text
    assert time.process_time() - begun < 5  # what grows with the square takes minutes


def test_150_000_messages_are_read_at_once() -> None:
    text = "".join(f"9/19/26, 9:{10 + n % 50}\u202fAM - Ann {n % 9}: number {n} ☀️\n" for n in range(150_000))

    begun = time.process_time()
    chat = parse_whatsapp(text, [])

    assert len(chat.records) == 150_000
    assert time.process_time() - begun < 6  # generous for a busy machine: it takes a third of that
