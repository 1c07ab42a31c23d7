"""A chat export, read: its text in, people and records out. Any text is read, and no character of it is lost."""

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, NamedTuple

from backupweb_client.reader.attachments import Files
from backupweb_client.reader.body import Body, is_notice, read_body, read_notice
from backupweb_client.reader.characters import SPACES, trim_marks, utf16_length
from backupweb_client.reader.dates import day_of, decide_order
from backupweb_client.reader.header import Header, find_headers, of_one_dialect
from backupweb_client.reader.model import ChatRecord, Conversation, DateOrder, Dialect, Raw
from backupweb_client.reader.names import find_chat_text
from backupweb_client.reader.people import People

_QUOTES: Final = (("“", "”"), ("«", "»"), ("「", "」"), ("『", "』"))
_GERMAN_QUOTES: Final = (("„", "“"),)
_QUOTE: Final = re.compile('["„“«「『]')
_SHORTEST_NOTICE: Final = 12
_LONGEST_SENDER: Final = 160
_GROUP: Final = 2  # others who speak; between two people, who only calls is one of them


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hundreds of thousands of small values are made, none in a circle: looking for circles takes half of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class _Told(NamedTuple):
    """A record before it is known who takes part; `start` is its place in the text."""

    start: int
    time: str
    sender: str | None
    body: Body


def parse_whatsapp(
    text: str, file_names: Sequence[str] = (), *, title: str = "", day_first: bool | None = None
) -> Conversation:
    """The chat of an export that holds files of these names; `day_first` answers what its dates leave open."""
    with _undisturbed():
        return _parse(text, file_names, title, day_first)


def _parse(text: str, file_names: Sequence[str], title: str, day_first: bool | None) -> Conversation:
    of_dialect = of_one_dialect(find_headers(text))
    decision = decide_order(of_dialect, day_first)
    dated = [header for header in of_dialect if day_of(header, decision.order) is not None]
    by_returns = _split_by_returns(text, dated)
    headers = [header for header in dated if not by_returns or header.after_return or header is dated[0]]
    files = Files(file_names)
    told = list(_read(text, headers, decision.order, files))
    people, records = _settled(text, told)
    attached = [record.attachment for record in records if record.attachment is not None]
    present = sum(attachment.file is not None for attachment in attached)
    return Conversation(
        title=title,
        people=people.names(),
        records=records,
        self=next((people.clean(each.sender) for each in told if each.body.by_self and each.sender), None),
        date_order="ask" if decision.ask else "decided",
        date_example=decision.example,
        media=present,
        media_missing=len(attached) - present,
        media_omitted=sum(record.kind == "omitted" for record in records),
        unused_files=files.unused(find_chat_text(file_names)),
        dialect=_dialect(headers, decision.order, by_returns=by_returns),
    )


def _split_by_returns(text: str, headers: Sequence[Header]) -> bool:
    """
    Phones of one maker end records, and nothing else, with both characters.

    After an editor that no longer holds: some line behind them is no header, or hardly any header stands behind them.
    """
    if not headers or headers[0].layout.frame != "bracket":
        return False
    behind = sum(header.after_return for header in headers)
    ends = text.count("\r\n") - text.endswith("\r\n")
    return behind > 0 and behind * 2 > len(headers) - 1 and ends == behind


def _dialect(headers: Sequence[Header], order: DateOrder, *, by_returns: bool) -> Dialect | None:
    if not headers:
        return None
    layout = headers[0].layout
    return Dialect(
        platform="android" if layout.frame == "dash" else "ios",
        frame=layout.frame,
        order=order,
        seconds=layout.seconds,
        twelve_hours=layout.half != "",
        split_by="crlf" if by_returns else "headers",
    )


def _read(text: str, headers: Sequence[Header], order: DateOrder, files: Files) -> Iterator[_Told]:
    """One record for each header, and one for what stands before the first; only blanks join the first."""
    first = headers[0].line if headers else len(text)
    before = trim_marks(text[:first].replace("\r\n", "\n").rstrip(SPACES))
    if first > 0 and (before or not headers):
        time = _time(headers[0], order) if headers else ""
        yield _Told(0, time, None, Body("system", before))
        start = first
    else:
        start = 0
    for number, header in enumerate(headers):
        end = headers[number + 1].line if number + 1 < len(headers) else len(text)
        ios = header.layout.frame != "dash"
        rest = _without_end(text[header.rest : end])
        sender, body = _sender(rest, ios=ios)
        read = read_notice(rest) if sender is None else read_body(body, files, ios=ios)
        yield _Told(start if number == 0 else header.line, _time(header, order), sender, read)


def _time(header: Header, order: DateOrder) -> str:
    return f"{day_of(header, order)}T{header.clock}"


def _without_end(text: str) -> str:
    text = text.removesuffix("\n").removesuffix("\r")
    return text.replace("\r\n", "\n") if "\r" in text else text


def _sender(rest: str, *, ios: bool) -> tuple[str | None, str]:
    """Who wrote it and what; nobody, if it is the app that speaks or the colon stands within a name that it quotes."""
    colon = rest.find(": ", 0, _LONGEST_SENDER + 2)
    line_end = rest.find("\n", 0, colon) if colon > 0 else 0
    if colon <= 0 or line_end >= 0:
        return None, rest
    sender, body = rest[:colon], rest[colon + 2 :]
    if not ios and (_is_told(sender) or _within_quotes(sender, body)):
        return None, rest
    return sender, body


@lru_cache(maxsize=1024)
def _is_told(sender: str) -> bool:
    return len(sender) > _SHORTEST_NOTICE and " " in sender and is_notice(sender)


def _within_quotes(before: str, after: str) -> bool:
    if not _QUOTE.search(before):
        return False
    if before.count('"') % 2 and '"' in after:
        return True
    return any(
        opening in before and before.rfind(opening) > before.rfind(closing) and closing in after
        for opening, closing in (_GERMAN_QUOTES if "„" in before else _QUOTES)
    )


def _settled(text: str, told: Sequence[_Told]) -> tuple[People, tuple[ChatRecord, ...]]:
    """In whose name only the app speaks is no person, but the title of a group: nobody tells what stands there."""
    people = People()
    speaking = {people.clean(each.sender) for each in told if each.sender is not None and _speaks(each.body)}
    records: list[ChatRecord] = []
    offset = 0
    for number, each in enumerate(told):
        end = told[number + 1].start if number + 1 < len(told) else len(text)
        length = utf16_length(text[each.start : end])
        body = each.body
        kind, sender = body.kind, None
        if each.sender is not None and kind != "system":
            name = people.clean(each.sender)
            if body.unsure and name not in speaking:
                kind = "system"
            elif kind != "call" or name in speaking or len(speaking) < _GROUP:
                sender = people.number(name)
        records.append(
            ChatRecord(
                number, kind, sender, each.time, body.text, body.edited, body.attachment, Raw(offset, length),
                body.omitted, body.poll,
            )
        )  # fmt: skip
        offset += length
    return people, tuple(records)


def _speaks(body: Body) -> bool:
    return body.kind not in {"system", "call"} and not body.unsure
