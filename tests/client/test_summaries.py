"""What the list of chats shows of an export: titles, times and people as the shared exports have them."""

import json
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.exports.chat import chat_title, named_like_a_chat, read_chat
from backupweb_client.reader.model import DateOrder

EXPORTS = sorted((Path(__file__).parent.parent / "vectors" / "exports").glob("*.json"))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
def test_shared_exports(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.read_bytes())
    if not expected["recognised"]:
        assert not named_like_a_chat(expected["text"])
        return
    facts = read_chat(path.with_suffix(".txt").read_bytes().decode("utf-8-sig"), expected["files"])
    titled = expected["zip"] if expected["text"] == "_chat.txt" and expected["zip"] else expected["text"]

    assert facts is not None
    assert chat_title(titled) == expected["title"]
    assert list(facts.people) == expected["people"]
    assert facts.messages == sum(kind != "system" for kind, *_ in expected["records"])
    assert facts.media == expected.get("media", facts.media)
    decided = expected["dateOrder"] == "decided"
    assert facts.first == (expected["records"][0][2] if decided else None)
    assert facts.last == (expected["records"][-1][2] if decided else None)


@pytest.mark.parametrize(("order", "first"), [(None, None), ("dmy", "2026-06-05"), ("mdy", "2026-05-06")])
def test_an_undecided_order_is_asked_and_never_guessed(order: DateOrder | None, first: str | None) -> None:
    facts = read_chat("5/6/26, 09:52 - Ann: Hi\n6/6/26, 09:53 - Ben: Hello\n", [], order)

    assert facts is not None
    assert (facts.first and facts.first[:10]) == first
