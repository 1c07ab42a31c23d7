"""Bytes that do not leak by accident: used through `expose()`, printed as hidden, compared in constant time."""

from __future__ import annotations

import hmac
from typing import NoReturn


class SecretBytes:
    """A secret. Whoever needs the bytes says so by calling `expose()`."""

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        self._content = content

    def expose(self) -> bytes:
        """The bytes themselves."""
        return self._content

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return "SecretBytes(hidden)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretBytes) and hmac.compare_digest(self._content, other._content)

    __hash__ = None  # type: ignore[assignment]  # a secret is no key of a dictionary

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
