"""Where records begin: every line of the shape of a header, and which of them are written in the chat's dialect."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from string import ascii_letters
from typing import Final, NamedTuple

from backupweb_client.reader.characters import normal_head, raw_index
from backupweb_client.reader.model import Frame

_MERIDIEM: Final = (
    r"[AaPp]\.? ?[Mm]\.?|[صم]|午前|午後|오전|오후|凌晨|清晨|早上|上午|中午|下午|晚上|ÖÖ|ÖS|SA|CH|[πμ]\.? ?μ\.?"
)
_AFTERNOON: Final = re.compile("[Pp]|م|午後|오후|下午|晚上|ÖS|CH|μ")
_NOON: Final = "中午"
_DATE: Final = r"(\d{1,4})([./-]) ?(\d{1,2})\%d ?(\d{1,4}|[A-Z]\d{1,2})(\.?)(?: (BE|г\.))?"
_TIME: Final = rf"(?:({_MERIDIEM}) ?)?(\d{{1,2}})([:.])(\d{{2}})(?:[:.](\d{{2}}))?(?: ?({_MERIDIEM}))?"
_JOINT: Final = r"(,? (?:à |klo |um |kl\. |at |в |о |v |às |alle |om )?)"
_DATE_FIRST: Final = re.compile(rf"(\[?){_DATE % 3}{_JOINT}{_TIME}(\] | [-–] |: )", re.ASCII)
_TIME_FIRST: Final = re.compile(rf"(\[?){_TIME}, {_DATE % 9}(\] | [-–] |: )", re.ASCII)
_FRAMES: Final[dict[tuple[str, str], Frame]] = {
    ("[", "] "): "bracket",
    ("", " - "): "dash",
    ("", " – "): "dash",
    ("", ": "): "colon",
}
_NO_HEADER: Final = frozenset(("", *ascii_letters))
_FIRST_HEADERS: Final = 100


class Layout(NamedTuple):
    """What all headers of one file have in common; `dot` ends the date, `half` is the place of AM and PM."""

    frame: Frame
    time_first: bool
    year: tuple[str, int]
    separator: str
    dot: str
    joint: str
    colon: str
    seconds: bool
    half: str


class Header(NamedTuple):
    """`line` and `rest` are offsets into the text, `parts` the date as it stands, `suffix` what names its calendar."""

    layout: Layout
    line: int
    rest: int
    parts: tuple[str, str, str]
    suffix: str
    clock: str
    after_return: bool


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
        opened, one, separator, two, three, dot, suffix, joint, before, hour, colon, minute, second, after, closed = (
            match.groups()
        )
    elif match := _TIME_FIRST.match(head):
        opened, before, hour, colon, minute, second, after, one, separator, two, three, dot, suffix, closed = (
            match.groups()
        )
        joint = ""
    else:
        return None
    frame = _FRAMES.get((opened, closed))
    clock = _clock(hour, minute, second, before or after)
    year = _year(one, three)
    if frame is None or clock is None or year is None:
        return None
    half = "before" if before else "after" if after else ""
    layout = Layout(frame, not joint, year, separator, dot, joint, colon, second is not None, half)
    rest = start + raw_index(line, match.end())
    return Header(
        layout, start, rest, (one, two, three), suffix or "", clock, start > 1 and text.startswith("\r\n", start - 2)
    )


def _year(one: str, three: str) -> tuple[str, int] | None:
    """Where the year stands and how long it is, or null when neither end of the date is one."""
    if len(one) > 2:
        return ("first", len(one)) if len(three) <= 2 and three.isdigit() else None
    if three.isdigit():
        return ("last", len(three)) if len(three) in {2, 4} else None
    return ("era", 0)


@lru_cache(maxsize=4096)
def _clock(hour: str, minute: str, second: str | None, half: str | None) -> str | None:
    """`HH:MM:SS` on a clock from 0 to 23, or null when no clock shows it; some count midnight as 24."""
    hours = int(hour)
    if hours > 24 or minute > "59" or (second or "") > "60":
        return None
    if half == _NOON:
        hours += 12 if hours < 11 else 0
    elif half and hours <= 12:
        hours = hours % 12 + (12 if _AFTERNOON.match(half) else 0)
    return f"{hours % 24:02}:{minute}:{min(second or '00', '59')}"
