"""Reading back: every promise on the way from the head to a chunk is checked, in a sample or for everything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from backupweb_client.engine.chunks import (
    ChunkIndex,
    ChunkReader,
    Location,
    check_size,
    index_for,
    read_frame,
    read_pack,
)
from backupweb_client.engine.division import Contents, hints_hold
from backupweb_client.engine.keep import change_settings
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.engine.sample import CHECKED, LastCheck, choose, last_check, sample_size
from backupweb_client.format.errors import DamagedObjectError, Refusal
from backupweb_client.format.head import Head, ListedCatalog, ListedSnapshot
from backupweb_client.format.snapshot import Snapshot
from backupweb_client.server.api import STORED, ObjectState

_AFTER_ADDING: Final = 32  # pieces
_NOTED_AGAIN_AFTER: Final = timedelta(days=1)

Piece = tuple[bytes, int]
"""A frame that a file needs: its pack, and where it begins there."""


@dataclass(frozen=True)
class Finding:
    """Something that was refused, and its name in the format's list."""

    code: Refusal
    subject: str


@dataclass(frozen=True)
class Affected:
    """An import to which something refused belongs: all of it, or these files; without any, what no file needs."""

    chat: str
    export: str | None
    whole: bool
    files: tuple[str, ...]


@dataclass(frozen=True)
class Examined:
    """An import as far as it could be read: file by file its pieces; None is the list of the files itself."""

    listed: ListedSnapshot
    chat: str
    export: str | None
    opened: bool
    catalogs: tuple[bytes, ...] = ()
    files: tuple[tuple[str | None, tuple[Location, ...]], ...] = ()

    def pieces(self) -> Iterator[Location]:
        for _, locations in self.files:
            yield from locations


@dataclass
class Report:
    """What was read back: of `pieces` that are needed, `frames` were opened. Sealed bytes are counted."""

    sequence: int = 0
    snapshots: int = 0
    catalogs: int = 0
    packs: int = 0
    pieces: int = 0
    frames: int = 0
    read_bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    affected: list[Affected] = field(default_factory=list)
    refused_objects: set[bytes] = field(default_factory=set)
    refused_pieces: set[Piece] = field(default_factory=set)

    def note(self, error: DamagedObjectError, subject: str) -> None:
        finding = Finding(error.code, error.subject or subject)
        if finding not in self.findings:
            self.findings.append(finding)

    def is_success(self) -> bool:
        return self.pieces > 0 and not self.findings


def check_import(library: Library, committed: Head, snapshot: Snapshot) -> int:
    """Right after adding: head, snapshot and catalogs as the server gives them now, and a sample of pieces."""
    head = library.newest_head().head
    listed = next((each for each in head.snapshots if each.snapshot_id == snapshot.snapshot_id), None)
    if listed is None:
        raise DamagedObjectError("missing", f"snapshot {snapshot.snapshot_id.hex()} in head {committed.sequence}")
    stored = library.snapshot(listed)
    files = _of_snapshot(library, index_for(library, head, stored), stored)
    sample = choose(_pieces(location for _, locations in files for location in locations), _AFTER_ADDING)
    reader = ChunkReader(library, ChunkIndex(), ())
    for location in sample:
        reader.frame_at(location)
    return len(sample)


def verify_library(
    library: Library, *, everything: bool, conversation: bytes | None = None, tell: Listener = nobody
) -> Report:
    """Goes on after a refusal, so that the report is complete; only a refused head ends it at once."""
    report = Report()
    try:
        head = library.newest_head().head
    except DamagedObjectError as error:
        report.note(error, "head")
        return report
    report.sequence = head.sequence
    imports = _examine(library, head, conversation, report)
    pieces = _pieces(location for each in imports for location in each.pieces())
    report.pieces = len(pieces)
    report.packs = len({location.pack.pack_id for location in pieces})
    _compare_with_table(library, head, imports, pieces, report)
    size = sample_size(len(pieces))
    if everything or size == len(pieces):  # of few pieces all are read, and then whole packs are worth it
        _read_packs(library, pieces, report, tell)
    else:
        suspects = [location for location in pieces if location.pack.pack_id in report.refused_objects]
        _read_sample(library, _pieces([*choose(pieces, size), *suspects]), report, tell)
    report.affected = [affected for each in imports if (affected := _affected(each, report)) is not None]
    return report


