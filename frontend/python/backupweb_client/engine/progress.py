"""How far something has come, told to whoever listens."""

from dataclasses import dataclass
from typing import Literal, Protocol

Phase = Literal["comparing", "sending", "finishing", "checking", "restoring", "verifying", "saving"]


@dataclass(frozen=True)
class Progress:
    """`done` and `total` in bytes."""

    phase: Phase
    done: int
    total: int


class Listener(Protocol):
    def __call__(self, progress: Progress, /) -> None: ...


def nobody(_: Progress, /) -> None:
    """For callers that do not care."""
