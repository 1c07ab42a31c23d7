"""What each import holds: its messages, its files, and the sealed objects it lies in."""

from collections import Counter

from backupweb_client.engine.chunks import ChunkIndex, ChunkReader, index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.engine.retention import HeldImport
from backupweb_client.exports.chat import decode_text, named_like_a_chat, read_said
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot
from backupweb_client.reader.model import DateOrder

_ORDERS: dict[str | None, DateOrder] = {"yes": "dmy", "no": "mdy"}


def held_import(library: Library, head: Head, snapshot: Snapshot) -> HeldImport:
    """Its chat is read back; the n-th occurrence of the same message is an element of its own."""
    index = index_for(library, head, snapshot)
    listed = open_file_list(library, index, snapshot)
    names = [file.name for file in listed]
    order = _ORDERS.get(head.settings.get(f"day-first/{snapshot.snapshot_id.hex()}"))
    messages: Counter[str] = Counter()
    notices: Counter[str] = Counter()
    files: set[str] = set()
    for file in listed:
        said = read_said(_text(library, index, file), names, order) if _may_be_chat(snapshot, file) else []
        for each in said:
            (notices if each.notice else messages)[each.words] += 1
        if not said and file.chunks:
            files.add(b"".join(file.chunks).hex())
    return HeldImport(
        snapshot.snapshot_id.hex(),
        snapshot.added,
        snapshot.summary.last,
        _numbered(messages),
        _numbered(notices),
        frozenset(files),
    )


def stored_in(library: Library, head: Head, snapshot: Snapshot) -> dict[str, int]:
    """Sealed object → its size: the snapshot, its catalogs, and the packs of which its list or files need a part."""
    index = index_for(library, head, snapshot)
    sizes = {each.snapshot_id: each.size for each in head.snapshots} | {
        each.catalog_id: each.size for each in head.catalogs
    }
    objects = {identity.hex(): sizes[identity] for identity in (snapshot.snapshot_id, *index.catalogs)}
    listed = open_file_list(library, index, snapshot)
    chunks = [*snapshot.files.chunks, *(chunk for file in listed for chunk in file.chunks)]
    packs = {index.locate(chunk).pack for chunk in chunks}
    return objects | {pack.pack_id.hex(): pack.size for pack in packs}


def _may_be_chat(snapshot: Snapshot, file: StoredFile) -> bool:
    base = file.name.rpartition("/")[2]
    named = named_like_a_chat(base) or named_like_a_chat(snapshot.source.name)
    return snapshot.reader == "whatsapp" and named and base.lower().endswith(".txt") and file.size > 0


def _text(library: Library, index: ChunkIndex, file: StoredFile) -> str:
    reader = ChunkReader(library, index, file.chunks)
    return decode_text(b"".join(reader.file(file)))


def _numbered(said: Counter[str]) -> frozenset[str]:
    return frozenset(f"{number}\n{words}" for words, times in said.items() for number in range(times))
