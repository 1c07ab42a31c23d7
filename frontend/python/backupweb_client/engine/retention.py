"""
Which exports of a chat a rule keeps, and what would go with the others (format.md §7).

It proposes, and deletes nothing. Beyond the rule stays whatever holds something that no staying export holds.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

_SPELLING: Final = re.compile(r"last=([1-9]\d{0,2}) months=(0|[1-9]\d{0,2}) years=(0|[1-9]\d{0,2})", re.ASCII)
MOST_KEPT: Final = 999


@dataclass(frozen=True)
class KeepAll:
    pass


@dataclass(frozen=True)
class KeepSome:
    """The newest `last`, the newest of each of `months` months, the newest of each of `years` years."""

    last: int
    months: int
    years: int


Rule = KeepAll | KeepSome


@dataclass(frozen=True)
class Newest:
    pass


@dataclass(frozen=True)
class AmongLast:
    place: int


@dataclass(frozen=True)
class LastOfMonth:
    """`YYYY-MM`"""

    month: str


@dataclass(frozen=True)
class LastOfYear:
    year: str


@dataclass(frozen=True)
class OnlyHere:
    """How much is here and in no other export; `notices` are what the app itself wrote."""

    messages: int = 0
    notices: int = 0
    files: int = 0

    def __bool__(self) -> bool:
        return (self.messages, self.notices, self.files) != (0, 0, 0)


Reason = KeepAll | Newest | AmongLast | LastOfMonth | LastOfYear | OnlyHere


@dataclass(frozen=True)
class HeldImport:
    """Equal elements are equal content. `last` is the wall-clock time of its last message."""

    identity: str
    added: str
    last: str | None
    messages: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def elements(self) -> list[tuple[str, str]]:
        kinds = (("messages", self.messages), ("notices", self.notices), ("files", self.files))
        return [(kind, element) for kind, elements in kinds for element in elements]


@dataclass(frozen=True)
class Verdict:
    """Why it stays; without a reason it is proposed to go."""

    identity: str
    reasons: tuple[Reason, ...]


def read_rule(text: str | None) -> Rule:
    """What is not understood keeps everything: a newer client may have written it."""
    found = _SPELLING.fullmatch(text or "")
    return KeepSome(*(int(number) for number in found.groups())) if found else KeepAll()


def spell_rule(rule: Rule) -> str:
    match rule:
        case KeepAll():
            return "all"
        case KeepSome(last, months, years):
            spelled = f"last={last} months={months} years={years}"
            if not _SPELLING.fullmatch(spelled):
                raise ValueError("a rule keeps at least one export, and whole numbers up to 999")
            return spelled


def in_order(imports: Sequence[HeldImport], zone: tzinfo | None) -> list[HeldImport]:
    """Newest first."""
    return sorted(imports, key=lambda each: (_moment(each, zone), each.added, each.identity), reverse=True)


def kept_by_rule(imports: Sequence[HeldImport], rule: Rule, zone: tzinfo | None) -> dict[str, tuple[Reason, ...]]:
    kept: dict[str, tuple[Reason, ...]] = {}
    months: set[str] = set()
    years: set[str] = set()
    for index, each in enumerate(in_order(imports, zone)):
        moment = _moment(each, zone)
        month, year = moment[:7], moment[:4]
        reasons: list[Reason] = [Newest()] if index == 0 else []
        match rule:
            case KeepAll():
                reasons.append(rule)
            case KeepSome():
                if 0 < index < rule.last:
                    reasons.append(AmongLast(index + 1))
                if len(months) < rule.months and month not in months:
                    reasons.append(LastOfMonth(month))
                if len(years) < rule.years and year not in years:
                    reasons.append(LastOfYear(year))
        months.add(month)
        years.add(year)
        if reasons:
            kept[each.identity] = tuple(reasons)
    return kept


def propose(imports: Sequence[HeldImport], rule: Rule, zone: tzinfo | None = None) -> list[Verdict]:
    """Newest first. Oldest first, those the rule does not keep go if all they hold stays elsewhere."""
    order = in_order(imports, zone)
    kept = kept_by_rule(imports, rule, zone)
    holders = Counter(element for each in order for element in each.elements())
    beyond: list[HeldImport] = []
    for each in reversed(order):
        if each.identity in kept:
            continue
        elements = each.elements()
        if all(holders[element] > 1 for element in elements):
            holders.subtract(elements)
        else:
            beyond.append(each)
    for each in beyond:
        alone = Counter(kind for kind, element in each.elements() if holders[kind, element] == 1)
        kept[each.identity] = (OnlyHere(**alone),)
    return [Verdict(each.identity, kept.get(each.identity, ())) for each in order]


def lost_with(imports: Sequence[HeldImport], goes: AbstractSet[str]) -> OnlyHere:
    """What nothing would hold any more if these went."""
    held = {element for each in imports if each.identity not in goes for element in each.elements()}
    gone = {element for each in imports if each.identity in goes for element in each.elements()}
    return OnlyHere(**Counter(kind for kind, _ in gone - held))


def freed_by(stored: Mapping[str, Mapping[str, int]], goes: AbstractSet[str]) -> int:
    """Sealed bytes of objects that no staying import of the whole library needs; `stored`: import → object → size."""
    needed = {name for identity, objects in stored.items() if identity not in goes for name in objects}
    freed = {name: size for identity in goes for name, size in stored.get(identity, {}).items()}
    return sum(size for name, size in freed.items() if name not in needed)


def _moment(one: HeldImport, zone: tzinfo | None) -> str:
    """A wall-clock time in the person's zone, null meaning this machine's; a chat's own times are that already."""
    if one.last is not None:
        return one.last
    return datetime.fromisoformat(one.added).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
