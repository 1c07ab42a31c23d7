"""Catalogs: where each chunk lies, of at most 256 packs (format.md §7).

u8 1 ‖ varint packs
  per pack    pack id(16) ‖ SHA-256(32) ‖ u32 size ‖ varint frames (≥ 1)
    per frame u8 flags ‖ varint sealed length ‖
              one chunk:       chunk id(16) ‖ varint length
              several chunks:  frame id(16) ‖ varint chunks (≥ 2) ‖ per chunk  chunk id(16) ‖ varint length
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.frame import COMPRESSED, KNOWN_FLAGS, SEVERAL, ChunkEntry, FrameEntry
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import (
    FRAME_OVERHEAD,
    HASH_BYTES,
    ID_BYTES,
    LARGEST_CHUNK,
    LARGEST_FRAME_CONTENT,
    MOST_CATALOG_PACKS,
    PACK_BYTES,
    VERSION,
)
from backupweb_client.format.sealed_object import open_object, place_of, seal_object
from backupweb_client.format.wire import ByteReader, u8, u32, varint
from backupweb_client.primitives import Random

_LABEL: Final = b"backupweb/v1/catalog"


@dataclass(frozen=True)
class PackEntry:
    """A pack as a catalog describes it; `size` in bytes with padding."""

    pack_id: bytes
    digest: bytes
    size: int
    frames: tuple[FrameEntry, ...]

    def placed(self) -> Iterator[tuple[int, FrameEntry]]:
        """Every frame with its offset: a frame begins where the one before it ends."""
        at = 0
        for frame in self.frames:
            yield at, frame
            at += frame.sealed_length


@dataclass(frozen=True)
class Catalog:
    packs: tuple[PackEntry, ...]


def write_catalog(catalog: Catalog) -> bytes:
    return u8(VERSION) + varint(len(catalog.packs)) + b"".join(_write_pack(pack) for pack in catalog.packs)


def read_catalog(body: bytes) -> Catalog:
    reader = ByteReader(body)
    if reader.u8() != VERSION:
        raise DamagedObjectError("unknown-version")
    count = reader.varint()
    if count > MOST_CATALOG_PACKS:
        raise DamagedObjectError("too-large")
    seen: set[bytes] = set()
    packs = tuple([_read_pack(reader, seen) for _ in range(count)])
    reader.end()
    return Catalog(packs)


def seal_catalog(keys: LibraryKeys, catalog_id: bytes, catalog: Catalog, random: Random) -> bytes:
    return seal_object(place_of(keys, keys.snapshot, _LABEL, catalog_id), write_catalog(catalog), random)


def open_catalog(keys: LibraryKeys, catalog_id: bytes, sealed: bytes) -> Catalog:
    return read_catalog(open_object(place_of(keys, keys.snapshot, _LABEL, catalog_id), sealed))


def _write_pack(pack: PackEntry) -> bytes:
    frames = b"".join(_write_frame(frame) for frame in pack.frames)
    return pack.pack_id + pack.digest + u32(pack.size) + varint(len(pack.frames)) + frames


def _write_frame(frame: FrameEntry) -> bytes:
    start = u8(frame.flags) + varint(frame.sealed_length)
    chunks = b"".join(chunk.chunk_id + varint(chunk.length) for chunk in frame.chunks)
    if frame.flags & SEVERAL:
        return start + frame.frame_id + varint(len(frame.chunks)) + chunks
    return start + chunks


def _read_pack(reader: ByteReader, seen: set[bytes]) -> PackEntry:
    pack_id, digest, size = reader.take(ID_BYTES), reader.take(HASH_BYTES), reader.u32()
    if size > PACK_BYTES:
        raise DamagedObjectError("too-large")
    count = reader.varint()
    if count < 1:
        raise DamagedObjectError("malformed")
    frames = tuple([_read_frame(reader, seen) for _ in range(count)])
    if sum(frame.sealed_length for frame in frames) > size:
        raise DamagedObjectError("malformed")
    return PackEntry(pack_id, digest, size, frames)


def _read_frame(reader: ByteReader, seen: set[bytes]) -> FrameEntry:
    flags = reader.u8()
    if flags & ~KNOWN_FLAGS:
        raise DamagedObjectError("unknown-flags")
    sealed_length = reader.varint()
    if flags & SEVERAL:
        frame_id = reader.take(ID_BYTES)
        count = reader.varint()
        if count < 2:
            raise DamagedObjectError("malformed")
        chunks = tuple([_read_chunk(reader, seen) for _ in range(count)])
    else:
        chunks = (_read_chunk(reader, seen),)
        frame_id = chunks[0].chunk_id
    _check_length(flags, sealed_length, sum(chunk.length for chunk in chunks))
    return FrameEntry(frame_id, flags, sealed_length, chunks)


def _read_chunk(reader: ByteReader, seen: set[bytes]) -> ChunkEntry:
    chunk_id, length = reader.take(ID_BYTES), reader.varint()
    if chunk_id in seen or length == 0:
        raise DamagedObjectError("malformed")
    if length > LARGEST_CHUNK:
        raise DamagedObjectError("too-large")
    seen.add(chunk_id)
    return ChunkEntry(chunk_id, length)


def _check_length(flags: int, sealed_length: int, content_length: int) -> None:
    """Sealed, a frame is 30 bytes longer than its content, or shorter than that when it is compressed."""
    if content_length > LARGEST_FRAME_CONTENT:
        raise DamagedObjectError("too-large")
    plain = content_length + FRAME_OVERHEAD
    fits = FRAME_OVERHEAD < sealed_length < plain if flags & COMPRESSED else sealed_length == plain
    if not fits:
        raise DamagedObjectError("malformed")
