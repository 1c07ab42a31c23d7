"""The names of refusals (format.md §8). Towards the server all of them look the same: the client stops."""

from typing import Literal, get_args

Refusal = Literal[
    "truncated",
    "too-large",
    "unknown-version",
    "unknown-flags",
    "not-authentic",
    "wrong-hash",
    "wrong-id",
    "wrong-library",
    "bad-padding",
    "malformed",
    "missing",
    "older-head",
    "forked-head",
]

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)

MEANINGS: dict[Refusal, str] = {
    "truncated": "shorter than the smallest possible",
    "too-large": "above a limit of the format",
    "unknown-version": "written in a version of the format this client does not know",
    "unknown-flags": "carries flags that are unknown or differ from the catalog",
    "not-authentic": "changed, cut off, swapped, or from another library",
    "wrong-hash": "length or hash differ from what was promised",
    "wrong-id": "holds other content than the one asked for",
    "wrong-library": "names another library, epoch, id or sequence inside",
    "bad-padding": "padded in a way the format does not allow",
    "malformed": "does not follow the format",
    "missing": "something it points at is not there",
    "older-head": "the server shows an older state than this device has seen",
    "forked-head": "the server shows a history that is not the one this device has seen",
}


class DamagedObjectError(Exception):
    """Something sealed is not what it has to be. `code` is a name of §8; `subject` says which object, if known."""

    def __init__(self, code: Refusal, subject: str = "") -> None:
        super().__init__(f"{subject}: {code}" if subject else code)
        self.code: Refusal = code
        self.subject = subject

    def about(self, subject: str) -> "DamagedObjectError":
        """The same refusal with the object named; an inner, more exact subject stays."""
        return self if self.subject else DamagedObjectError(self.code, subject)
