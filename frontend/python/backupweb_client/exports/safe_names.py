"""Names from a sealed snapshot become names on this disk: inside the folder, allowed everywhere, none twice."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LONGEST_COMPONENT: Final = 200  # bytes; most file systems allow 255, and " (2)" has to fit
_LONGEST_ENDING: Final = 20
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\..*)?", re.IGNORECASE)
# Looking at a folder is enough for these to do something; browsers refuse to write them.
_ACTIVE: Final = re.compile(r".*\.(?:lnk|local|scf|url|crswap)", re.IGNORECASE | re.DOTALL)
_NAMELESS: Final = "unnamed"


_TOP: Final = PurePosixPath()


class SafeNames:
    """Gives every file of one restore its path below the folder; the same names in the same order, the same paths."""

    def __init__(self) -> None:
        # (parent as given out, component as file systems compare it) → the component given out, and whether a folder.
        self._taken: dict[tuple[PurePosixPath, str], tuple[str, bool]] = {}
        self._folders: dict[tuple[PurePosixPath, str], PurePosixPath] = {}

    def file(self, name: str, at: PurePosixPath = _TOP) -> PurePosixPath:
        parts = _components(name) or [_NAMELESS]
        return self._claim(self._below(at, parts[:-1]), parts[-1])

    def folder(self, name: str, at: PurePosixPath = _TOP) -> PurePosixPath:
        return self._below(at, _components(name))

    def own_folder(self, name: str, at: PurePosixPath = _TOP) -> PurePosixPath:
        """A folder that nothing else has."""
        return self._claim(at, safe_component(name), folder=True)

    def _below(self, at: PurePosixPath, parts: list[str]) -> PurePosixPath:
        for part in parts:
            key = (at, _compared(part))
            if key not in self._folders:
                self._folders[key] = self._claim_folder(at, part)
            at = self._folders[key]
        return at

    def _claim_folder(self, parent: PurePosixPath, part: str) -> PurePosixPath:
        _, is_folder = self._taken.get((parent, _compared(part)), ("", False))
        return parent / part if is_folder else self._claim(parent, part, folder=True)

    def _claim(self, parent: PurePosixPath, part: str, *, folder: bool = False) -> PurePosixPath:
        candidate, number = part, 1
        while (parent, _compared(candidate)) in self._taken:
            number += 1
            candidate = numbered(part, number)
        self._taken[parent, _compared(candidate)] = (candidate, folder)
        return parent / candidate


def _components(name: str) -> list[str]:
    return [safe_component(part) for part in name.split("/") if part not in {"", "."}]


def safe_component(part: str) -> str:
    """One component that no file system reads as anything but a name."""
    part = _without_tail(_FORBIDDEN.sub("_", part.replace("/", "_")))
    if _RESERVED.fullmatch(part):
        part = "_" + part
    part = _without_tail(_shortened(part))
    if _ACTIVE.fullmatch(part):
        part += "_"
    return part or _NAMELESS


def _without_tail(part: str) -> str:
    """Windows drops dots and spaces at the end, so that ".. " would be ".."."""
    stem = part.rstrip(". ")
    return stem + "_" * (len(part) - len(stem))


def _shortened(part: str) -> str:
    if len(part.encode()) <= _LONGEST_COMPONENT:
        return part
    stem, dot, ending = part.rpartition(".")
    if not dot or len(ending.encode()) > _LONGEST_ENDING:
        stem, ending = part, ""
    room = _LONGEST_COMPONENT - len((dot + ending).encode()) if ending else _LONGEST_COMPONENT
    return stem.encode()[:room].decode("utf-8", "ignore") + (dot + ending if ending else "")


def numbered(part: str, number: int) -> str:
    """Another name for the same file, where one is taken."""
    stem, dot, ending = part.rpartition(".")
    if not stem:
        return f"{part} ({number})"
    return f"{stem} ({number}){dot}{ending}"


def _compared(part: str) -> str:
    """What file systems that fold case and composition compare."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())
