"""What is sealed and derived with: AES-256-GCM and HKDF by a library, the rest from the standard library."""

import hashlib
import hmac
import secrets
import sys
from typing import Protocol

if sys.platform == "emscripten":
    from backupweb_client import noble as ciphers
else:
    from backupweb_client import openssl as ciphers

NONCE_BYTES = 12
TAG_BYTES = 16


class NotAuthenticError(Exception):
    """The tag does not fit key, nonce, associated data and ciphertext."""


class Random(Protocol):
    """A source of `count` random bytes: the system's in the program, a tape in tests."""

    def __call__(self, count: int, /) -> bytes: ...


def system_random(count: int, /) -> bytes:
    return secrets.token_bytes(count)


def gcm_seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """AES-256-GCM (NIST SP 800-38D): ciphertext ‖ tag(16)."""
    return ciphers.seal(key, nonce, plaintext, associated)


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """The plaintext of ciphertext ‖ tag(16), or `NotAuthenticError` and not one byte of it."""
    plaintext = ciphers.opened(key, nonce, sealed, associated)
    if plaintext is None:
        raise NotAuthenticError
    return plaintext


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256 (RFC 5869), extract and expand."""
    return ciphers.derived(ikm, salt, info, length)


def hmac_sha256(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) over the parts joined."""
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        mac.update(part)
    return mac.digest()


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def blake2s(key: bytes, content: bytes) -> bytes:
    """Keyed BLAKE2s with 32 bytes of output (RFC 7693)."""
    return hashlib.blake2s(content, key=key, digest_size=32).digest()


def same(one: bytes, other: bytes) -> bool:
    """Equality whose time does not tell where two values differ."""
    return hmac.compare_digest(one, other)
