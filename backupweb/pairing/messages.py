"""What two devices may say: ways, phases, who writes which in which size, never contents (docs/pairing.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backupweb.lib.wire import Bytes, Wire

Way = Literal["picture", "code"]
PhaseName = Literal["public-key", "key", "ke1", "ke2", "ke3", "done"]
Side = Literal["opener", "joiner"]


@dataclass(frozen=True)
class Phase:
    """One letter of a pairing."""

    name: PhaseName
    writer: Side
    size: int


# In the order in which they are written.
PHASES: dict[Way, tuple[Phase, ...]] = {
    "picture": (
        Phase("public-key", "opener", 1216),
        Phase("key", "joiner", 1188),
        Phase("done", "opener", 1),
    ),
    "code": (
        Phase("ke1", "joiner", 96),
        Phase("ke2", "opener", 320),
        Phase("ke3", "joiner", 64),
        Phase("key", "opener", 80),
        Phase("done", "joiner", 1),
    ),
}
LARGEST_LETTER = max(phase.size for phases in PHASES.values() for phase in phases)


class LetterRead(Wire):
    """A letter from the other side."""

    phase: PhaseName
    body: Bytes


class News(Wire):
    """What the other side wrote. `joined`: what the joiner's session is called, once there is one."""

    letters: list[LetterRead]
    joined: str | None
    over: bool


def other(side: Side) -> Side:
    """Across the table."""
    return "joiner" if side == "opener" else "opener"


def place_of(way: Way, name: PhaseName) -> int | None:
    """Which letter of the pairing it is, counted from 0; None for a phase that this way does not have."""
    return next((place for place, phase in enumerate(PHASES[way]) if phase.name == name), None)
