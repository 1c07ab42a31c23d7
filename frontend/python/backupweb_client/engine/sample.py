"""How much is read back, and what that says about the rest; what the head remembers of it (format.md §7)."""

import math
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

CHECKED: Final = "checked"
_NOTICED_LOSS: Final = Fraction(1, 100)
_MISSED_AT_MOST: Final = Fraction(1, 100)
_SPELLING: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (0|[1-9]\d{0,9})/([1-9]\d{0,9})", re.ASCII)
Item = TypeVar("Item")


def chance_to_miss(pieces: int, read: int, lost: int) -> Fraction:
    """How likely a sample of `read` pieces holds none of the `lost` ones."""
    return Fraction(math.comb(pieces - lost, read), math.comb(pieces, read))


def loss_of(pieces: int) -> int:
    """How many pieces count as one in a hundred: at least one."""
    return max(1, math.ceil(pieces * _NOTICED_LOSS))


def sample_size(pieces: int) -> int:
    """The smallest sample that misses a loss of one piece in a hundred once in a hundred times at most."""
    missed, lost = Fraction(1), loss_of(pieces)
    for read in range(pieces):
        if missed <= _MISSED_AT_MOST:
            return read
        # The next piece is none of the lost ones either.
        missed *= Fraction(max(0, pieces - lost - read), pieces - read)
    return pieces


def choose(items: Sequence[Item], count: int) -> list[Item]:
    """A fair choice, which nobody can foresee, in the order of the items."""
    chosen = secrets.SystemRandom().sample(range(len(items)), min(count, len(items)))
    return [items[at] for at in sorted(chosen)]


@dataclass(frozen=True)
class LastCheck:
    """The last check of everything that found nothing wrong; `at` in UTC."""

    at: str
    opened: int
    pieces: int

    def written(self) -> str:
        return f"{self.at} {self.opened}/{self.pieces}"


def last_check(text: str | None) -> LastCheck | None:
    """None: none was noted, or not in a way that is understood."""
    found = _SPELLING.fullmatch(text or "")
    if found is None or int(found[2]) > int(found[3]):
        return None
    return LastCheck(found[1], int(found[2]), int(found[3]))
