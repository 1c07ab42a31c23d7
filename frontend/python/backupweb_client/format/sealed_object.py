"""The seal of catalogs, snapshots and heads (format.md §7).

sealed object   version(1)=0x01 ‖ nonce(12) ‖ ciphertext ‖ tag(16)        padme, 4,096 bytes to 64 MiB
plaintext       u32 length of body ‖ body ‖ zeros
AAD             label ‖ 0x00 ‖ library(16) ‖ u32 epoch ‖ place            place: id(16), or u64 sequence of a head
"""

from dataclasses import dataclass, field

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import (
    HASH_BYTES,
    LARGEST_OBJECT,
    OBJECT_OVERHEAD,
    SEAL_OVERHEAD,
    SMALLEST_PADDED,
    VERSION,
)
from backupweb_client.format.padme import padded
from backupweb_client.format.wire import u8, u32
from backupweb_client.primitives import NONCE_BYTES, NotAuthenticError, Random, gcm_open, gcm_seal, same, sha256


@dataclass(frozen=True)
class Place:
    """Where an object belongs: the key that seals it, its kind, and its id (16) or a head's sequence (u64)."""

    key: bytes = field(repr=False)
    associated: bytes


def place_of(keys: LibraryKeys, key: bytes, label: bytes, identity: bytes) -> Place:
    return Place(key, label + b"\0" + keys.place() + identity)


def seal_object(place: Place, body: bytes, random: Random) -> bytes:
    size = padded(OBJECT_OVERHEAD + len(body))
    if size > LARGEST_OBJECT:
        raise DamagedObjectError("too-large")
    plaintext = (u32(len(body)) + body).ljust(size - SEAL_OVERHEAD, b"\0")
    nonce = random(NONCE_BYTES)
    return u8(VERSION) + nonce + gcm_seal(place.key, nonce, plaintext, place.associated)


def open_object(place: Place, sealed: bytes) -> bytes:
    """The body of an object that was sealed for exactly this place."""
    if len(sealed) < SMALLEST_PADDED:
        raise DamagedObjectError("truncated")
    if len(sealed) > LARGEST_OBJECT:
        raise DamagedObjectError("too-large")
    if sealed[0] != VERSION:
        raise DamagedObjectError("unknown-version")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        plaintext = gcm_open(place.key, nonce, ciphertext, place.associated)
    except NotAuthenticError as error:
        raise DamagedObjectError("not-authentic") from error
    return _unpadded(plaintext, len(sealed))


def check_promise(content: bytes, *, size: int, digest: bytes) -> None:
    """Length and SHA-256 are what the head or a catalog says, or `wrong-hash`."""
    if len(digest) != HASH_BYTES or len(content) != size or not same(sha256(content), digest):
        raise DamagedObjectError("wrong-hash")


def _unpadded(plaintext: bytes, sealed_length: int) -> bytes:
    length = int.from_bytes(plaintext[:4], "big")
    end = 4 + length
    # One spelling only: a body has exactly one padded length.
    if end > len(plaintext) or plaintext.count(0, end) != len(plaintext) - end:
        raise DamagedObjectError("bad-padding")
    if padded(OBJECT_OVERHEAD + length) != sealed_length:
        raise DamagedObjectError("bad-padding")
    return plaintext[4:end]
