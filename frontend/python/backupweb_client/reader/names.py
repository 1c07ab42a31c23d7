"""What the names around a chat tell: which entry is its text, and what the chat is called."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from backupweb_client.reader.attachments import is_leaving
from backupweb_client.reader.characters import SPACES, without_invisible

_IOS_TEXT: Final = re.compile(r"_chat(?: ?\(\d{1,2}\))?\.txt", re.ASCII | re.IGNORECASE)
_APP: Final = ("whatsapp", "واتساب")
_DOWNLOADED_AGAIN: Final = re.compile(r" ?\(\d{1,3}\)$", re.ASCII)
_ENDING: Final = re.compile(r"\.(?:zip|txt)$", re.IGNORECASE)
_TITLES: Final = re.compile(
    "|".join(
        f"(?:{shape})"
        for shape in (
            "WhatsApp Chat - (.+)",
            "WhatsApp Chat with (.+)",
            "WhatsApp[- ]Chat mit (.+)",
            "Chat de WhatsApp con (.+)",
            "Conversa d?n?o WhatsApp com (.+)",
            "Discussion WhatsApp avec (.+)",
            "Chat WhatsApp con (.+)",
            "WhatsApp-chat met (.+)",
            "(.+) ile WhatsApp Sohbeti",
            "Чат WhatsApp с контактом (.+)",
            "Чат WhatsApp с (.+)",
            "Бесіда WhatsApp з (.+)",
            "Czat WhatsApp z (.+)",
            "Chat WhatsApp s uživatelem (.+)",
            "(.+) के साथ WhatsApp चैट",
            "دردشة واتساب مع (.+)",
            "צ'אט WhatsApp עם (.+)",
            "(.+)とのWhatsAppチャット",
            "(.+)님과의 WhatsApp 대화",
            "(?:WhatsApp ?)?[与與] ?(.+?) ?的(?:对话|對話)",
            "Chat WhatsApp dengan (.+)",
            "WhatsApp-chatt med (.+)",
            "WhatsApp chat med (.+)",
            "WhatsApp-samtale med (.+)",
            "WhatsApp-keskustelu henkilön (.+) kanssa",
        )
    ),
    re.DOTALL,
)


def named_like_a_chat(file_name: str) -> bool:
    """Whether an export's text or its zip is called what the app calls it."""
    folded = file_name.casefold()
    return _is_ios_text(file_name) or any(name in folded for name in _APP)


def has_chat_name(file_name: str) -> bool:
    """Whether the name alone says that a chat is inside, in a language that is known."""
    base = _base(file_name)
    return _is_ios_text(base) or _has_title(base)


def find_chat_text(names: Sequence[str]) -> str | None:
    """The entry that is the chat's text: the one that is named so, else the only text there is."""
    texts = [name for name in names if name.lower().endswith(".txt") and not is_leaving(name)]
    for wanted in (_is_ios_text, _has_title, named_like_a_chat):
        if found := [name for name in texts if wanted(_base(name))]:
            return min(found, key=_depth)
    top = min(map(_depth, texts), default=0)
    alone = [name for name in texts if _depth(name) == top]
    return alone[0] if len(alone) == 1 and top <= 1 else None


def title_from_names(outer: str, text_name: str) -> str:
    """The chat's name: from its text's name where the app wrote it there, else from the name of what holds it."""
    if outer != text_name and (title := _title(_stem(_base(text_name)))):
        return title
    title = chat_title(outer)
    bare = outer == text_name or _is_ios_text(_base(text_name)) or _has_title(_base(outer))
    return title if bare else _stem(_base(text_name))


def chat_title(file_name: str) -> str:
    """The chat's name as the name of a downloaded file tells it, or that name without its ending."""
    stem = _downloaded(_stem(_base(file_name)))
    return _title(stem) or stem or file_name


def _title(stem: str) -> str | None:
    if (found := _TITLES.fullmatch(stem)) is None:
        return None
    return next((part.strip(SPACES) for part in found.groups() if part), None)


def _stem(file_name: str) -> str:
    name = without_invisible(unicodedata.normalize("NFC", file_name)).replace("\u00a0", " ").replace("\u202f", " ")
    return _ENDING.sub("", name)


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _depth(name: str) -> int:
    return name.count("/")


def _is_ios_text(base: str) -> bool:
    return _IOS_TEXT.fullmatch(without_invisible(base)) is not None


def _has_title(base: str) -> bool:
    return _title(_downloaded(_stem(base))) is not None


def _downloaded(stem: str) -> str:
    """What a download does to a name is undone: a number in brackets, and lines in place of spaces."""
    stem = _DOWNLOADED_AGAIN.sub("", stem)
    return (stem if " " in stem else stem.replace("_", " ")).strip(SPACES)
