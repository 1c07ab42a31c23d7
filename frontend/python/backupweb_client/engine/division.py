"""Which packs of an import stand in which catalog, and which catalog each file needs. Pure.

first   packs with chunks of the list or of the chat's text     all that opening a chat takes
then    the others, in the order of their files                 all that one picture takes
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from backupweb_client.engine.chunks import ChunkIndex
from backupweb_client.format.catalog import Catalog, PackEntry, write_catalog
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.limits import MOST_CATALOG_PACKS, OBJECT_OVERHEAD, SMALLEST_PADDED
from backupweb_client.format.snapshot import CatalogHint, FileListRef

# Many small photos make a long catalog: it is divided before one picture costs much.
_LONGEST_BODY: Final = 512 * 1024


@dataclass(frozen=True)
class Contents:
    """What a snapshot points at; `text` is the number of the chat's text among the files."""

    files: Sequence[StoredFile]
    listed: FileListRef
    text: int | None

    def chunks(self) -> Iterator[tuple[int | None, bytes]]:
        """Every chunk with the number of its file; null for the list's."""
        for chunk in self.listed.chunks:
            yield None, chunk
        for number, file in enumerate(self.files):
            for chunk in file.chunks:
                yield number, chunk


def divide(packs: Sequence[PackEntry], contents: Contents) -> list[list[PackEntry]]:
    """What fits into one smallest object stays together: apart, it would only be more objects."""
    if not packs:
        return []
    if sum(map(_length, packs)) + OBJECT_OVERHEAD <= SMALLEST_PADDED:
        return [list(packs)]
    index = ChunkIndex()
    index.add(b"", Catalog(tuple(packs)))
    first: set[bytes] = set()
    numbers: dict[bytes, int] = {}
    for number, chunk in contents.chunks():
        if (location := index.find(chunk)) is None:
            continue
        pack_id = location.pack.pack_id
        numbers.setdefault(pack_id, number or 0)
        if number is None or number == contents.text:
            first.add(pack_id)
    ordered = sorted(packs, key=lambda pack: numbers.get(pack.pack_id, 0))
    return [
        *_segments([pack for pack in ordered if pack.pack_id in first]),
        *_segments([pack for pack in ordered if pack.pack_id not in first]),
    ]


def hints_of(index: ChunkIndex, contents: Contents) -> tuple[CatalogHint, ...]:
    """One for each catalog of the index, in its order; the first catalog that names a chunk is the one to ask."""
    lists: set[bytes] = set()
    numbers: dict[bytes, tuple[int, int]] = {}
    for number, chunk in contents.chunks():
        catalog_id = index.locate(chunk).catalog_id
        if number is None:
            lists.add(catalog_id)
        else:
            start, end = numbers.get(catalog_id, (number, number + 1))
            numbers[catalog_id] = min(start, number), max(end, number + 1)
    return tuple(
        CatalogHint(catalog_id, catalog_id in lists, *numbers.get(catalog_id, (0, 0))) for catalog_id in index.catalogs
    )


def hints_hold(hints: Sequence[CatalogHint], index: ChunkIndex, contents: Contents) -> bool:
    """Whether the hints lead to every chunk."""
    given = {hint.catalog_id: hint for hint in hints}
    for needed in hints_of(index, contents):
        hint = given[needed.catalog_id]
        covers = needed.end == 0 or (hint.start <= needed.start and needed.end <= hint.end)
        if not covers or (needed.of_list and not hint.of_list):
            return False
    return True


def _segments(packs: Sequence[PackEntry]) -> list[list[PackEntry]]:
    segments: list[list[PackEntry]] = []
    room = 0
    for pack in packs:
        length = _length(pack)
        if not segments or len(segments[-1]) == MOST_CATALOG_PACKS or length > room:
            segments.append([])
            room = _LONGEST_BODY
        segments[-1].append(pack)
        room -= length
    return segments


def _length(pack: PackEntry) -> int:
    return len(write_catalog(Catalog((pack,))))
