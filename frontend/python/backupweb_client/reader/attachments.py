"""Which file a body means: no word of any language decides, but whether the name is one of the export's files."""

import re
from itertools import islice
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from backupweb_client.reader.characters import MARKS, SPACES, comparable_name, trim_marks
from backupweb_client.reader.model import Attachment, MediaKind

_WORD_FIRST: Final = re.compile(r"<([^<>:：\n]{1,40})[:：]\s*")
_MEDIA_NAME: Final = re.compile(
    r"(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d+\..*|\d{8}-.+\.\w{1,5}|\d{4}-\d\d-\d\d-[A-Z]+-\d+\.\w{1,5}", re.ASCII
)
_BY_SHAPE: Final = re.compile(r"(?:^|-)(IMG|PHOTO|VID|VIDEO|GIF|PTT|AUD|AUDIO|STK|STICKER|DOC)-(?=\d)")
_KINDS_BY_SHAPE: Final[dict[str, MediaKind]] = {
    "IMG": "photo",
    "PHOTO": "photo",
    "VID": "video",
    "VIDEO": "video",
    "GIF": "gif",
    "PTT": "voice",
    "AUD": "audio",
    "AUDIO": "audio",
    "STK": "sticker",
    "STICKER": "sticker",
    "DOC": "document",
}
_KINDS_BY_ENDING: Final[dict[str, MediaKind]] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "heif", "avif"), "photo"),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv", "webm", "avi"), "video"),
    **dict.fromkeys(("mp3", "m4a", "aac", "amr", "ogg", "wav", "flac"), "audio"),
    "gif": "gif",
    "opus": "voice",
    "webp": "sticker",
    "vcf": "contact",
}
_LONGEST_NAME: Final = 300
_TRIES: Final = 16  # places at which a name could end
_OPENINGS: Final = 64  # places at which one could begin: a body with more of them was made to keep us busy


class Named(NamedTuple):
    """An attachment, and the body without its mark."""

    attachment: Attachment
    text: str


class Files:
    """The export's files by name, and which of them some record means."""

    def __init__(self, names: Sequence[str]) -> None:
        self._used: set[int] = set()
        self._names = names
        self._numbers = {comparable_name(name.rpartition("/")[2]): number for number, name in enumerate(names)}

    def use(self, name: str) -> Attachment | None:
        """The attachment of that name: in the export, or missing from it, or null when it is no name of a file."""
        number = self._numbers.get(comparable_name(name))
        if number is None and not _MEDIA_NAME.fullmatch(name):
            return None
        if number is not None:
            self._used.add(number)
        return Attachment(name, media_kind(name), number)

    def knows(self, name: str) -> bool:
        return comparable_name(name) in self._numbers

    def unused(self, chat_text: str | None) -> tuple[int, ...]:
        """Files that no record means, without the chat's own text, folders and what other programs leave behind."""
        return tuple(
            number
            for number, name in enumerate(self._names)
            if number not in self._used and name != chat_text and not _is_leaving(name)
        )


def _is_leaving(name: str) -> bool:
    return name.endswith(("/", ".DS_Store")) or name.startswith("__MACOSX/")


def media_kind(name: str) -> MediaKind:
    ending = name.rpartition(".")[2].lower()
    if (shape := _BY_SHAPE.search(name)) is None:
        return _KINDS_BY_ENDING.get(ending, "document")
    return "voice" if shape[1] == "AUDIO" and ending == "opus" else _KINDS_BY_SHAPE[shape[1]]


def find_attachment(body: str, files: Files) -> Named | None:
    """The attachment of a body, if it has one; the longest name wins, because names may hold brackets."""
    return (_within_brackets(body, files) if "<" in body else None) or _before_words(body, files)


def _within_brackets(body: str, files: Files) -> Named | None:
    """`CAPTION <WORD: F>`"""
    for opening in islice(_WORD_FIRST.finditer(body), _OPENINGS):
        line, _, _ = body[opening.end() : opening.end() + _LONGEST_NAME].partition("\n")
        if found := _longest(line, ">", files):
            name, length = found
            if attachment := files.use(name):
                before, after = body[: opening.start()], body[opening.end() + length + 1 :]
                return Named(attachment, _joined(before, after))
    return None


def _before_words(body: str, files: Files) -> Named | None:
    """`F (WORDS)` in the first line, or `F <WORDS>` as very old phones wrote; the caption follows in the next."""
    first, _, caption = body.partition("\n")
    first = trim_marks(first).rstrip(SPACES)
    if not first.endswith((")", ">")):
        return None
    opening = " (" if first.endswith(")") else " <"
    for end in _ends(first, opening):
        name = trim_marks(first[:end])
        if files.knows(name):
            break
    else:
        name = trim_marks(first[: first.rfind(opening)]) if opening in first else ""
    attachment = files.use(name) if name else None
    if attachment is None:
        return None
    caption = trim_marks(caption)
    stem = name.rpartition(".")[0]
    return Named(attachment, "" if comparable_name(caption) in {comparable_name(stem), comparable_name(name)} else caption)


def _longest(line: str, closing: str, files: Files) -> tuple[str, int] | None:
    """The longest known name that ends at a bracket, else the shortest one; and how long it stands there."""
    ends = list(_ends(line, closing))
    for end in ends:
        if files.knows(trim_marks(line[:end])):
            return trim_marks(line[:end]), end
    return (trim_marks(line[: ends[-1]]), ends[-1]) if ends else None


def _ends(line: str, closing: str) -> Iterator[int]:
    end = len(line)
    for _ in range(_TRIES):
        if (end := line.rfind(closing, 0, end)) < 0:
            return
        yield end


def _joined(before: str, after: str) -> str:
    before, after = before.rstrip(SPACES + MARKS), after.strip(SPACES + MARKS)
    return f"{before}\n{after}" if before and after else before or after
