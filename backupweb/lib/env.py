"""Typed readers of the environment: a malformed value stops the start, and every name that was asked is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from backupweb.lib.secret import SecretBytes

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class Rate(NamedTuple):
    """How often something may be done: so many times in so many seconds."""

    number: int
    seconds: int


class Environment:
    """Reads settings by type. An empty value counts as absent, as in a filled-in `.env` file."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.known: set[str] = set()

    def _read(self, name: str) -> str | None:
        self.known.add(name)
        return self._values.get(name, "").strip() or None

    def text(self, name: str, default: str) -> str:
        """Any text."""
        return self._read(name) or default

    def optional(self, name: str) -> str | None:
        """Any text, or None when it is absent."""
        return self._read(name)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self._read(name) or default
        if value not in allowed:
            raise self._malformed(name, f"one of {', '.join(allowed)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._read(name)
        if value is None:
            return default
        if value.lower() not in _FLAGS:
            raise self._malformed(name, "yes or no")
        return _FLAGS[value.lower()]

    def number(self, name: str, default: int, *, at_least: int = 0) -> int:
        """A whole number."""
        value = self._read(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) < at_least:
            raise self._malformed(name, f"a whole number, at least {at_least}")
        return int(value)

    def rate(self, name: str, default: str) -> Rate:
        """How often something may be done: `30/60` is thirty times a minute."""
        value = self._read(name) or default
        found = re.fullmatch(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,6})", value)
        if found is None:
            raise self._malformed(name, "a number of times and of seconds such as 20/90")
        return Rate(int(found[1]), int(found[2]))

    def size(self, name: str, default: str) -> int:
        """A number of bytes: `5GB`, `500 MiB`, `1000`."""
        value = self._read(name) or default
        found = re.fullmatch(r"([0-9]{1,15})\s*([A-Za-z]*)", value)
        if found is None or found[2].upper() not in _UNITS:
            raise self._malformed(name, "a size such as 500MB, 5GB or 2TiB")
        return int(found[1]) * _UNITS[found[2].upper()]

    def path(self, name: str, default: Path) -> Path:
        """An absolute path of a folder."""
        value = self._read(name)
        if value is None:
            return default
        if not Path(value).is_absolute():
            raise self._malformed(name, "an absolute path")
        return Path(value)

    def folder(self, name: str) -> Path | None:
        """An absolute path of a folder, or None when it is absent."""
        return None if self._read(name) is None else self.path(name, Path())

    def file(self, name: str) -> Path | None:
        """An absolute path of a file that is there."""
        value = self._read(name)
        if value is None:
            return None
        if not Path(value).is_absolute() or not Path(value).is_file():
            raise self._malformed(name, "the absolute path of a file that can be read")
        return Path(value)

    def address(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        """An address with one of the given schemes."""
        value = self._read(name) or default
        if urlsplit(value).scheme not in schemes:
            raise self._malformed(name, "an address that begins with " + ", ".join(f"{s}://" for s in schemes))
        return value

    def link(self, name: str, *, mail: bool = False) -> str:
        """Where people can turn to: a page, or with `mail` a mail address too; empty when it is absent."""
        value = self._read(name)
        if value is None or (mail and re.fullmatch(r"[^@\s/:?]+@[^@\s/:?]+", value)):
            return value or ""
        if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
            raise self._malformed(name, "an address such as https://example.org/page" + (" or a mail address" * mail))
        return value

    def origin(self, name: str, default: str) -> str:
        """Scheme, host and port of a site, without a path."""
        value = self.address(name, default, ("http", "https")).rstrip("/")
        parts = urlsplit(value)
        if not parts.hostname or parts.path or parts.query or parts.username:
            raise self._malformed(name, "an address such as https://backup.example.org")
        return value

    def secret(self, name: str) -> SecretBytes | None:
        """A secret: in `NAME`, or in the file that `NAME_FILE` names, never in both."""
        value, file = self._read(name), self._read(f"{name}_FILE")
        if value is not None and file is not None:
            raise self._malformed(name, f"given once, not also as {name}_FILE")
        if file is None:
            return None if value is None else SecretBytes(value.encode())
        try:
            content = Path(file).read_bytes().strip()
        except OSError as error:
            raise self._malformed(f"{name}_FILE", "a file that can be read") from error
        if not content:
            raise self._malformed(f"{name}_FILE", "a file that is not empty")
        return SecretBytes(content)

    @staticmethod
    def _malformed(name: str, wanted: str) -> ImproperlyConfigured:
        # The value itself is not repeated: it may be a secret in the wrong place.
        return ImproperlyConfigured(f"{name} must be {wanted}")
