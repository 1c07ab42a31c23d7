"""Chunks are named, frames are sealed (format.md §5).

    chunk id      first 16 bytes of HMAC(chunk-id, 0x01 ‖ chunk)
    frame id      the chunk's id; of several chunks the first 16 bytes of HMAC(chunk-id, 0x02 ‖ all chunks joined)
    sealed frame  version(1)=0x01 ‖ flags(1) ‖ nonce(12) ‖ ciphertext(n) ‖ tag(16)       n + 30 bytes
    AAD           "backupweb/v1/frame" ‖ 0x00 ‖ library(16) ‖ u32 epoch ‖ frame id(16) ‖ flags(1)

The ids are recomputed after opening: that commits to the key and catches what was swapped before sealing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backupweb_client import zstd
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import FRAME_OVERHEAD, ID_BYTES, LARGEST_FRAME_CONTENT, VERSION
from backupweb_client.format.wire import u8
from backupweb_client.primitives import NONCE_BYTES, NotAuthenticError, Random, gcm_open, gcm_seal, hmac_sha256, same

COMPRESSED: Final = 0x01
SEVERAL: Final = 0x02
KNOWN_FLAGS: Final = COMPRESSED | SEVERAL
_LABEL: Final = b"backupweb/v1/frame"
_HEADER_BYTES: Final = 2 + NONCE_BYTES


@dataclass(frozen=True)
class ChunkEntry:
    """A chunk as a catalog names it; `length` in bytes, unsealed."""

    chunk_id: bytes
    length: int


@dataclass(frozen=True)
class FrameEntry:
    """A frame as a catalog describes it; `sealed_length` in bytes."""

    frame_id: bytes
    flags: int
    sealed_length: int
    chunks: tuple[ChunkEntry, ...]


@dataclass(frozen=True)
class SealedFrame:
    entry: FrameEntry
    sealed: bytes


def chunk_id(keys: LibraryKeys, chunk: bytes) -> bytes:
    return hmac_sha256(keys.chunk_id, b"\x01", chunk)[:ID_BYTES]


def frame_id(keys: LibraryKeys, chunks: Sequence[bytes]) -> bytes:
    if len(chunks) == 1:
        return chunk_id(keys, chunks[0])
    return hmac_sha256(keys.chunk_id, b"\x02", *chunks)[:ID_BYTES]


def seal_frame(keys: LibraryKeys, chunks: Sequence[bytes], *, compress: bool, random: Random) -> SealedFrame:
    """One chunk, or several neighbouring text chunks; compressed only when that makes them shorter."""
    content = b"".join(chunks)
    if not all(chunks) or not content or len(content) > LARGEST_FRAME_CONTENT:
        raise ValueError("a frame holds at least one chunk, none of them empty, and at most 1,048,576 bytes")
    flags = SEVERAL if len(chunks) > 1 else 0
    packed = zstd.compress(content) if compress else content
    if len(packed) < len(content):
        flags |= COMPRESSED
        content = packed
    identity = frame_id(keys, chunks)
    nonce = random(NONCE_BYTES)
    ciphertext = gcm_seal(keys.frame_key(identity), nonce, content, _associated(keys, identity, flags))
    sealed = u8(VERSION) + u8(flags) + nonce + ciphertext
    entries = tuple(ChunkEntry(chunk_id(keys, chunk), len(chunk)) for chunk in chunks)
    return SealedFrame(FrameEntry(identity, flags, len(sealed), entries), sealed)


def open_frame(keys: LibraryKeys, entry: FrameEntry, sealed: bytes) -> list[bytes]:
    """The chunks of a frame, every one of them the one its id names."""
    if len(sealed) <= FRAME_OVERHEAD:
        raise DamagedObjectError("truncated")
    if len(sealed) != entry.sealed_length:
        raise DamagedObjectError("wrong-hash")
    if sealed[0] != VERSION:
        raise DamagedObjectError("unknown-version")
    flags = sealed[1]
    if flags & ~KNOWN_FLAGS or flags != entry.flags:
        raise DamagedObjectError("unknown-flags")
    nonce, ciphertext = sealed[2:_HEADER_BYTES], sealed[_HEADER_BYTES:]
    try:
        content = gcm_open(keys.frame_key(entry.frame_id), nonce, ciphertext, _associated(keys, entry.frame_id, flags))
    except NotAuthenticError as error:
        raise DamagedObjectError("not-authentic") from error
    if flags & COMPRESSED:
        content = zstd.decompress(content, LARGEST_FRAME_CONTENT)
    chunks = _split(content, entry.chunks)
    if not same(frame_id(keys, chunks), entry.frame_id):
        raise DamagedObjectError("wrong-id")
    for chunk, expected in zip(chunks, entry.chunks, strict=True):
        if not same(chunk_id(keys, chunk), expected.chunk_id):
            raise DamagedObjectError("wrong-id")
    return chunks


def _split(content: bytes, entries: tuple[ChunkEntry, ...]) -> list[bytes]:
    """The chunks by the catalog's lengths, which have to be those of the whole content."""
    if sum(entry.length for entry in entries) != len(content):
        raise DamagedObjectError("wrong-hash")
    chunks: list[bytes] = []
    at = 0
    for entry in entries:
        chunks.append(content[at : at + entry.length])
        at += entry.length
    return chunks


def _associated(keys: LibraryKeys, identity: bytes, flags: int) -> bytes:
    return _LABEL + b"\0" + keys.place() + identity + u8(flags)
