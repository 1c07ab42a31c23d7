"""WhatsApp's encrypted backup as its format is known, made by another library than the browser's."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def _key(root: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) of one block: no salt, the words as info."""
    extracted = hmac.digest(bytes(32), root, hashlib.sha256)
    return hmac.digest(extracted, b"backup encryption\x01", hashlib.sha256)


def _field(number: int, body: bytes) -> bytes:
    return bytes((number << 3 | 2, len(body))) + body


def make_backup(content: bytes, root: bytes, iv: bytes, *, flag: bool = True, digest: bool = True) -> bytes:
    header = b"\x08\x01" + _field(3, _field(1, iv)) + _field(4, b"2.26.1.1")
    body = bytes((len(header),)) + (b"\x01" if flag else b"") + header
    body += AESGCM(_key(root)).encrypt(iv, content, None)
    return body + (hashlib.md5(body, usedforsecurity=False).digest() if digest else b"")
