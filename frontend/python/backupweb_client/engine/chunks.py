"""Finding and reading chunks: catalogs say where they lie, frames are fetched by range or pack by pack."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from backupweb_client.engine.library import Library
from backupweb_client.format.catalog import Catalog, PackEntry
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.frame import FrameEntry, open_frame
from backupweb_client.format.head import Head
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.sealed_object import check_promise
from backupweb_client.format.snapshot import Snapshot
from backupweb_client.server.api import NotStoredError

_PACKS_KEPT: Final = 4  # of 8 MiB
_FRAMES_KEPT: Final = 8  # of 1 MiB
_WHOLE_PACK_FROM: Final = 0.5  # of a pack's bytes; below, single ranges are less to fetch


@dataclass(frozen=True)
class Location:
    catalog_id: bytes
    pack: PackEntry
    offset: int
    frame: FrameEntry
    position: int
    """Which chunk of the frame it is."""
    epoch: int
    """Under whose key it is sealed."""

    @property
    def length(self) -> int:
        return self.frame.chunks[self.position].length


class ChunkIndex:
    """
    Chunk id → location, over several catalogs; where two name a chunk, the one listed first holds.

    An import that sends a chunk again, because its old pack may be collected, puts its own catalog first.
    """

    def __init__(self) -> None:
        self.catalogs: dict[bytes, dict[bytes, Location]] = {}

    def add(self, catalog_id: bytes, catalog: Catalog, epoch: int = 0) -> None:
        """`epoch` 0: of no library yet, so that nothing is read by it."""
        self.catalogs[catalog_id] = {
            chunk.chunk_id: Location(catalog_id, pack, offset, frame, position, epoch)
            for pack in catalog.packs
            for offset, frame in pack.placed()
            for position, chunk in enumerate(frame.chunks)
        }

    def within(self, catalog_ids: Iterable[bytes]) -> "ChunkIndex":
        """The same for some of the catalogs, in another order; each has to be here."""
        chosen = ChunkIndex()
        for catalog_id in catalog_ids:
            if catalog_id not in self.catalogs:
                raise DamagedObjectError("missing", f"catalog {catalog_id.hex()}")
            chosen.catalogs[catalog_id] = self.catalogs[catalog_id]
        return chosen

    def followed_by(self, other: "ChunkIndex") -> "ChunkIndex":
        joined = ChunkIndex()
        joined.catalogs = {**self.catalogs, **other.catalogs}
        return joined

    def find(self, chunk_id: bytes) -> Location | None:
        for locations in self.catalogs.values():
            if (location := locations.get(chunk_id)) is not None:
                return location
        return None

    def locate(self, chunk_id: bytes) -> Location:
        location = self.find(chunk_id)
        if location is None:
            raise DamagedObjectError("missing", f"chunk {chunk_id.hex()}")
        return location


def index_for(library: Library, head: Head, snapshot: Snapshot) -> ChunkIndex:
    """The chunks that the snapshot's own catalogs name; each has to be listed by the head."""
    listed = {each.catalog_id: each for each in head.catalogs}
    index = ChunkIndex()
    for hint in snapshot.catalogs:
        if hint.catalog_id not in listed:
            raise DamagedObjectError("missing", f"catalog {hint.catalog_id.hex()}")
        catalog = listed[hint.catalog_id]
        index.add(hint.catalog_id, library.catalog(catalog), catalog.epoch)
    return index


def check_size(index: ChunkIndex, file: StoredFile) -> None:
    """A file is as long as its chunks together."""
    if sum(index.locate(chunk).length for chunk in file.chunks) != file.size:
        raise DamagedObjectError("malformed", f"file {file.name}")


class ChunkReader:
    """Reads chunks; `expected` tells which are coming, so that packs that are mostly needed are fetched whole."""

    def __init__(self, library: Library, index: ChunkIndex, expected: Iterable[bytes]) -> None:
        self._library = library
        self._index = index
        self._whole = _mostly_needed(index, expected)
        self._packs: OrderedDict[bytes, bytes] = OrderedDict()
        self._frames: OrderedDict[bytes, list[bytes]] = OrderedDict()

    def chunk(self, chunk_id: bytes) -> bytes:
        location = self._index.locate(chunk_id)
        return self.frame_at(location)[location.position]

    def file(self, file: StoredFile) -> Iterator[bytes]:
        check_size(self._index, file)
        for chunk_id in file.chunks:
            yield self.chunk(chunk_id)

    def frame_at(self, location: Location) -> list[bytes]:
        frame_id = location.frame.frame_id
        if (known := self._frames.get(frame_id)) is not None:
            self._frames.move_to_end(frame_id)
            return known
        chunks = read_frame(self._library.keys_of(location.epoch), location.frame, self._sealed(location))
        self._frames[frame_id] = chunks
        if len(self._frames) > _FRAMES_KEPT:
            self._frames.popitem(last=False)
        return chunks

    def _sealed(self, location: Location) -> bytes:
        start, end = location.offset, location.offset + location.frame.sealed_length
        if location.pack.pack_id in self._whole:
            return self._pack(location.pack)[start:end]
        try:
            return self._library.api.read_object(location.pack.pack_id, (start, end))
        except NotStoredError as error:
            raise DamagedObjectError("missing", f"pack {location.pack.pack_id.hex()}") from error

    def _pack(self, pack: PackEntry) -> bytes:
        if (known := self._packs.get(pack.pack_id)) is not None:
            self._packs.move_to_end(pack.pack_id)
            return known
        content = read_pack(self._library, pack)
        self._packs[pack.pack_id] = content
        if len(self._packs) > _PACKS_KEPT:
            self._packs.popitem(last=False)
        return content


def read_frame(keys: LibraryKeys, frame: FrameEntry, sealed: bytes) -> list[bytes]:
    try:
        return open_frame(keys, frame, sealed)
    except DamagedObjectError as error:
        raise error.about(f"frame {frame.frame_id.hex()}") from error


def read_pack(library: Library, pack: PackEntry) -> bytes:
    """A whole pack, with the length and hash its catalog promises."""
    subject = f"pack {pack.pack_id.hex()}"
    try:
        content = library.api.read_object(pack.pack_id)
        check_promise(content, size=pack.size, digest=pack.digest)
    except NotStoredError as error:
        raise DamagedObjectError("missing", subject) from error
    except DamagedObjectError as error:
        raise error.about(subject) from error
    return content


def _mostly_needed(index: ChunkIndex, expected: Iterable[bytes]) -> frozenset[bytes]:
    frames = {
        (location.pack.pack_id, location.offset): location
        for chunk in expected
        if (location := index.find(chunk)) is not None
    }
    needed: Counter[bytes] = Counter()
    sizes: dict[bytes, int] = {}
    for location in frames.values():
        needed[location.pack.pack_id] += location.frame.sealed_length
        sizes[location.pack.pack_id] = location.pack.size
    return frozenset(pack_id for pack_id, size in sizes.items() if needed[pack_id] >= _WHOLE_PACK_FROM * size)
