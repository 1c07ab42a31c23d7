"""Where records begin: every line that has the shape of a header, and which of them are written in the chat's dialect."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from string import ascii_letters
from typing import Final, NamedTuple

from backupweb_client.reader.characters import normal_head, raw_index
from backupweb_client.reader.model import Frame

_MERIDIEM: Final = r"[AaPp]\.? ?[Mm]\.?|[صم]|午前|午後|오전|오후|上午|下午"
_AFTERNOON: Final = re.compile("[Pp]|م|午後|오후|下午")
_DATE: Final = r"(\d{1,4})([./-] ?)(\d{1,2})([./-] ?)(\d{1,4}|[A-Z]\d{1,2})(\.?(?: (?:BE|г\.))?)"
_TIME: Final = rf"(?:({_MERIDIEM}) ?)?(\d{{1,2}})([:.])(\d{{2}})(?:[:.](\d{{2}}))?(?: ?({_MERIDIEM}))?"
_JOINT: Final = r"(,? (?:à |klo |um |kl\. |at )?)"
_DATE_FIRST: Final = re.compile(rf"(\[?){_DATE}{_JOINT}{_TIME}(\] | [-–] |: )", re.ASCII)
_TIME_FIRST: Final = re.compile(rf"(\[?){_TIME}, {_DATE}(\] | [-–] |: )", re.ASCII)
_FRAMES: Final[dict[tuple[str, str], Frame]] = {
    ("[", "] "): "bracket",
    ("", " - "): "dash",
    ("", " – "): "dash",
    ("", ": "): "colon",
}
_NO_HEADER: Final = frozenset(("", *(letter for letter in ascii_letters if letter not in "AaPp")))
_FIRST_HEADERS: Final = 100


class Layout(NamedTuple):
    """What all headers of one file have in common; `suffix` stands behind the date, `meridiem` is its place."""

    frame: Frame
    time_first: bool
    year_first: bool
    separators: str
    suffix: str
    joint: str
    colon: str
    seconds: bool
    meridiem: str


class Header(NamedTuple):
    """`line` and `rest` are offsets into the text, `parts` the three parts of the date as they stand."""

    layout: Layout
    line: int
    rest: int
    parts: tuple[str, str, str]
    clock: str
    after_return: bool

    @property
    def date(self) -> str:
        """The date in normal form, as it can be shown to a person."""
        one, two, three = self.parts
        separator = self.layout.separators
        half = len(separator) // 2
        return f"{one}{separator[:half]}{two}{separator[half:]}{three}"


def find_headers(text: str) -> list[Header]:
    """Every line that looks like a header of any dialect."""
    return [header for start, end in _lines(text) if (header := _header(text, start, end)) is not None]


def of_one_dialect(headers: Sequence[Header]) -> list[Header]:
    """Those that are written as most of the first hundred are; what else looks like one belongs to a body."""
    if not headers:
        return []
    ((layout, _),) = Counter(header.layout for header in islice(headers, _FIRST_HEADERS)).most_common(1)
    return [header for header in headers if header.layout == layout]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield start, end
        start = end + 1
    yield start, len(text)


def _header(text: str, start: int, end: int) -> Header | None:
    if text[start : start + 1] in _NO_HEADER:
        return None
    line = text[start:end]
    head = normal_head(line)
    if match := _DATE_FIRST.match(head):
        opened, one, first, two, then, three, suffix, joint, before, hour, colon, minute, second, after, closed = (
            match.groups()
        )
    elif match := _TIME_FIRST.match(head):
        opened, before, hour, colon, minute, second, after, one, first, two, then, three, suffix, closed = (
            match.groups()
        )
        joint = ""
    else:
        return None
    frame = _FRAMES.get((opened, closed))
    clock = _clock(hour, minute, second, before or after)
    if frame is None or clock is None:
        return None
    place = "before" if before else "after" if after else ""
    layout = Layout(
        frame, not joint, len(one) > 2, first + then, suffix, joint, colon, second is not None, place
    )
    rest = start + raw_index(line, match.end())
    return Header(layout, start, rest, (one, two, three), clock, text.startswith("\r\n", start - 2))


@lru_cache(maxsize=4096)
def _clock(hour: str, minute: str, second: str | None, meridiem: str | None) -> str | None:
    """`HH:MM:SS` on a 24-hour clock, or null when no clock shows it."""
    hours = int(hour)
    if meridiem and hours <= 12:
        hours = hours % 12 + (12 if _AFTERNOON.match(meridiem) else 0)
    if hours > 23 or minute > "59" or (second or "") > "59":
        return None
    return f"{hours:02}:{minute}:{second or '00'}"
