"""The model into which a chat export is read; the same as `frontend/src/reader/conversation.ts`, name by name."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

MediaKind = Literal["photo", "video", "gif", "voice", "audio", "sticker", "document", "contact"]
RecordKind = Literal["message", "system", "deleted", "omitted", "call", "poll", "location", "view-once"]
DateOrder = Literal["dmy", "mdy", "ymd"]
Frame = Literal["bracket", "dash", "colon"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """`file` is an index into the export's files, or null when the file is missing."""

    name: str
    kind: MediaKind
    file: int | None


@dataclass(frozen=True, slots=True)
class PollOption:
    """`votes` is null where the export does not say."""

    text: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class Poll:
    question: str
    options: tuple[PollOption, ...]


class Raw(NamedTuple):
    """Where a record stands in the text, in UTF-16 code units: the browser counts so."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ChatRecord:
    """
    A message, or what else stands in a chat.

    `sender` is an index into `people`, or null for what the app itself wrote; `time` is a wall clock.

    `omitted` says something in records of that kind only: what was left out, or null when the export does not say.
    """

    index: int
    kind: RecordKind
    sender: int | None
    time: str
    text: str
    edited: bool
    attachment: Attachment | None
    raw: Raw
    omitted: MediaKind | None = None
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class DateExample:
    """A date that can be read in two ways: as it stands, and both readings as `YYYY-MM-DD`."""

    raw: str
    day_first: str
    month_first: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How this file is written; the same for all of its headers."""

    platform: Literal["android", "ios"]
    frame: Frame
    order: DateOrder
    seconds: bool
    twelve_hours: bool
    split_by: Literal["crlf", "headers"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat as it was read; without a dialect it is none, and one record holds the whole text."""

    title: str
    people: tuple[str, ...]
    records: tuple[ChatRecord, ...]
    self: str | None
    date_order: Literal["decided", "ask"]
    date_example: DateExample | None
    media: int
    media_missing: int
    media_omitted: int
    unused_files: tuple[int, ...]
    dialect: Dialect | None


def as_json(chat: Conversation) -> dict[str, Any]:
    """The whole model with the names that the browser's reader gives to its parts."""
    dialect, example = chat.dialect, chat.date_example
    return {
        "title": chat.title,
        "people": list(chat.people),
        "records": [_record(record) for record in chat.records],
        "self": chat.self,
        "dateOrder": chat.date_order,
        "dateExample": example
        and {"raw": example.raw, "dayFirst": example.day_first, "monthFirst": example.month_first},
        "media": chat.media,
        "mediaMissing": chat.media_missing,
        "mediaOmitted": chat.media_omitted,
        "unusedFiles": list(chat.unused_files),
        "dialect": dialect
        and {
            "platform": dialect.platform,
            "frame": dialect.frame,
            "order": dialect.order,
            "seconds": dialect.seconds,
            "twelveHours": dialect.twelve_hours,
            "splitBy": dialect.split_by,
        },
    }


def _record(record: ChatRecord) -> dict[str, Any]:
    attachment, poll = record.attachment, record.poll
    shown: dict[str, Any] = {
        "index": record.index,
        "kind": record.kind,
        "sender": record.sender,
        "time": record.time,
        "text": record.text,
        "edited": record.edited,
        "attachment": attachment and {"name": attachment.name, "kind": attachment.kind, "file": attachment.file},
        "raw": {"offset": record.raw.offset, "length": record.raw.length},
    }
    if record.kind == "omitted":
        shown["omitted"] = record.omitted
    if poll is not None:
        options = [{"text": option.text, "votes": option.votes} for option in poll.options]
        shown["poll"] = {"question": poll.question, "options": options}
    return shown
