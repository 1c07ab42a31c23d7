"""What one body says: a message, or one of the things that the app writes in the place of one."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from backupweb_client.reader import words
from backupweb_client.reader.attachments import Files, find_attachment
from backupweb_client.reader.characters import MARKS, SPACES, comparable, trim_end, trim_marks, without_invisible
from backupweb_client.reader.model import Attachment, MediaKind, Poll, PollOption, RecordKind

_LONGEST_SENTENCE: Final = 400
_LONGEST_EDITED: Final = 80
_LONGEST_PLACE: Final = 1000
_PLACE: Final = re.compile(rf"(?:([^\n]*?)[:：] ?)?(https://maps\.google\.com/[^{SPACES}]{{0,400}})")
_VENUE: Final = re.compile(rf"[^\n]{{0,199}}[:：] ?https://foursquare\.com/v/[^{SPACES}]{{0,400}}|"
                           rf"https://foursquare\.com/v/[^{SPACES}]{{0,400}}")  # fmt: skip
_VOTES: Final = re.compile(r"(.*) \((\d{1,9})[^()]{0,40}\)", re.ASCII | re.DOTALL)


class Body(NamedTuple):
    """`unsure`: marked as the app marks its own words, but no sentence of the app that is known."""

    kind: RecordKind
    text: str
    edited: bool = False
    attachment: Attachment | None = None
    omitted: MediaKind | None = None
    poll: Poll | None = None
    by_self: bool = False
    unsure: bool = False


def read_body(raw: str, files: Files, *, ios: bool) -> Body:
    """The body of a record that has a sender, without the end of its last line."""
    marks = len(raw) - len(raw.lstrip(MARKS)) if raw[:1] in MARKS else 0
    text, edited = _without_edited(raw)
    if ("<" in text or ")" in text or "）" in text) and (found := find_attachment(text, files)):
        return Body("message", trim_marks(found.text), edited, found.attachment)
    text = trim_marks(text)
    if not text.strip(SPACES):
        return Body("message" if ios or edited else "view-once", "", edited)
    return (
        _sentence(text, marks, ios=ios)
        or (_left_out_behind(text) if ios else None)
        or _poll(text, edited=edited)
        or (_place(text, marks) if "://" in text else None)
        or _notice(text, marks, ios=ios)
        or Body("message", text, edited, unsure=marks > 0)
    )


def read_notice(raw: str) -> Body:
    """The rest of a record without a sender: the app itself wrote it."""
    text = trim_marks(raw)
    if len(text) <= _LONGEST_SENTENCE and _is_call(comparable(text)):
        return Body("call", without_invisible(text))
    return Body("system", text)


def is_notice(text: str) -> bool:
    """Whether the app tells something about the chat. Only asked where the app is known to speak."""
    sentence = comparable(text[:_LONGEST_SENTENCE])
    return (
        sentence.startswith(words.ENCRYPTION_BEGINNINGS + words.NOTICE_BEGINNINGS)
        or words.NOTICE_PHRASES.search(sentence) is not None
    )


def _without_edited(body: str) -> tuple[str, bool]:
    if body[-1:] != ">" and ">" not in body[-4:]:
        return body, False
    end = trim_end(body)
    start = end.rfind("<", max(len(end) - _LONGEST_EDITED, 0))
    sentence = comparable(end[start:]) if start >= 0 else ""
    if not sentence.endswith(">") or sentence[1:-1].removesuffix(".") not in words.EDITED:
        return body, False
    return trim_end(end[:start]), True


def _sentence(text: str, marks: int, *, ios: bool) -> Body | None:
    """A whole sentence of the app, where somebody's words would stand."""
    if len(text) > _LONGEST_SENTENCE or (not marks and text[0] in SPACES):
        return None
    sentence = comparable(text)
    if sentence in words.DELETED or sentence.startswith(words.DELETED_BY_ADMIN):
        return Body("deleted", text, by_self=sentence in words.DELETED_BY_SELF or sentence.startswith("you deleted"))
    if body := _left_out(text, sentence, ios=ios):
        return body
    if _is_call(sentence) if marks else (not ios and sentence in words.CALL_BEGINNINGS):
        # Without a mark, a person may go on behind "Missed voice call".
        return Body("call", without_invisible(text))
    return Body("location", text) if sentence in words.LIVE_PLACES else None


def _left_out(text: str, sentence: str, *, ios: bool) -> Body | None:
    if sentence.startswith("<"):
        return _left_out_in_brackets(text)
    if sentence in words.WAITING:
        return Body("omitted", text)
    kind = words.KIND_LEFT_OUT.get(sentence) if ios else None
    if kind is None:
        return Body("view-once", "") if sentence in words.VIEW_ONCE else None
    return Body("omitted", "", omitted=kind)


def _left_out_in_brackets(text: str) -> Body | None:
    """`<Media omitted>`, and its caption in the next line."""
    first, _, caption = text.partition("\n")
    first, caption = comparable(first), trim_marks(caption)
    if not first.endswith(">"):
        return None
    sentence = first[1:-1]
    caption = caption if caption.strip(SPACES) else ""
    if sentence in words.LEFT_OUT:
        return Body("omitted", caption)
    if sentence in words.LEFT_OUT_NOTE:
        return Body("omitted", caption, omitted="video")
    return Body("view-once", caption) if sentence in words.LEFT_OUT_ONCE else None


def _left_out_behind(text: str) -> Body | None:
    """A document keeps its name in front of the mark, and a caption may stand there."""
    place = max(map(text.rfind, MARKS))
    if place <= 0 or len(text) - place > _LONGEST_SENTENCE:
        return None
    kind = words.KIND_LEFT_OUT.get(comparable(text[place:]))
    return Body("omitted", trim_end(text[:place]), omitted=kind) if kind else None


def _is_call(sentence: str) -> bool:
    return sentence in words.CALLS or sentence.startswith(words.CALL_BEGINNINGS)


def _poll(text: str, *, edited: bool) -> Body | None:
    """`POLL:`, the question, and a line for each option."""
    if (begin := words.POLL.match(text)) is None:
        return None
    lines = without_invisible(text[begin.end() :]).split("\n")
    first = next((number for number, line in enumerate(lines) if words.OPTION.match(line)), None)
    if first is None:
        return None
    question = "\n".join(lines[:first]).strip(SPACES)
    return Body("poll", question, edited, poll=Poll(question, tuple(_options(lines[first:]))))


def _options(lines: Sequence[str]) -> list[PollOption]:
    options: list[PollOption] = []
    for line in lines:
        if begin := words.OPTION.match(line):
            rest = line[begin.end() :]
            found = _VOTES.fullmatch(rest)
            options.append(PollOption(found[1], int(found[2])) if found else PollOption(rest, None))
        elif line.strip(SPACES):
            options.append(PollOption(line, None))
    return options


def _place(text: str, marks: int) -> Body | None:
    """`WORD: address`, a bare address, or `Name (town): address`; one within a sentence is a message."""
    if len(text) > _LONGEST_PLACE or "\n" in text:
        return None
    if found := _PLACE.fullmatch(text):
        known = found[1] is None or marks or comparable(found[1]) in words.PLACES
        return Body("location", found[2]) if known else None
    return Body("location", text) if _VENUE.fullmatch(text) else None


def _notice(text: str, marks: int, *, ios: bool) -> Body | None:
    if marks > 1 or (marks and is_notice(text)):
        return Body("system", text)
    if ios and text[0] not in SPACES and comparable(text[:_LONGEST_SENTENCE]).startswith(words.ENCRYPTION_BEGINNINGS):
        return Body("system", text)
    return None
