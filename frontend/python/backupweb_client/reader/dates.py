"""Day or month first? Decided by the whole chat, never guessed; and what a date means in calendars other than ours."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from backupweb_client.reader.header import Header
from backupweb_client.reader.model import DateExample, DateOrder

_BUDDHIST: Final = 543
_ERAS: Final = {"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CLEARLY_MORE: Final = 3  # different values: a night between two messages at the turn of a month proves nothing


class Decision(NamedTuple):
    """`example` is a date that has two readings, if the order has to be asked."""

    order: DateOrder
    example: DateExample | None


def decide_order(headers: Sequence[Header], day_first: bool | None) -> Decision:
    """The order in which dates are written; where they leave it open, the answer that was given, else the day first."""
    if not headers:
        return Decision("dmy", None)
    dates = list({(header.parts, header.layout.suffix): header for header in headers}.values())
    order = _evident(dates) or _by_course(headers, dates)
    if order is not None:
        return Decision(order, None)
    if day_first is not None:
        return Decision("dmy" if day_first else "mdy", None)
    example = next((each for each in dates if day_of(each, "dmy") != day_of(each, "mdy")), None)
    return Decision("dmy", example and _as_example(example))


def day_of(header: Header, order: DateOrder) -> str | None:
    """`YYYY-MM-DD`, or null when there is no such day."""
    return _day(header.parts, header.layout.suffix, order)


@lru_cache(maxsize=4096)
def _day(parts: tuple[str, str, str], suffix: str, order: DateOrder) -> str | None:
    one, two, three = parts
    match order:
        case "ymd":
            year, month, day = one, two, three
        case "dmy":
            day, month, year = one, two, three
        case "mdy":
            month, day, year = one, two, three
    full = _full_year(year, suffix)
    if full is None or not day.isdigit() or not 1 <= int(month) <= 12:
        return None
    leap = full % 4 == 0 and (full % 100 != 0 or full % 400 == 0)
    last = 29 if leap and int(month) == 2 else _DAYS[int(month) - 1]
    return f"{full}-{int(month):02}-{int(day):02}" if 1 <= int(day) <= last else None


def _full_year(year: str, suffix: str) -> int | None:
    if not year.isdigit():
        before = _ERAS.get(year[0])
        return None if before is None else before + int(year[1:])
    full = int(year) if len(year) > 2 else (2500 if "BE" in suffix else 2000) + int(year)
    if "BE" in suffix:
        full -= _BUDDHIST
    return full if 1000 <= full <= 9999 else None


def _evident(dates: Sequence[Header]) -> DateOrder | None:
    """What a single date shows: a year in front, a part that is no month, dots."""
    if dates[0].layout.year_first:
        return "ymd"
    # A number above 12 counts where the date exists; a false header must not turn the whole chat round.
    if day_first := sum(int(each.parts[0]) > 12 and day_of(each, "dmy") is not None for each in dates):
        return "dmy" if day_first >= _month_first(dates) else "mdy"
    if _month_first(dates):
        return "mdy"
    return "dmy" if "." in dates[0].layout.separators else None


def _month_first(dates: Sequence[Header]) -> int:
    return sum(int(each.parts[1]) > 12 and day_of(each, "mdy") is not None for each in dates)


def _by_course(headers: Sequence[Header], dates: Sequence[Header]) -> DateOrder | None:
    """The reading under which dates do not run backwards; else the part that changes more often is the day."""
    backwards = _runs_backwards(headers, "dmy")
    if backwards != _runs_backwards(headers, "mdy"):
        return "mdy" if backwards else "dmy"
    if all(day_of(each, "dmy") == day_of(each, "mdy") for each in dates):
        return "dmy"
    firsts = len({int(each.parts[0]) for each in dates})
    seconds = len({int(each.parts[1]) for each in dates})
    if abs(firsts - seconds) < _CLEARLY_MORE:
        return None
    return "dmy" if firsts > seconds else "mdy"


def _runs_backwards(headers: Sequence[Header], order: DateOrder) -> bool:
    # By day: within a day, clocks are set and system lines stand out of order.
    days = [day for header in headers if (day := day_of(header, order)) is not None]
    return any(later < earlier for earlier, later in pairwise(days))


def _as_example(header: Header) -> DateExample | None:
    day_first, month_first = day_of(header, "dmy"), day_of(header, "mdy")
    return None if day_first is None or month_first is None else DateExample(header.date, day_first, month_first)
