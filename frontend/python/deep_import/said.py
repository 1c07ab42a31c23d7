"""The library's messages as plain values: JSON for the browser's reader, which makes chats of them."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass, field
from typing import Any

GONE = "Message deleted"
# The library cuts iOS's ids to so many characters, on both sides of an answer.
SHORT_ID = 17


@dataclass(frozen=True)
class Fact:
    """Of a message, what the library changes or leaves out: read beside it, by the number of its row."""

    key: str
    sender: str | None
    text: str | None
    path: str | None = None
    name: str | None = None
    mime: str | None = None
    place: tuple[float, float] | None = None
    answers: str | None = None


@dataclass
class Chat:
    """One chat, by its address."""

    jid: str
    name: str | None
    messages: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Found:
    """All that a database holds. `contacts`: names by address."""

    source: str
    chats: list[Chat]
    calls: list[dict[str, Any]]
    contacts: dict[str, str]

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def plain_message(message: Any, fact: Fact | None, ids: dict[str, str]) -> dict[str, Any] | None:
    """`message` is the library's; `ids` has whole ids by short ones. Nothing: of a row without any content."""
    gone = bool(message.meta) and message.data == GONE
    words = None if message.data is None else str(message.data)
    fact = fact or Fact(str(message.key_id or ""), None, words)
    # Words of its own stand where the database has a number; else what was written is taken as it was.
    own_words = bool(message.meta) and not gone and words is not None and fact.place is None
    text = html.unescape(words.replace("<br>", "\n")) if own_words and words is not None else (fact.text or "")
    system = own_words or (bool(message.meta) and not gone and fact.place is None)
    if system and not text:
        return None
    quote = None
    if fact.answers:
        # Its words are found by the whole id.
        quote = {"id": fact.answers, "text": ""}
    elif message.reply:
        short = str(message.reply)
        quote = {"id": ids.get(short, short), "text": str(message.quoted_data or "")}
    return {
        "id": fact.key,
        "at": round(message.timestamp * 1000),
        "own": bool(message.from_me),
        "sender": fact.sender,
        "type": message.message_type,
        "said": "gone" if gone else "system" if system else "message",
        "text": text,
        "sticker": bool(message.sticker),
        "caption": message.caption,
        "quote": quote,
        "path": fact.path,
        "name": fact.name,
        "mime": fact.mime,
        "place": fact.place,
    }


def plain_call(message: Any, jid: str | None) -> dict[str, Any]:
    """`jid`: the chat to which the call belongs, where it is known."""
    return {
        "id": str(message.key_id or ""),
        "at": round(message.timestamp * 1000),
        "own": bool(message.from_me),
        "chat": jid,
        "text": str(message.data),
    }


def plain_chats(data: Any, facts: dict[int, Fact]) -> list[Chat]:
    """The library's chats, each with its messages in their order."""
    ids = {fact.key[:SHORT_ID]: fact.key for fact in facts.values()}
    chats = []
    for jid, store in data.items():
        chat = Chat(str(jid), store.name)
        for row, message in store.items():
            plain = plain_message(message, facts.get(row), ids)
            if plain is not None:
                chat.messages.append(plain)
        if chat.messages:
            chats.append(chat)
    return chats
