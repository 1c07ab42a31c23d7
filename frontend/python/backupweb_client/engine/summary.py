"""What the list of chats will show of an import: read from its chat text if there is one."""

from dataclasses import dataclass
from typing import Final

from backupweb_client.exports.chat import ChatFacts, chat_title, decode_text, named_like_a_chat, read_chat
from backupweb_client.exports.found import FoundExport, FoundFile
from backupweb_client.format.snapshot import Reader, Summary
from backupweb_client.reader.model import DateOrder

_LARGEST_CHAT: Final = 256 * 1024 * 1024  # bytes that are read into memory at once


@dataclass(frozen=True)
class Recognised:
    """`text` is the number of the chat's text among the files."""

    reader: Reader
    summary: Summary
    text: int | None


def recognise(export: FoundExport, title: str | None, order: DateOrder | None) -> Recognised:
    names = [file.name for file in export.files]
    for number, file in enumerate(export.files):
        if _may_be_chat(file, export.source.name) and (facts := read_chat(_text(file), names, order)) is not None:
            return Recognised("whatsapp", _summary(title or _title(export, file), facts), number)
    media = sum(file.type.startswith(("image/", "video/", "audio/")) for file in export.files)
    return Recognised("files", Summary(title or chat_title(export.source.name), (), 0, media, None, None), None)


def _may_be_chat(file: FoundFile, export_name: str) -> bool:
    base = file.name.rpartition("/")[2]
    hidden = file.name.startswith("__MACOSX/") or base.startswith(".")
    named = named_like_a_chat(base) or named_like_a_chat(export_name)
    return named and base.lower().endswith(".txt") and not hidden and file.size <= _LARGEST_CHAT


def _text(file: FoundFile) -> str:
    return decode_text(b"".join(file.pieces()))


def _title(export: FoundExport, chat: FoundFile) -> str:
    """iOS calls the text `_chat.txt` and names the zip; Android names both, and a download may rename the zip."""
    base = chat.name.rpartition("/")[2]
    return chat_title(export.source.name if base == "_chat.txt" else base)


def _summary(title: str, facts: ChatFacts) -> Summary:
    return Summary(title, facts.people, facts.messages, facts.media, facts.first, facts.last)
