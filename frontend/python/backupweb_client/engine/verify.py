"""Reading back: every promise on the way from the head to a chunk is checked, in a sample or for everything."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.format.catalog import PackEntry
from backupweb_client.format.errors import DamagedObjectError, Refusal
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot
from backupweb_client.server.api import STORED, ObjectState

SAMPLE: Final = 32  # frames


@dataclass(frozen=True)
class Finding:
    """Something that was refused, and its name in the format's list."""

    code: Refusal
    subject: str


@dataclass
class Report:
    """What was read back; `read_bytes` counts sealed bytes of packs."""

    sequence: int = 0
    snapshots: int = 0
    catalogs: int = 0
    packs: int = 0
    frames: int = 0
    read_bytes: int = 0
    findings: list[Finding] = field(default_factory=list)

    def note(self, error: DamagedObjectError, subject: str) -> None:
        finding = Finding(error.code, error.subject or subject)
        if finding not in self.findings:
            self.findings.append(finding)


def check_import(library: Library, committed: Head, snapshot: Snapshot) -> int:
    """Right after adding: head, snapshot and catalogs as the server gives them now, and a sample of frames."""
    head = library.newest_head().head
    listed = next((each for each in head.snapshots if each.snapshot_id == snapshot.snapshot_id), None)
    if listed is None:
        raise DamagedObjectError("missing", f"snapshot {snapshot.snapshot_id.hex()} in head {committed.sequence}")
    stored = library.snapshot(listed)
    sample = _sample(_of_snapshot(library, index_for(library, head, stored), stored))
    reader = ChunkReader(library, ChunkIndex(), ())
    for location in sample:
        reader.frame_at(location)
    return len(sample)


def verify_library(library: Library, *, everything: bool, tell: Listener = nobody) -> Report:
    """Goes on after a refusal, so that the report is complete; only a refused head ends it at once."""
    report = Report()
    try:
        head = library.newest_head().head
    except DamagedObjectError as error:
        report.note(error, "head")
        return report
    report.sequence = head.sequence
    locations = _locations(library, head, report)
    packs = {location.pack.pack_id: location.pack for location in locations}
    report.packs = len(packs)
    _compare_with_table(library, head, packs, report)
    if everything:
        epochs = {location.pack.pack_id: location.epoch for location in locations}
        _read_packs(library, [(pack, epochs[pack.pack_id]) for pack in packs.values()], report, tell)
    else:
        _read_sample(library, _sample(locations), report, tell)
    return report


def _locations(library: Library, head: Head, report: Report) -> list[Location]:
    """Where every chunk of every listed snapshot lies; catalogs nobody needs any more are opened as well."""
    index = ChunkIndex()
    refused: set[bytes] = set()
    for listed in head.catalogs:
        try:
            index.add(listed.catalog_id, library.catalog(listed), listed.epoch)
            report.catalogs += 1
        except DamagedObjectError as error:
            refused.add(listed.catalog_id)
            report.note(error, f"catalog {listed.catalog_id.hex()}")
    locations: dict[tuple[bytes, int], Location] = {}
    for each in head.snapshots:
        try:
            snapshot = library.snapshot(each)
            report.snapshots += 1
            catalogs = [hint.catalog_id for hint in snapshot.catalogs]
            if refused.isdisjoint(catalogs):  # else it has been said why its chunks are not found
                for location in _of_snapshot(library, index.within(catalogs), snapshot):
                    locations[location.pack.pack_id, location.offset] = location
        except DamagedObjectError as error:
            report.note(error, f"snapshot {each.snapshot_id.hex()}")
    return list(locations.values())


def _of_snapshot(library: Library, index: ChunkIndex, snapshot: Snapshot) -> Iterator[Location]:
    """Where the chunks of its list and of its files lie; the hints have to lead there."""
    files = open_file_list(library, index, snapshot)
    contents = Contents(files, snapshot.files, None)
    for file in files:
        check_size(index, file)
    if not hints_hold(snapshot.catalogs, index, contents):
        raise DamagedObjectError("malformed", f"hints of snapshot {snapshot.snapshot_id.hex()}")
    for _, chunk in contents.chunks():
        yield index.locate(chunk)


def _compare_with_table(library: Library, head: Head, packs: dict[bytes, PackEntry], report: Report) -> None:
    """What the server itself says it stores: no proof, but it names what is gone without reading everything."""
    said = {state.object_id: state for state in library.api.objects()}
    promised = [
        *((f"snapshot {each.snapshot_id.hex()}", each.snapshot_id, each.size, each.digest) for each in head.snapshots),
        *((f"catalog {each.catalog_id.hex()}", each.catalog_id, each.size, each.digest) for each in head.catalogs),
        *((f"pack {each.pack_id.hex()}", each.pack_id, each.size, each.digest) for each in packs.values()),
    ]
    for subject, identity, size, digest in promised:
        if said.get(identity) != ObjectState(identity, STORED, size, digest):
            state = said.get(identity)
            gone = state is None or state.state != STORED
            report.note(DamagedObjectError("missing" if gone else "wrong-hash"), subject)


def _read_packs(library: Library, packs: list[tuple[PackEntry, int]], report: Report, tell: Listener) -> None:
    """Each with the epoch under whose key it is sealed."""
    total = sum(pack.size for pack, _ in packs)
    for pack, epoch in packs:
        subject = f"pack {pack.pack_id.hex()}"
        try:
            content = read_pack(library, pack)
            for offset, frame in pack.placed():
                read_frame(library.keys_of(epoch), frame, content[offset : offset + frame.sealed_length])
                report.frames += 1
        except DamagedObjectError as error:
            report.note(error, subject)
        report.read_bytes += pack.size
        tell(Progress("verifying", report.read_bytes, total))


def _read_sample(library: Library, sample: list[Location], report: Report, tell: Listener) -> None:
    total = sum(location.frame.sealed_length for location in sample)
    reader = ChunkReader(library, ChunkIndex(), ())
    for location in sample:
        try:
            reader.frame_at(location)
            report.frames += 1
        except DamagedObjectError as error:
            report.note(error, f"pack {location.pack.pack_id.hex()}")
        report.read_bytes += location.frame.sealed_length
        tell(Progress("verifying", report.read_bytes, total))


def _sample(locations: Iterable[Location]) -> list[Location]:
    """At most `SAMPLE` different frames, chosen where nobody can foresee it."""
    frames = list({(location.pack.pack_id, location.offset): location for location in locations}.values())
    return frames if len(frames) <= SAMPLE else secrets.SystemRandom().sample(frames, SAMPLE)
