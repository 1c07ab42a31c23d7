"""The recovery code: 64 decimal digits in 16 groups that check themselves and their place (format.md §3).

group n       three random digits ‖ check digit
check digit   Damm over  tens of n ‖ three random digits ‖ ones of n
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from backupweb_client.primitives import Random

GROUPS: Final = 16
GROUP_DIGITS: Final = 4
CODE_DIGITS: Final = GROUPS * GROUP_DIGITS

# The totally anti-symmetric quasigroup of order 10 in H. M. Damm's thesis (2004).
_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_OTHER_DASHES_AND_DOTS: Final = ".·•‧∙⋅․。−"


@dataclass(frozen=True)
class RecoveryCode:
    """A code whose every group fits its place. It has no string form."""

    digits: str = field(repr=False)

    @property
    def random_digits(self) -> str:
        """The 48 digits that carry the secret, in order."""
        return "".join(group[:3] for group in _groups(self.digits))

    def spelled(self) -> str:
        """Sixteen groups of four with spaces between: how a person reads it."""
        return " ".join(_groups(self.digits))


@dataclass(frozen=True)
class CodeFindings:
    """What is wrong with a typed code; groups are numbered from 1."""

    digits: int
    """How many digits were typed, of 64."""
    typos: tuple[int, ...] = ()
    swapped: tuple[tuple[int, int], ...] = ()
    foreign: bool = False
    """Something that is neither digit nor separator was typed."""


def damm(digits: Iterable[int]) -> int:
    """The digit that brings Damm's algorithm back to 0, start value 0."""
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][digit])
    return interim


def check_digit(number: int, random_digits: str) -> str:
    """The fourth digit of group `number` (1 to 16)."""
    return str(damm([number // 10, *map(int, random_digits), number % 10]))


def make_recovery_code(random: Random) -> RecoveryCode:
    numbers = _below_1000(random)
    groups = [f"{next(numbers):03}" for _ in range(GROUPS)]
    return RecoveryCode("".join(group + check_digit(number, group) for number, group in enumerate(groups, 1)))


def read_recovery_code(typed: str) -> RecoveryCode | CodeFindings:
    """A complete and fitting code, or what is wrong with it. Nothing typed is repeated."""
    digits, foreign = _digits(typed)
    groups = [digits[at : at + GROUP_DIGITS] for at in range(0, min(len(digits), CODE_DIGITS), GROUP_DIGITS)]
    wrong = [n for n, group in enumerate(groups, 1) if len(group) == GROUP_DIGITS and not _fits(n, group)]
    if not wrong and not foreign and len(digits) == CODE_DIGITS:
        return RecoveryCode(digits)
    swapped = _swapped(wrong, groups)
    mentioned = {number for pair in swapped for number in pair}
    typos = tuple(number for number in wrong if number not in mentioned)
    return CodeFindings(digits=len(digits), typos=typos, swapped=swapped, foreign=foreign)


def describe(findings: CodeFindings) -> str:
    """The findings as sentences for a person."""
    sentences = [f"Groups {one} and {other} are swapped." for one, other in findings.swapped]
    sentences += [f"Group {number} has a typo." for number in findings.typos]
    if findings.digits != CODE_DIGITS:
        sentences.append(f"The code has {CODE_DIGITS} digits, {findings.digits} were typed.")
    if findings.foreign:
        sentences.append("Only digits, spaces, dashes and dots belong in it.")
    return " ".join(sentences)


def _swapped(wrong: list[int], groups: list[str]) -> tuple[tuple[int, int], ...]:
    """Pairs of wrong groups that fit in each other's place, and in no other wrong group's."""
    fits = {
        one: [other for other in wrong if _fits(other, groups[one - 1]) and _fits(one, groups[other - 1])]
        for one in wrong
    }
    return tuple(
        (one, others[0])
        for one, others in fits.items()
        if len(others) == 1 and fits[others[0]] == [one] and one < others[0]
    )


def _fits(number: int, group: str) -> bool:
    return check_digit(number, group[:3]) == group[3]


def _digits(typed: str) -> tuple[str, bool]:
    found: list[str] = []
    foreign = False
    for character in typed:
        category = unicodedata.category(character)
        if category == "Nd":
            found.append(str(unicodedata.decimal(character)))
        elif not (character.isspace() or category in {"Pd", "Cf"} or character in _OTHER_DASHES_AND_DOTS):
            foreign = True
    return "".join(found), foreign


def _groups(digits: str) -> list[str]:
    return [digits[at : at + GROUP_DIGITS] for at in range(0, len(digits), GROUP_DIGITS)]


def _below_1000(random: Random) -> Iterator[int]:
    """Evenly spread numbers below 1,000: two random bytes modulo 1,000, those from 65,000 on thrown away."""
    while True:
        number = int.from_bytes(random(2), "big")
        if number < 65_000:
            yield number % 1_000
