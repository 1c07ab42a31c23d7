"""The browser's reader and this one agree about the whole of what thousands of texts say, shared and made up."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.reader.model import as_json
from backupweb_client.reader.names import find_chat_text, title_from_names
from backupweb_client.reader.parse import parse_whatsapp
from backupweb_client.reader.recognise import recognise_whatsapp

from tests.client.chat_texts import ChatText, chat_text

PROJECT = Path(__file__).parents[2]
SHARED = sorted((PROJECT / "tests" / "vectors" / "exports").glob("*.json"))
MADE_UP = 12_000


def shared_texts() -> list[ChatText]:
    found: list[ChatText] = []
    for path in SHARED:
        facts = json.loads(path.read_bytes())
        text = path.with_suffix(".txt").read_bytes().decode()
        names = (*facts["files"], facts["text"])
        found += [ChatText(text, names, facts["zip"] or facts["text"], answer) for answer in (None, True, False)]
    return found


def read_in_node(texts: list[ChatText]) -> list[dict[str, Any]]:
    asked = [
        {"text": each.text, "fileNames": each.file_names, "outer": each.outer, "dayFirst": each.day_first}
        for each in texts
    ]
    answer = subprocess.run(
        ["node", PROJECT / "frontend" / "tests" / "support" / "read-chats.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert answer.returncode == 0, answer.stderr
    read: list[dict[str, Any]] = json.loads(answer.stdout)
    return read


def read_here(each: ChatText) -> dict[str, Any]:
    text_name = find_chat_text(each.file_names)
    title = title_from_names(each.outer, text_name or each.outer)
    chat = parse_whatsapp(each.text, each.file_names, title=title, day_first=each.day_first)
    return as_json(chat) | {"textName": text_name, "recognised": recognise_whatsapp(each.text, each.file_names)}


@pytest.mark.one_database
def test_both_readers_read_the_same() -> None:
    texts = [*shared_texts(), *map(chat_text, range(MADE_UP))]

    for number, (each, theirs) in enumerate(zip(texts, read_in_node(texts), strict=True)):
        ours = read_here(each)
        if ours != theirs:
            records = zip(ours.pop("records"), theirs.pop("records"), strict=False)
            first = next(((mine, other) for mine, other in records if mine != other), None)
            pytest.fail(f"text {number}: {each.text!a}\n{first!a}\n{ours!a}\n{theirs!a}")
