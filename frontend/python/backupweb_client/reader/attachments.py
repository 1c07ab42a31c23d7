"""Which file a body means: the export's own files tell, and words of a language help with missing ones only."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from backupweb_client.reader.characters import SPACES, comparable_name, trim_end, trim_marks
from backupweb_client.reader.model import Attachment, MediaKind
from backupweb_client.reader.words import ATTACHED

_ANDROID_NAME: Final = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d{4,}\.\w{0,5}", re.ASCII)
_IOS_NAME: Final = re.compile(r"\d{8}-.{1,200}\.\w{1,5}", re.ASCII)
_OLD_NAME: Final = re.compile(r"\d{4}-\d\d-\d\d-(?:PHOTO|VIDEO|AUDIO)-\d{8}\.\w{1,5}", re.ASCII)
_WORD_FIRST: Final = re.compile(r"<([^<>:：\n]{1,40})[:：]")
_WORD_LAST: Final = re.compile(r"([^<>\n]{1,255}) <[^<>\n]{1,40}>")
_ENDING: Final = re.compile(r"\.\w{0,5}\Z", re.ASCII)
_SHAPES: Final[tuple[tuple[MediaKind, re.Pattern[str]], ...]] = (
    ("sticker", re.compile(r"STK-|\d{8}-STICKER-")),
    ("gif", re.compile(r"\d{8}-GIF-")),
    ("photo", re.compile(r"IMG-\d{8}-WA|\d{8}-PHOTO-|.*-PHOTO-\d{8}\.")),
    ("video", re.compile(r"VID-\d{8}-WA|\d{8}-VIDEO-|.*-VIDEO-\d{8}\.")),
    ("voice", re.compile(r"PTT-")),
    ("audio", re.compile(r"AUD-\d{8}-WA")),
    ("document", re.compile(r"DOC-\d{8}-WA")),
)
_ENDINGS: Final[dict[str, MediaKind]] = {
    **dict.fromkeys(["jpg", "jpeg", "png", "heic", "heif", "avif", "bmp", "tif", "tiff", "webp"], "photo"),
    **dict.fromkeys(["mp4", "3gp", "mov", "webm", "mkv", "avi", "m4v"], "video"),
    **dict.fromkeys(["opus", "amr"], "voice"),
    **dict.fromkeys(["m4a", "mp3", "ogg", "oga", "aac", "wav", "flac"], "audio"),
    "gif": "gif",
    "vcf": "contact",
}
_LEAVINGS: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store\Z|\._)")
_LONGEST_MARK: Final = 600
_TRIES: Final = 8  # places at which a mark or a name could begin or end; more of them were written to keep us busy


class Found(NamedTuple):
    """An attachment, and the body without its mark."""

    attachment: Attachment
    text: str


class Files:
    """The export's files by name, and which of them some record means; of two of one name, the last."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._used: set[int] = set()
        self._numbers: dict[str, int] = {}
        for number, name in enumerate(names):
            if not name.endswith("/"):
                plain = comparable_name(name)
                self._numbers[plain.rpartition("/")[2]] = self._numbers[plain] = number

    def find(self, name: str) -> int | None:
        return self._numbers.get(name)

    def attach(self, name: str) -> Attachment:
        number = self.find(name)
        if number is not None:
            self._used.add(number)
        return Attachment(name, media_kind(name), number)

    def unused(self, chat_text: str | None) -> tuple[int, ...]:
        """Files that no record means, without the chat's own text, folders and what other programs leave behind."""
        return tuple(
            number
            for number, name in enumerate(self._names)
            if number not in self._used and name != chat_text and not is_leaving(name)
        )


def is_leaving(name: str) -> bool:
    return name.endswith("/") or _LEAVINGS.search(name) is not None


def media_kind(name: str) -> MediaKind:
    for kind, shape in _SHAPES:
        if shape.match(name):
            return kind
    _, dot, ending = name.rpartition(".")
    return _ENDINGS.get(dot and ending.lower(), "document")


def find_attachment(body: str, files: Files) -> Found | None:
    """The attachment of a body, if it has one; the longest name wins, because names may hold brackets."""
    return ((_within_brackets(body, files) or _before_mark(body, files)) if "<" in body else None) or _before_words(
        body, files
    )


def _within_brackets(body: str, files: Files) -> Found | None:
    """`CAPTION <WORD: F>`"""
    for start in _places(body, "<"):
        line, _, _ = body[start : start + _LONGEST_MARK].partition("\n")
        if (opening := _WORD_FIRST.match(line)) and (found := _closed(line, opening, files)):
            name, length = found
            before, after = trim_end(trim_marks(body[:start])), trim_marks(body[start + length :])
            text = before + (after if before and after.strip(SPACES) else after.lstrip(SPACES))
            return Found(files.attach(name), text)
    return None


def _closed(line: str, opening: re.Match[str], files: Files) -> tuple[str, int] | None:
    """The longest name that a file has, else the shortest that looks like one; and how long the mark is."""
    known = comparable_name(opening[1]).strip(SPACES).lower() in ATTACHED
    missing: tuple[str, int] | None = None
    for end in _places(line, ">"):
        if end <= opening.end():
            break
        name = comparable_name(line[opening.end() : end]).strip(SPACES)
        if files.find(name) is not None:
            return name, end + 1
        if _IOS_NAME.fullmatch(name) or _ANDROID_NAME.fullmatch(name) or (known and name):
            missing = name, end + 1
    return missing


def _before_mark(body: str, files: Files) -> Found | None:
    """`F <WORD>`, as very old phones wrote."""
    if (found := _WORD_LAST.fullmatch(body)) is None:
        return None
    name = comparable_name(found[1])
    known = files.find(name) is not None or _OLD_NAME.fullmatch(name)
    return Found(files.attach(name), "") if known else None


def _before_words(body: str, files: Files) -> Found | None:
    """`F (WORDS)` in the first line; the caption follows in the next."""
    first, _, caption = body.partition("\n")
    first = first.rstrip(SPACES)
    if not first.endswith((")", "）")) or len(first) > _LONGEST_MARK:
        return None
    for start in _places(first, "("):
        name = comparable_name(first[:start]).strip(SPACES)
        if not name:
            continue
        known = _ENDING.search(name) and comparable_name(first[start:]).lower() in ATTACHED
        if files.find(name) is not None or known or _ANDROID_NAME.fullmatch(name):
            # The title of a document is repeated below it.
            said = comparable_name(trim_marks(caption)).strip(SPACES)
            return Found(files.attach(name), "" if said in {name, _ENDING.sub("", name)} else caption)
    return None


def _places(text: str, character: str) -> Iterator[int]:
    """Where a character stands, from the end."""
    place = len(text)
    for _ in range(_TRIES):
        if (place := text.rfind(character, 0, place)) < 0:
            return
        yield place
