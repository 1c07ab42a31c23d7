"""How ids, hashes and bytes look in JSON: one spelling each, any other is refused."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

_ID = re.compile(r"[0-9a-f]{32}")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


class Wire(Schema):
    """A body or an answer. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def read_id(value: object) -> UUID:
    """Reads 32 lower-case hexadecimal digits."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("not 32 hexadecimal digits")
    return UUID(value)


def read_bytes(value: object) -> bytes:
    """Reads base64url without padding, and only the one spelling that writing gives."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
        raise ValueError("not base64url without padding")
    try:
        content = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url without padding") from error
    if write_bytes(content) != value:
        raise ValueError("not the shortest base64url")
    return content


def write_bytes(content: bytes) -> str:
    """Writes base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _write_id(value: UUID) -> str:
    return value.hex


HexId = Annotated[
    UUID,
    BeforeValidator(read_id),
    PlainSerializer(_write_id, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[
    bytes,
    BeforeValidator(read_bytes),
    PlainSerializer(write_bytes, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}),
]
