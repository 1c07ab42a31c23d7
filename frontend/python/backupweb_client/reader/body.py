"""What one body says: a message, or one of the things that the app writes in the place of one."""

import re
from typing import Final, NamedTuple

from backupweb_client.reader import words
from backupweb_client.reader.attachments import Files, find_attachment
from backupweb_client.reader.characters import MARKS, SPACES, comparable, trim_marks, without_invisible
from backupweb_client.reader.model import Attachment, MediaKind, Poll, PollOption, RecordKind

_LONGEST_SENTENCE: Final = 120
_EDITED: Final = re.compile(r"<([^<>\n]{4,60})>$")
_MARK: Final = re.compile(f"[{MARKS}]+")
_PLACE: Final = re.compile(r"([^:：\n]{1,40}): (https?://(?:maps\.google\.\w+|www\.google\.\w+/maps)[/?]\S*)")
_VENUE: Final = re.compile(r"[^\n]{1,200}: https?://(?:www\.)?foursquare\.com/v/\S+")
_OPTION: Final = "OPTION: "
_VOTES: Final = re.compile(r"(.*) \((\d{1,9}) [^()\d]+\)", re.ASCII | re.DOTALL)


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
    text = trim_marks(raw)
    if not text.strip(SPACES):
        return Body("view-once", "")
    marks = len(raw) - len(raw.lstrip(MARKS)) if raw[0] in MARKS else 0
    text, edited = _without_edited(text)
    if ("<" in text or "(" in text) and (named := find_attachment(text, files)):
        return Body("message", named.text, edited, named.attachment)
    return (
        (_left_out(text, marks, ios=ios) if "<" in text or ios else None)
        or _sentence(text, marks)
        or (_poll(text) if _OPTION in text else None)
        or (_place(text, marks) if "://" in text else None)
        or Body("message", text, edited, unsure=marks > 0)
    )


def read_notice(raw: str) -> Body:
    """The rest of a record without a sender: the app itself wrote it."""
    text = without_invisible(raw).strip(SPACES)
    return Body("call" if words.CALLS.match(comparable(text)) else "system", text)


def is_notice(text: str) -> bool:
    """Whether it begins as a known sentence does in which the app tells something about the chat."""
    return words.NOTICES.match(comparable(text[: 2 * _LONGEST_SENTENCE])) is not None


def _without_edited(text: str) -> tuple[str, bool]:
    if text.endswith(">") and (found := _EDITED.search(text)) and comparable(found[1]) in words.EDITED:
        return text[: found.start()].rstrip(SPACES + MARKS), True
    return text, False


def _left_out(text: str, marks: int, *, ios: bool) -> Body | None:
    first, _, caption = text.partition("\n")
    if first.startswith("<"):
        sentence = comparable(first).removeprefix("<").removesuffix(">")
        sentence = comparable(sentence)
        if sentence in words.LEFT_OUT:
            return Body("omitted", caption)
        if sentence in words.LEFT_OUT_NOTE:
            return Body("omitted", caption, omitted="video")
        if sentence in words.LEFT_OUT_ONCE:
            return Body("view-once", caption)
    if not ios:
        return None
    if marks and (kind := words.KIND_LEFT_OUT.get(comparable(text[:_LONGEST_SENTENCE]))):
        return Body("omitted", "", omitted=kind)
    last = None
    for last in _MARK.finditer(text):
        pass
    if last and (kind := words.KIND_LEFT_OUT.get(comparable(text[last.end() :][:_LONGEST_SENTENCE]))):
        return Body("omitted", text[: last.start()].rstrip(SPACES + MARKS), omitted=kind)
    return None


def _sentence(text: str, marks: int) -> Body | None:
    """Deleted, waited for, called, or a notice that the app tells in somebody's name."""
    if len(text) <= _LONGEST_SENTENCE:
        sentence = comparable(text)
        if sentence in words.DELETED:
            return Body("deleted", text, by_self=sentence in words.DELETED_BY_SELF)
        if sentence in words.LIVE_PLACES:
            return Body("location", text)
        if sentence.startswith(words.WAITING):
            return Body("omitted", text)
    if marks and (marks > 1 or is_notice(text)):
        return Body("system", without_invisible(text).strip(SPACES))
    if marks and words.CALLS.match(comparable(text[:_LONGEST_SENTENCE])):
        return Body("call", without_invisible(text).strip(SPACES))
    return None


def _poll(text: str) -> Body | None:
    """`POLL:`, the question, and a line for each option; options may run over several lines."""
    head, _, rest = text.partition("\n")
    if comparable(head).removesuffix(":") not in words.POLLS or not head.rstrip(SPACES).endswith(":"):
        return None
    question: list[str] = []
    options: list[list[str]] = []
    for line in rest.split("\n"):
        plain = trim_marks(line)
        if plain.startswith(_OPTION):
            options.append([plain.removeprefix(_OPTION)])
        else:
            (options[-1] if options else question).append(plain)
    if not options:
        return None
    asked = "\n".join(question)
    return Body("poll", asked, poll=Poll(asked, tuple(_option("\n".join(lines)) for lines in options)))


def _option(text: str) -> PollOption:
    text = text.rstrip(SPACES + MARKS)
    found = _VOTES.fullmatch(text)
    return PollOption(found[1], int(found[2])) if found else PollOption(text, None)


def _place(text: str, marks: int) -> Body | None:
    if found := _PLACE.fullmatch(text):
        return Body("location", found[2]) if marks or comparable(found[1]) in words.PLACES else None
    return Body("location", text) if _VENUE.fullmatch(text) else None
