"""The first look at an export: cut, named and compared, before anything is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from backupweb_client.engine.progress import Listener, Progress
from backupweb_client.exports.found import FoundExport, FoundFile
from backupweb_client.format.cut import Cut, choose_cut, create_cutter
from backupweb_client.format.frame import ChunkEntry, chunk_id
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import TEXT_HEAD


@dataclass(frozen=True)
class PlannedFile:
    found: FoundFile
    cut: Cut
    chunks: tuple[ChunkEntry, ...]

    @property
    def size(self) -> int:
        """What was really read, in bytes."""
        return sum(chunk.length for chunk in self.chunks)


def cut_file(keys: LibraryKeys, found: FoundFile) -> tuple[Cut, Iterator[bytes]]:
    """The cut a file gets, and its chunks."""
    pieces = found.pieces()
    first = next(pieces, b"")
    cut = choose_cut(first[:TEXT_HEAD])
    return cut, _chunks(keys, cut, first, pieces)


def _chunks(keys: LibraryKeys, cut: Cut, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    cutter = create_cutter(cut, keys.cut)
    yield from cutter.push(first)
    for piece in rest:
        yield from cutter.push(piece)
    yield from cutter.end()


def plan_import(keys: LibraryKeys, export: FoundExport, tell: Listener) -> tuple[PlannedFile, ...]:
    total = sum(file.size for file in export.files)
    done = 0
    planned: list[PlannedFile] = []
    for found in export.files:
        cut, chunks = cut_file(keys, found)
        entries: list[ChunkEntry] = []
        for chunk in chunks:
            entries.append(ChunkEntry(chunk_id(keys, chunk), len(chunk)))
            done += len(chunk)
            tell(Progress("comparing", done, total))
        planned.append(PlannedFile(found, cut, tuple(entries)))
    return tuple(planned)
