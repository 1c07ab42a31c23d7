"""JSON with one spelling: exactly the fields shown, none twice, whole numbers only; anything else is `malformed`."""

import json
import re
from collections.abc import Sequence
from typing import NoReturn, TypeVar

from backupweb_client import zstd
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.limits import HASH_BYTES, ID_BYTES, LARGEST_WHOLE_NUMBER
from backupweb_client.format.wire import from_base64url

Choice = TypeVar("Choice", bound=str)
_WALL_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_UTC = re.compile(_WALL_CLOCK.pattern + "Z", re.ASCII)
_HEX = re.compile(r"[0-9a-f]*", re.ASCII)


def pack_json(fields: dict[str, object]) -> bytes:
    return zstd.compress(spell_json(fields))


def spell_json(fields: dict[str, object]) -> bytes:
    """Without white space, and with no more and no longer escapes than needed: the spelling of a file list."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def unpack_json(body: bytes, limit: int) -> "Fields":
    """The object inside `zstd`; `limit` is the most it may unpack to, in bytes."""
    return parse_json(zstd.decompress(body, limit))


def parse_json(content: bytes) -> "Fields":
    try:
        value: object = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise DamagedObjectError("malformed") from error
    return Fields(value)


class Fields:
    """An object that is read field by field, each as its one type; `complete` refuses what was never asked for."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise DamagedObjectError("malformed")
        self._fields: dict[str, object] = value
        self._read: set[str] = set()

    def _take(self, name: str) -> object:
        if name not in self._fields:
            raise DamagedObjectError("malformed")
        self._read.add(name)
        return self._fields[name]

    def names(self) -> list[str]:
        return list(self._fields)

    def complete(self) -> None:
        if self._read != self._fields.keys():
            raise DamagedObjectError("malformed")

    def whole(self, name: str, most: int = LARGEST_WHOLE_NUMBER) -> int:
        value = self._take(name)
        # True is an int in Python, and no number in JSON.
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise DamagedObjectError("malformed")
        return value

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if not isinstance(value, bool):
            raise DamagedObjectError("malformed")
        return value

    def text(self, name: str) -> str:
        return _text(self._take(name))

    def text_or_null(self, name: str) -> str | None:
        value = self._take(name)
        return None if value is None else _text(value)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_text(value) for value in self._list(name))

    def one_of(self, name: str, choices: Sequence[Choice]) -> Choice:
        value = self.text(name)
        for choice in choices:
            if value == choice:
                return choice
        raise DamagedObjectError("malformed")

    def identity(self, name: str) -> bytes:
        return _hexadecimal(self.text(name), ID_BYTES)

    def digest(self, name: str) -> bytes:
        return _hexadecimal(self.text(name), HASH_BYTES)

    def base64url(self, name: str) -> bytes:
        return from_base64url(self.text(name))

    def base64url_or_null(self, name: str) -> bytes | None:
        text = self.text_or_null(name)
        return None if text is None else from_base64url(text)

    def utc(self, name: str) -> str:
        return _shaped(self.text(name), _UTC)

    def utc_or_null(self, name: str) -> str | None:
        text = self.text_or_null(name)
        return None if text is None else _shaped(text, _UTC)

    def wall_clock_or_null(self, name: str) -> str | None:
        text = self.text_or_null(name)
        return None if text is None else _shaped(text, _WALL_CLOCK)

    def inner(self, name: str) -> "Fields":
        return Fields(self._take(name))

    def inner_or_null(self, name: str) -> "Fields | None":
        value = self._take(name)
        return None if value is None else Fields(value)

    def inners(self, name: str) -> "list[Fields]":
        return [Fields(value) for value in self._list(name)]

    def text_map(self, name: str) -> dict[str, str]:
        value = self._take(name)
        if not isinstance(value, dict):
            raise DamagedObjectError("malformed")
        return {_text(key): _text(each) for key, each in value.items()}

    def _list(self, name: str) -> list[object]:
        value = self._take(name)
        if not isinstance(value, list):
            raise DamagedObjectError("malformed")
        return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise DamagedObjectError("malformed")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:  # half a surrogate pair, spelled as an escape
        raise DamagedObjectError("malformed") from error
    return value


def _hexadecimal(text: str, count: int) -> bytes:
    if len(text) != 2 * count or not _HEX.fullmatch(text):
        raise DamagedObjectError("malformed")
    return bytes.fromhex(text)


def _shaped(text: str, shape: re.Pattern[str]) -> str:
    if not shape.fullmatch(text):
        raise DamagedObjectError("malformed")
    return text


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise DamagedObjectError("malformed")
    return fields


def _refuse(_: str) -> NoReturn:
    raise DamagedObjectError("malformed")
