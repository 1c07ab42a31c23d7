"""What the doctor found about one part of the site."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`care`: it works, and somebody should look at it."""

    WELL = "well"
    CARE = "care"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Finding:
    """One sentence about one part, and the next step where there is one."""

    about: str
    state: State
    says: str
    next: str = ""
