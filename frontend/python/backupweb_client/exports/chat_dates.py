"""Day or month first? Decided by the whole chat, never guessed: three numbers and a separator per header."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

DateOrder = Literal["dmy", "mdy", "ymd"]
_CLEARLY_MORE = 3  # different values: a night between two messages at the turn of a month proves nothing


@dataclass(frozen=True)
class Stamp:
    """Date parts as they stand in the header, and the time on a 24-hour clock."""

    parts: tuple[str, str, str]
    separator: str
    hour: int
    minute: int
    second: int

    def wall_clock(self, order: DateOrder) -> str | None:
        """`YYYY-MM-DDTHH:MM:SS`, or null when there is no such moment."""
        one, two, three = self.parts
        match order:
            case "ymd":
                year, month, day = one, two, three
            case "dmy":
                day, month, year = one, two, three
            case "mdy":
                month, day, year = one, two, three
        full = int(year) if len(year) > 2 else 2000 + int(year)
        try:
            moment = datetime(full, int(month), int(day), self.hour, self.minute, self.second)  # noqa: DTZ001
        except ValueError:
            return None
        return moment.strftime("%Y-%m-%dT%H:%M:%S") if full >= 1000 else None


def decide_order(stamps: Sequence[Stamp]) -> DateOrder | None:
    """The order in which the dates of a chat are written, or null when it has to be asked."""
    if not stamps:
        return None
    if any(len(stamp.parts[0]) > 2 for stamp in stamps):
        return "ymd"
    firsts = {int(stamp.parts[0]) for stamp in stamps}
    seconds = {int(stamp.parts[1]) for stamp in stamps}
    if max(firsts) > 12 or (stamps[0].separator == "." and max(seconds) <= 12):
        return "dmy"
    if max(seconds) > 12:
        return "mdy"
    return _by_course(stamps, len(firsts), len(seconds))


def _by_course(stamps: Sequence[Stamp], firsts: int, seconds: int) -> DateOrder | None:
    """The reading under which dates do not run backwards; else the part that changes more often is the day."""
    day_first_backwards = _runs_backwards(stamps, "dmy")
    if day_first_backwards != _runs_backwards(stamps, "mdy"):
        return "mdy" if day_first_backwards else "dmy"
    if abs(firsts - seconds) < _CLEARLY_MORE:
        return None
    return "dmy" if firsts > seconds else "mdy"


def _runs_backwards(stamps: Sequence[Stamp], order: DateOrder) -> bool:
    # By day: within a day, clocks are set and system lines stand out of order.
    days = [clock[:10] for stamp in stamps if (clock := stamp.wall_clock(order)) is not None]
    return any(later < earlier for earlier, later in pairwise(days))