def note_checked(library: Library, report: Report) -> None:
    """Tells all devices, unless what they know is as good and not a day old: the command may run every night."""
    now = library.around.now()
    mine = LastCheck(now, report.frames, report.pieces)
    known = last_check(library.newest_head().head.settings.get(CHECKED))
    as_good = known is not None and known.opened * mine.pieces >= mine.opened * known.pieces
    if known is not None and as_good and _time(now) - _time(known.at) < _NOTED_AGAIN_AFTER:
        return
    change_settings(library, {CHECKED: mine.written()})


def _examine(library: Library, head: Head, conversation: bytes | None, report: Report) -> list[Examined]:
    """Every import; where all chats are meant, catalogs that nobody needs any more are opened as well."""
    chats = {each.conversation: each.name for each in head.conversations}
    listed = [each for each in head.snapshots if conversation in {None, each.conversation}]
    catalogs = _Catalogs(library, head.catalogs, report)
    if conversation is None:
        for catalog in head.catalogs:
            catalogs.open(catalog.catalog_id)
    imports: list[Examined] = []
    for each in listed:
        chat, name = chats.get(each.conversation, ""), None
        try:
            snapshot = library.snapshot(each)
            report.snapshots += 1
            name = snapshot.source.name
            needed = tuple(hint.catalog_id for hint in snapshot.catalogs)
            if catalogs.refused(needed):  # it has been said which one
                imports.append(Examined(each, chat, name, opened=False))
                continue
            files = _of_snapshot(library, catalogs.index.within(needed), snapshot)
            imports.append(Examined(each, chat, name, opened=True, catalogs=needed, files=files))
        except DamagedObjectError as error:
            report.note(error, f"snapshot {each.snapshot_id.hex()}")
            imports.append(Examined(each, chat, name, opened=False))
    return imports


class _Catalogs:
    """Opened when they are asked for, each once."""

    def __init__(self, library: Library, listed: Sequence[ListedCatalog], report: Report) -> None:
        self._library = library
        self._listed = {each.catalog_id: each for each in listed}
        self._report = report
        self._refused: set[bytes] = set()
        self.index = ChunkIndex()

    def refused(self, needed: Sequence[bytes]) -> bool:
        """Opens all of them, so that all that are refused are named."""
        for identity in needed:
            self.open(identity)
        return not self._refused.isdisjoint(needed)

    def open(self, identity: bytes) -> None:
        if identity in self.index.catalogs or identity in self._refused:
            return
        subject = f"catalog {identity.hex()}"
        try:
            if identity not in self._listed:
                raise DamagedObjectError("missing", subject)
            listed = self._listed[identity]
            self.index.add(identity, self._library.catalog(listed), listed.epoch)
        except DamagedObjectError as error:
            self._refused.add(identity)
            self._report.note(error, subject)
        else:
            self._report.catalogs += 1


def _of_snapshot(
    library: Library, index: ChunkIndex, snapshot: Snapshot
) -> tuple[tuple[str | None, tuple[Location, ...]], ...]:
    """Where the chunks of its list and of its files lie; the hints have to lead there."""
    files = open_file_list(library, index, snapshot)
    for file in files:
        check_size(index, file)
    if not hints_hold(snapshot.catalogs, index, Contents(files, snapshot.files, None)):
        raise DamagedObjectError("malformed", f"hints of snapshot {snapshot.snapshot_id.hex()}")
    contents = [(None, snapshot.files.chunks), *((file.name, file.chunks) for file in files)]
    return tuple((name, tuple(index.locate(chunk) for chunk in chunks)) for name, chunks in contents)


