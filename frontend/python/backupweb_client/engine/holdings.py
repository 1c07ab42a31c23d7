"""What each import holds: its messages, its files, and the sealed objects it lies in."""

from collections import Counter

from backupweb_client.engine.chunks import ChunkReader, index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.retention import HeldImport
from backupweb_client.exports.chat import named_like_a_chat, read_said
from backupweb_client.exports.chat_dates import DateOrder
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot, StoredFile

_ORDERS: dict[str | None, DateOrder] = {"yes": "dmy", "no": "mdy"}


def held_import(library: Library, head: Head, snapshot: Snapshot) -> HeldImport:
    """Its chat is read back; the n-th occurrence of the same message is an element of its own."""
    names = [file.name for file in snapshot.files]
    order = _ORDERS.get(head.settings.get(f"day-first/{snapshot.snapshot_id.hex()}"))
    messages: Counter[str] = Counter()
    notices: Counter[str] = Counter()
    files: set[str] = set()
    for file in snapshot.files:
        said = read_said(_text(library, head, snapshot, file), names, order) if _may_be_chat(snapshot, file) else []
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
    """Sealed object → its size: the snapshot, its catalogs, and the packs of which its files need a part."""
    index = index_for(library, head, snapshot)
    sizes = {each.snapshot_id: each.size for each in head.snapshots} | {
        each.catalog_id: each.size for each in head.catalogs
    }
    objects = {identity.hex(): sizes[identity] for identity in (snapshot.snapshot_id, *snapshot.catalogs)}
    packs = {index.locate(chunk).pack for file in snapshot.files for chunk in file.chunks}
    return objects | {pack.pack_id.hex(): pack.size for pack in packs}


def _may_be_chat(snapshot: Snapshot, file: StoredFile) -> bool:
    base = file.name.rpartition("/")[2]
    named = named_like_a_chat(base) or named_like_a_chat(snapshot.source.name)
    return snapshot.reader == "whatsapp" and named and base.lower().endswith(".txt") and file.size > 0


def _text(library: Library, head: Head, snapshot: Snapshot, file: StoredFile) -> str:
    reader = ChunkReader(library, index_for(library, head, snapshot), file.chunks)
    return b"".join(reader.file(file)).decode("utf-8", "replace")


def _numbered(said: Counter[str]) -> frozenset[str]:
    return frozenset(f"{number}\n{words}" for words, times in said.items() for number in range(times))
