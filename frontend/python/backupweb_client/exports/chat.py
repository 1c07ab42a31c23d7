"""What a chat's export is about, for lists and comparisons: facts and words of what the reader reads."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from backupweb_client.reader.characters import SPACES
from backupweb_client.reader.model import ChatRecord, Conversation, DateOrder
from backupweb_client.reader.names import chat_title, named_like_a_chat
from backupweb_client.reader.parse import parse_whatsapp
from backupweb_client.reader.recognise import recognise_whatsapp

__all__ = ["ChatFacts", "Said", "chat_title", "decode_text", "named_like_a_chat", "read_chat", "read_said"]


@dataclass(frozen=True)
class ChatFacts:
    """`first` and `last` are wall-clock times; null when day and month cannot be told apart."""

    people: tuple[str, ...]
    messages: int
    media: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Said:
    """A message or, as a `notice`, what the app itself wrote: enough of it to know it again in another export."""

    words: str
    notice: bool


def read_chat(text: str, names: Sequence[str], order: DateOrder | None = None) -> ChatFacts | None:
    """The facts of a chat whose export also holds files called `names`, or null when this is no chat."""
    chat = _parse(text, names, order)
    if chat is None:
        return None
    decided = chat.date_order == "decided"
    return ChatFacts(
        people=chat.people,
        messages=sum(record.kind != "system" for record in chat.records),
        media=chat.media,
        first=chat.records[0].time if decided else None,
        last=chat.records[-1].time if decided else None,
    )


def read_said(text: str, names: Sequence[str], order: DateOrder | None = None) -> list[Said]:
    """Minute, sender and words of every record; nothing when this is no chat."""
    chat = _parse(text, names, order)
    if chat is None:
        return []
    return [Said(_words(record, chat.people), record.kind == "system") for record in chat.records]


def decode_text(content: bytes) -> str:
    """Bytes that are no UTF-8 become the replacement mark: a chat with a broken letter is a chat."""
    return content.decode("utf-16-le" if content.startswith(b"\xff\xfe") else "utf-8", "replace")


def _parse(text: str, names: Sequence[str], order: DateOrder | None) -> Conversation | None:
    if not recognise_whatsapp(text, ["_chat.txt"]):  # callers ask about texts that are named like a chat
        return None
    chat = parse_whatsapp(text, names, day_first=None if order is None else order == "dmy")
    return None if chat.dialect is None else chat


def _words(record: ChatRecord, people: Sequence[str]) -> str:
    """An attachment that was left out or renamed is the same message; whether its file is there, the files tell."""
    kind = "message" if record.kind in {"omitted", "view-once"} else record.kind
    # The app says it in the language of the phone.
    said = "" if kind == "deleted" else unicodedata.normalize("NFC", record.text).strip(SPACES)
    options = [option.text for option in record.poll.options] if record.poll else []
    who = "" if record.sender is None else people[record.sender]
    return json.dumps([record.time[:16], kind, who, said, *options])