def _compare_with_table(
    library: Library, head: Head, imports: Sequence[Examined], pieces: Sequence[Location], report: Report
) -> None:
    """What the server itself says it stores: no proof, but it names what is gone without reading everything."""
    said = {state.object_id: state for state in library.api.objects()}
    packs = {location.pack.pack_id: location.pack for location in pieces}
    needed = {identity for each in imports for identity in each.catalogs}
    snapshots = [each.listed for each in imports]
    catalogs = [each for each in head.catalogs if len(snapshots) == len(head.snapshots) or each.catalog_id in needed]
    promised = [
        *((f"snapshot {each.snapshot_id.hex()}", each.snapshot_id, each.size, each.digest) for each in snapshots),
        *((f"catalog {each.catalog_id.hex()}", each.catalog_id, each.size, each.digest) for each in catalogs),
        *((f"pack {each.pack_id.hex()}", each.pack_id, each.size, each.digest) for each in packs.values()),
    ]
    for subject, identity, size, digest in promised:
        if said.get(identity) != ObjectState(identity, STORED, size, digest):
            state = said.get(identity)
            gone = state is None or state.state != STORED
            report.refused_objects.add(identity)
            report.note(DamagedObjectError("missing" if gone else "wrong-hash"), subject)


def _read_packs(library: Library, pieces: Sequence[Location], report: Report, tell: Listener) -> None:
    """Whole packs, held against their hashes, and every piece in them."""
    needed: dict[bytes, list[Location]] = {}
    for location in pieces:
        needed.setdefault(location.pack.pack_id, []).append(location)
    packs = {location.pack.pack_id: location.pack for location in pieces}
    total = sum(pack.size for pack in packs.values())
    for pack in packs.values():
        subject = f"pack {pack.pack_id.hex()}"
        reader = ChunkReader(library, ChunkIndex(), ())
        content: bytes | None = None
        try:
            content = read_pack(library, pack)
        except DamagedObjectError as error:
            report.refused_objects.add(pack.pack_id)
            report.note(error, subject)
        for location in needed[pack.pack_id]:
            start = location.offset
            try:
                if content is None:  # which of its pieces still open, single ranges tell
                    reader.frame_at(location)
                else:
                    sealed = content[start : start + location.frame.sealed_length]
                    read_frame(library.keys_of(location.epoch), location.frame, sealed)
                report.frames += 1
            except DamagedObjectError as error:
                report.refused_pieces.add((pack.pack_id, start))
                if content is not None:  # else the pack itself was named
                    report.note(error, subject)
        report.read_bytes += pack.size
        tell(Progress("verifying", report.read_bytes, total))


def _read_sample(library: Library, sample: Sequence[Location], report: Report, tell: Listener) -> None:
    total = sum(location.frame.sealed_length for location in sample)
    reader = ChunkReader(library, ChunkIndex(), ())
    for location in sample:
        try:
            reader.frame_at(location)
            report.frames += 1
        except DamagedObjectError as error:
            report.refused_pieces.add((location.pack.pack_id, location.offset))
            report.note(error, f"pack {location.pack.pack_id.hex()}")
        report.read_bytes += location.frame.sealed_length
        tell(Progress("verifying", report.read_bytes, total))


def _affected(each: Examined, report: Report) -> Affected | None:
    if not each.opened:
        return Affected(each.chat, each.export, whole=True, files=())
    objects = {each.listed.snapshot_id, *each.catalogs, *(location.pack.pack_id for location in each.pieces())}
    refused = [
        name
        for name, locations in each.files
        if any((location.pack.pack_id, location.offset) in report.refused_pieces for location in locations)
    ]
    if not refused and objects.isdisjoint(report.refused_objects):
        return None
    names = tuple(name for name in refused if name is not None)
    return Affected(each.chat, each.export, whole=None in refused, files=names)


def _pieces(locations: Iterable[Location]) -> list[Location]:
    """Different frames, in the order of their packs."""
    frames = {(location.pack.pack_id, location.offset): location for location in locations}
    return [frames[piece] for piece in sorted(frames)]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
