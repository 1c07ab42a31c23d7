"""Adding an export: packs, catalog, snapshot, head, in this order; whatever is pointed at is stored before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from backupweb_client.engine.chunks import ChunkIndex, Location
from backupweb_client.engine.division import Contents, divide, hints_of
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import list_ref, open_file_list, plan_list, text_ref
from backupweb_client.engine.plan import PlannedFile, plan_import
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.engine.send import Packer, Sender, send_new_chunks
from backupweb_client.engine.summary import Recognised, recognise
from backupweb_client.engine.verify import check_import
from backupweb_client.errors import ClientError, OverQuotaError
from backupweb_client.exports.found import FoundExport, UnreadableZipError, looks_like_zip, open_export
from backupweb_client.format.catalog import Catalog, PackEntry, seal_catalog
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.follow import FollowedHead, head_upon
from backupweb_client.format.frame import ChunkEntry
from backupweb_client.format.head import Head, ListedCatalog, ListedConversation, ListedSnapshot, seal_head
from backupweb_client.format.limits import FRAME_OVERHEAD, ID_BYTES
from backupweb_client.format.snapshot import Snapshot, seal_snapshot
from backupweb_client.primitives import sha256
from backupweb_client.reader.model import DateOrder
from backupweb_client.server.api import Addition, ObjectFacts

_COMMIT_TRIES = 5


@dataclass(frozen=True)
class AddChoices:
    """`conversation` of the library to add to, or null for a new one; `title` of it, or null for the export's own."""

    title: str | None = None
    conversation: bytes | None = None
    order: DateOrder | None = None


@dataclass(frozen=True)
class Added:
    """`opened_zip` is false when a zip could not be read and was kept as one file."""

    snapshot: Snapshot
    sent_bytes: int
    known_bytes: int
    chunks_checked: int
    opened_zip: bool


@dataclass(frozen=True)
class _Known:
    """Chunks that need not be sent: those in `packs`; and the catalogs that name them, the newest first."""

    index: ChunkIndex
    packs: frozenset[bytes]
    catalogs: tuple[ListedCatalog, ...]

    def find(self, chunk_id: bytes) -> Location | None:
        location = self.index.find(chunk_id)
        return location if location is not None and location.pack.pack_id in self.packs else None


@dataclass(frozen=True)
class _Draft:
    """A snapshot that lacks its catalogs, and what it points at."""

    snapshot: Snapshot
    contents: Contents


@dataclass(frozen=True)
class _OwnObjects:
    """What this import had to send, beside its snapshot; the index has its catalogs."""

    packs: tuple[bytes, ...]
    catalogs: tuple[ListedCatalog, ...]
    index: ChunkIndex


@dataclass(frozen=True)
class _Sent:
    """A snapshot that is stored, with everything it points at."""

    snapshot: Snapshot
    listed: ListedSnapshot
    catalogs: tuple[ListedCatalog, ...]
    packs: tuple[bytes, ...]


def add_export(library: Library, path: Path, choices: AddChoices, tell: Listener = nobody) -> Added:
    as_zip = looks_like_zip(path)
    try:
        return _add(library, path, choices, tell, as_zip=as_zip)
    except UnreadableZipError:
        if not as_zip:
            raise
    # Nothing may be lost because a zip is encrypted or damaged: then it is a file like any other.
    return _add(library, path, choices, tell, as_zip=False)


def _add(library: Library, path: Path, choices: AddChoices, tell: Listener, *, as_zip: bool) -> Added:
    with open_export(path, as_zip=as_zip) as export:
        planned = plan_import(library.keys, export, tell)
        recognised = recognise(export, choices.title, choices.order)
        files = tuple(_stored(file) for file in planned)
        listed = plan_list(library.keys, files)
        contents = Contents(files, list_ref(listed, len(files)), recognised.text)
        head = library.newest_head()
        known = _known(library, head.head)
        new = _new_chunks(planned, known)
        _check_quota(library, planned, new)
        sender = Sender(library.api)
        with _given_back(sender):
            packer = Packer(library.keys, sender, library.around.random)
            everything = (*planned, listed)
            send_new_chunks(library.keys, everything, set(_new_chunks(everything, known)), packer, tell)
            tell(Progress("finishing", 0, 0))
            own = _send_catalogs(library, sender, packer.packs, contents)
            draft = _Draft(_snapshot(library, export, contents, recognised, choices), contents)
            sent = _send_snapshot(library, sender, draft, known, own)
            committed = _commit(library, head, sent)
    tell(Progress("checking", 0, 0))
    checked = check_import(library, committed, sent.snapshot)
    total = sum(file.size for file in planned)
    return Added(sent.snapshot, sender.sent_bytes, total - sum(new.values()), checked, as_zip)


def _known(library: Library, head: Head) -> _Known:
    """
    What may be pointed at again: chunks in packs that some listed snapshot needs.

    A catalog may outlive packs it names: once no snapshot needs one, the server collects it.
    """
    catalogs = head.catalogs[::-1]
    index = ChunkIndex()
    for listed in catalogs:
        index.add(listed.catalog_id, library.catalog(listed), listed.epoch)
    kept: set[bytes] = set()
    for each in head.snapshots:
        snapshot = library.snapshot(each)
        own = index.within(hint.catalog_id for hint in snapshot.catalogs)
        contents = Contents(open_file_list(library, own, snapshot), snapshot.files, None)
        kept.update(own.locate(chunk).pack.pack_id for _, chunk in contents.chunks())
    return _Known(index, frozenset(kept), catalogs)


