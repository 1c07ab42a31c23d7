"""`show`: prints the chat of an export on this disk, for eyes or, as JSON, for programs. It needs no library."""

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from backupweb_client.errors import ClientError
from backupweb_client.exports.chat import decode_text
from backupweb_client.exports.found import FoundExport, FoundFile, UnreadableZipError, looks_like_zip, open_export
from backupweb_client.prompts import Terminal
from backupweb_client.reader.model import ChatRecord, Conversation, DateOrder, as_json
from backupweb_client.reader.names import find_chat_text, title_from_names
from backupweb_client.reader.parse import parse_whatsapp
from backupweb_client.reader.recognise import recognise_whatsapp

_LARGEST_CHAT: Final = 256 * 1024 * 1024  # bytes that are read into memory at once
_STEERING: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_JOINERS: Final = "\u200c\u200d"  # emoji and some scripts are made with them
_INDENT: Final = "\n    "


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export", type=Path, help="zip of an export, or its text")
    parser.add_argument("--json", action="store_true", help="one JSON object: people, records, and how they were read")


def run(chosen: argparse.Namespace, order: DateOrder | None, terminal: Terminal) -> None:
    chat = read_export(chosen.export, order)
    if chat.date_order == "ask" and chat.date_example:
        terminal.tell(
            f"Is {chat.date_example.raw} {chat.date_example.day_first} or {chat.date_example.month_first}? Shown with "
            "the day first; --dates month-first shows it the other way."
        )
    try:
        # ASCII: what would steer a terminal is written as an escape.
        for line in [json.dumps(as_json(chat))] if chosen.json else _lines(chat):
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_export(path: Path, order: DateOrder | None = None) -> Conversation:
    """The chat of a zip or of a bare text."""
    try:
        with open_export(path, as_zip=looks_like_zip(path)) as export:
            return _read(export, order)
    except UnreadableZipError as error:
        raise ClientError(f"{path.name} cannot be opened completely.", "Export the chat once more.") from error


def _read(export: FoundExport, order: DateOrder | None) -> Conversation:
    names = [file.name for file in export.files]
    file = _chat_file(export, names)
    text = "" if file is None else decode_text(b"".join(file.pieces()))
    if file is None or not recognise_whatsapp(text, names):
        raise ClientError(f"{export.source.name} holds no chat of WhatsApp.", "Name the zip or the text of an export.")
    title = title_from_names(export.source.name, file.name)
    return parse_whatsapp(text, names, title=title, day_first=None if order is None else order == "dmy")


def _chat_file(export: FoundExport, names: list[str]) -> FoundFile | None:
    name = find_chat_text(names)
    # Of two entries of one name, the last one counts.
    file = next((each for each in reversed(export.files) if each.name == name), None)
    return file if file is not None and file.size <= _LARGEST_CHAT else None


def _lines(chat: Conversation) -> Iterator[str]:
    span = f", {chat.records[0].time[:10]} – {chat.records[-1].time[:10]}"
    yield _plain(f"{chat.title}: {len(chat.people):,} people, {len(chat.records):,} records{span}")
    for record in chat.records:
        who = "—" if record.sender is None else f"{_plain(chat.people[record.sender])}:"
        said = _INDENT.join(_plain(line) for line in _said(record).split("\n"))
        yield f"{record.time[:10]} {record.time[11:]} {who} {said}".rstrip()


def _said(record: ChatRecord) -> str:
    marks: list[str] = []
    if record.attachment is not None:
        there = "" if record.attachment.file is not None else ", missing"
        marks.append(f"[{record.attachment.kind}: {record.attachment.name}{there}]")
    if record.kind == "omitted":
        marks.append(f"[{record.omitted or 'left out'}{', left out' if record.omitted else ''}]")
    if record.kind in {"view-once", "location"}:
        marks.append(f"[{record.kind}]")
    words = [record.text] if record.text else []
    edited = ["[edited]"] if record.edited else []
    options = [
        f"\n- {option.text}" + (f" ({option.votes})" if option.votes is not None else "")
        for option in (record.poll.options if record.poll else ())
    ]
    return " ".join([*marks, *words, *edited]) + "".join(options)


def _plain(text: str) -> str:
    """Without what would steer a terminal or turn the words behind it round."""
    return "".join(
        each if each.isprintable() or each in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for each in _STEERING.sub("", text)
    )
