"""Names from a sealed snapshot become names on this disk: inside the folder, allowed everywhere, none twice."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LONGEST_COMPONENT: Final = 200  # bytes; most file systems allow 255, and " (2)" has to fit
_LONGEST_ENDING: Final = 20
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u202d\u202e\ud800-\udfff]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\..*)?", re.IGNORECASE)
_NAMELESS: Final = "unnamed"


class SafeNames:
    """Gives every file of one restore its path below the folder; the same names in the same order, the same paths."""

    def __init__(self) -> None:
        # (parent as given out, component as file systems compare it) → the component given out, and whether a folder.
        self._taken: dict[tuple[PurePosixPath, str], tuple[str, bool]] = {}
        self._folders: dict[tuple[PurePosixPath, str], PurePosixPath] = {}

    def file(self, name: str) -> PurePosixPath:
        parts = _components(name) or [_NAMELESS]
        return self._claim(self._below(parts[:-1]), parts[-1])

    def folder(self, name: str) -> PurePosixPath:
        return self._below(_components(name))

    def _below(self, parts: list[str]) -> PurePosixPath:
        at = PurePosixPath()
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
            candidate = _numbered(part, number)
        self._taken[parent, _compared(candidate)] = (candidate, folder)
        return parent / candidate


def _components(name: str) -> list[str]:
    return [safe_component(part) for part in name.split("/") if part not in {"", "."}]


def safe_component(part: str) -> str:
    """One component that no file system reads as anything but a name."""
    part = _FORBIDDEN.sub("_", part)
    stem = part.rstrip(". ")  # Windows drops them, so that ".. " would be ".."
    part = stem + "_" * (len(part) - len(stem))
    if _RESERVED.fullmatch(part):
        part = "_" + part
    return _shortened(part)


def _shortened(part: str) -> str:
    if len(part.encode()) <= _LONGEST_COMPONENT:
        return part
    stem, dot, ending = part.rpartition(".")
    if not dot or len(ending.encode()) > _LONGEST_ENDING:
        stem, ending = part, ""
    room = _LONGEST_COMPONENT - len((dot + ending).encode()) if ending else _LONGEST_COMPONENT
    return stem.encode()[:room].decode("utf-8", "ignore") + (dot + ending if ending else "")


def _numbered(part: str, number: int) -> str:
    stem, dot, ending = part.rpartition(".")
    if not stem:
        return f"{part} ({number})"
    return f"{stem} ({number}){dot}{ending}"


def _compared(part: str) -> str:
    """What file systems that fold case and composition compare."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())
