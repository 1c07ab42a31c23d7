"""Day or month first? Decided by the whole chat, never guessed; and what a date means in calendars other than ours."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from backupweb_client.reader.header import Header
from backupweb_client.reader.model import DateExample, DateOrder

_BUDDHIST: Final = 543
_BUDDHIST_ONLY: Final = range(2400, 2700)  # nobody exports a chat from then, except where it is now
_YEARS: Final = range(1900, 2400)
_ERAS: Final = {"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FAR_MORE: Final = 4
_ENOUGH_CHANGES: Final = 3

Numbers = tuple[int, int, int]  # of the date as it stands, the year last


class Decision(NamedTuple):
    """`example` is a date that has two readings; it has to be asked for if `ask`."""

    order: DateOrder
    ask: bool
    example: DateExample | None


def decide_order(headers: Sequence[Header], day_first: bool | None) -> Decision:
    """The order in which dates are written; where they leave it open, the answer that was given, else the day first."""
    if not headers:
        return Decision("dmy", ask=False, example=None)
    if headers[0].layout.year[0] == "first":
        return Decision("ymd", ask=False, example=None)
    dates = [next(same) for _, same in groupby(headers, key=lambda header: header.parts)]
    if order := _evident(dates):
        return Decision(order, ask=False, example=None)
    example = next((example for each in dates if (example := _example(each))), None)
    return Decision("mdy" if day_first is False else "dmy", day_first is None and example is not None, example)


def day_of(header: Header, order: DateOrder) -> str | None:
    """`YYYY-MM-DD`, or null when there is no such day."""
    return _day(header.parts, header.suffix, order)


@lru_cache(maxsize=4096)
def _day(parts: tuple[str, str, str], suffix: str, order: DateOrder) -> str | None:
    one, two, three = parts
    match order:
        case "ymd":
            written, month, day = one, int(two), int(three)
        case "dmy":
            day, month, written = int(one), int(two), three
        case "mdy":
            month, day, written = int(one), int(two), three
    year = _year(written, suffix)
    if year not in _YEARS or not 1 <= month <= 12:
        return None
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= _DAYS[month - 1] + leap else None


def _year(written: str, suffix: str) -> int:
    if not written.isdigit():
        before = _ERAS.get(written[0])
        return 0 if before is None else before + int(written[1:])
    year = int(written)
    if suffix == "BE":
        return (2500 + year if len(written) <= 2 else year) - _BUDDHIST
    if len(written) <= 2:
        return 2000 + year
    return year - _BUDDHIST if year in _BUDDHIST_ONLY else year


def _evident(dates: Sequence[Header]) -> DateOrder | None:
    """A part that is no month, dots, the reading that does not run backwards, the part that changes more often."""
    numbers = [_numbers(header) for header in dates]
    if first_is_day := sum(first > 12 >= second for first, second, _ in numbers) - sum(
        second > 12 >= first for first, second, _ in numbers
    ):
        return "dmy" if first_is_day > 0 else "mdy"
    if dates[0].layout.separator == ".":
        return "dmy"
    day_first = _backwards((year, second, first) for first, second, year in numbers)
    month_first = _backwards((year, first, second) for first, second, year in numbers)
    firsts = sum(one[0] != two[0] for one, two in pairwise(numbers))
    seconds = sum(one[1] != two[1] for one, two in pairwise(numbers))
    if _far_more(month_first, day_first, 1):
        return "dmy"
    if _far_more(day_first, month_first, 1):
        return "mdy"
    if _far_more(firsts, seconds, _ENOUGH_CHANGES):
        return "dmy"
    return "mdy" if _far_more(seconds, firsts, _ENOUGH_CHANGES) else None


def _far_more(more: int, less: int, at_least: int) -> bool:
    """Dates of an honest chat run backwards now and then: a journey, a clock that was wrong."""
    return more >= at_least and more > _FAR_MORE * less


def _numbers(header: Header) -> Numbers:
    one, two, three = header.parts
    return int(one), int(two), _year(three, header.suffix)


def _backwards(days: Iterable[Numbers]) -> int:
    # By day: within a day, clocks are set and system lines stand out of order.
    return sum(later < earlier for earlier, later in pairwise(days))


def _example(header: Header) -> DateExample | None:
    day_first, month_first = day_of(header, "dmy"), day_of(header, "mdy")
    if day_first is None or month_first is None or day_first == month_first:
        return None
    return DateExample(header.layout.separator.join(header.parts), day_first, month_first)