def _new_chunks(planned: tuple[PlannedFile, ...], known: _Known) -> dict[bytes, int]:
    """Id → length in bytes of every chunk that has to be sent."""
    chunks: Iterator[ChunkEntry] = (chunk for file in planned for chunk in file.chunks)
    return {chunk.chunk_id: chunk.length for chunk in chunks if known.find(chunk.chunk_id) is None}


def _check_quota(library: Library, planned: tuple[PlannedFile, ...], new: dict[bytes, int]) -> None:
    """Refuses before the first byte what cannot fit: files that are not compressed need at least their size."""
    fixed = {chunk.chunk_id for file in planned if file.cut == "fixed" for chunk in file.chunks}
    least = sum(length + FRAME_OVERHEAD for identity, length in new.items() if identity in fixed)
    free = library.api.quota().free
    if least > free:
        raise OverQuotaError(least - free)


@contextmanager
def _given_back(sender: Sender) -> Iterator[None]:
    """What was sent for an import that did not come to its end is given back at once, if the server can be reached."""
    try:
        yield
    except BaseException:
        with suppress(ClientError):
            sender.give_back()
        raise


def _send_catalogs(library: Library, sender: Sender, packs: Sequence[PackEntry], contents: Contents) -> _OwnObjects:
    random = library.around.random
    index = ChunkIndex()
    catalogs: list[ListedCatalog] = []
    for together in divide(packs, contents):
        catalog_id, catalog = random(ID_BYTES), Catalog(tuple(together))
        sealed = seal_catalog(library.keys, catalog_id, catalog, random)
        listed = ListedCatalog(catalog_id, sha256(sealed), len(sealed), library.keys.epoch)
        sender.send(ObjectFacts(catalog_id, "catalog", listed.size, listed.digest), sealed)
        index.add(catalog_id, catalog)
        catalogs.append(listed)
    return _OwnObjects(tuple(pack.pack_id for pack in packs), tuple(catalogs), index)


def _snapshot(
    library: Library, export: FoundExport, contents: Contents, recognised: Recognised, choices: AddChoices
) -> Snapshot:
    random = library.around.random
    return Snapshot(
        snapshot_id=random(ID_BYTES),
        library=library.keys.library,
        epoch=library.keys.epoch,
        conversation=choices.conversation or random(ID_BYTES),
        added=library.around.now(),
        source=export.source,
        reader=recognised.reader,
        summary=recognised.summary,
        catalogs=(),
        files=contents.listed,
        text=text_ref(tuple(contents.files), contents.text),
    )


def _stored(file: PlannedFile) -> StoredFile:
    found = file.found
    ids = tuple(chunk.chunk_id for chunk in file.chunks)
    return StoredFile(found.name, file.size, found.modified, found.type, file.cut, ids, found.entry)


def _send_snapshot(library: Library, sender: Sender, draft: _Draft, known: _Known, own: _OwnObjects) -> _Sent:
    contents = draft.contents
    used = (known.find(chunk) for _, chunk in contents.chunks() if own.index.find(chunk) is None)
    reused = [location for location in used if location is not None]
    needed = {location.catalog_id for location in reused}
    # The own ones first, then the newest: where two catalogs name a chunk, the one listed first holds.
    others = tuple(each for each in known.catalogs if each.catalog_id in needed)
    index = own.index.followed_by(known.index.within(each.catalog_id for each in others))
    packs = {location.pack.pack_id for location in reused} | set(own.packs)
    snapshot = replace(draft.snapshot, catalogs=hints_of(index, contents))
    sealed = seal_snapshot(library.keys, snapshot, library.around.random)
    listed = ListedSnapshot(
        snapshot.snapshot_id, sha256(sealed), len(sealed), library.keys.epoch, snapshot.conversation
    )
    sender.send(ObjectFacts(listed.snapshot_id, "snapshot", listed.size, listed.digest), sealed)
    return _Sent(snapshot, listed, (*own.catalogs, *others), tuple(packs))


def _commit(library: Library, followed: FollowedHead, sent: _Sent) -> Head:
    """Writes the next head; when another device was faster, the same onto the head it wrote."""
    needed = (*(each.catalog_id for each in sent.catalogs), *sent.packs)
    addition = Addition(sent.listed.snapshot_id, needed)
    for _ in range(_COMMIT_TRIES):
        head = _next_head(library, followed, sent)
        sealed = seal_head(library.keys, head, library.around.random)
        if library.api.commit(head.sequence, sealed, add=[addition]) is None:
            library.remember(FollowedHead(head, sha256(sealed)))
            return head
        followed = library.newest_head()
    raise ClientError("Other devices keep changing this library.", "Try again in a moment.")


def _next_head(library: Library, followed: FollowedHead, sent: _Sent) -> Head:
    before = followed.head
    conversations = before.conversations
    if all(each.conversation != sent.snapshot.conversation for each in conversations):
        listed = ListedConversation(sent.snapshot.conversation, sent.snapshot.summary.title, None)
        conversations = (*conversations, listed)
    catalogs = {each.catalog_id: each for each in (*before.catalogs, *sent.catalogs)}
    changed = replace(
        before,
        conversations=conversations,
        snapshots=(*before.snapshots, sent.listed),
        catalogs=tuple(catalogs.values()),
    )
    return head_upon(followed, changed, library.around.now())
