"""Snapshots: the sealed manifest of one import, the only truth about its files (format.md §7)."""

from dataclasses import dataclass
from typing import Final, Literal

from backupweb_client.format.cut import CUTS, Cut
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import ID_BYTES, LARGEST_SNAPSHOT_BODY, VERSION
from backupweb_client.format.sealed_object import open_object, place_of, seal_object
from backupweb_client.format.strict_json import Fields, pack_json, unpack_json
from backupweb_client.format.wire import to_base64url
from backupweb_client.primitives import Random

SourceKind = Literal["zip", "file"]
Reader = Literal["whatsapp", "files"]
_LABEL: Final = b"backupweb/v1/snapshot-object"
_SOURCE_KINDS: Final[tuple[SourceKind, ...]] = ("zip", "file")
_READERS: Final[tuple[Reader, ...]] = ("whatsapp", "files")
_U32: Final = 2**32 - 1
_U16: Final = 2**16 - 1


@dataclass(frozen=True)
class Source:
    """The export as it was given; `size` in bytes, `modified` in UTC, `comment` that of the zip."""

    name: str
    size: int
    modified: str | None
    kind: SourceKind
    comment: bytes


@dataclass(frozen=True)
class Summary:
    """What a list of chats shows; `first` and `last` are wall-clock times."""

    title: str
    people: tuple[str, ...]
    messages: int
    media: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class ZipEntry:
    """What the zip's central directory said; `time` is DOS date · 2¹⁶ + time, `raw` the name's bytes if not UTF-8."""

    method: int
    time: int
    attributes: int
    made_by: int
    flags: int
    crc32: int
    raw: bytes | None


@dataclass(frozen=True)
class StoredFile:
    """One file; `size` in bytes, `modified` a wall-clock time, `entry` null when it was no zip entry."""

    name: str
    size: int
    modified: str | None
    type: str
    cut: Cut
    chunks: tuple[bytes, ...]
    entry: ZipEntry | None

    @property
    def is_folder(self) -> bool:
        return self.entry is not None and self.name.endswith("/") and not self.chunks


@dataclass(frozen=True)
class Snapshot:
    snapshot_id: bytes
    library: bytes
    epoch: int
    conversation: bytes
    added: str
    source: Source
    reader: Reader
    summary: Summary
    catalogs: tuple[bytes, ...]
    files: tuple[StoredFile, ...]


def seal_snapshot(keys: LibraryKeys, snapshot: Snapshot, random: Random) -> bytes:
    return seal_object(place_of(keys, keys.snapshot, _LABEL, snapshot.snapshot_id), write_snapshot(snapshot), random)


def open_snapshot(keys: LibraryKeys, snapshot_id: bytes, sealed: bytes) -> Snapshot:
    snapshot = read_snapshot(open_object(place_of(keys, keys.snapshot, _LABEL, snapshot_id), sealed))
    inside = (snapshot.library, snapshot.epoch, snapshot.snapshot_id)
    if inside != (keys.library, keys.epoch, snapshot_id):
        raise DamagedObjectError("wrong-library")
    return snapshot


def write_snapshot(snapshot: Snapshot) -> bytes:
    source, summary = snapshot.source, snapshot.summary
    return pack_json(
        {
            "format": VERSION,
            "id": snapshot.snapshot_id.hex(),
            "library": snapshot.library.hex(),
            "epoch": snapshot.epoch,
            "conversation": snapshot.conversation.hex(),
            "added": snapshot.added,
            "source": {
                "name": source.name,
                "size": source.size,
                "modified": source.modified,
                "kind": source.kind,
                "comment": to_base64url(source.comment),
            },
            "reader": snapshot.reader,
            "summary": {
                "title": summary.title,
                "people": list(summary.people),
                "messages": summary.messages,
                "media": summary.media,
                "first": summary.first,
                "last": summary.last,
            },
            "catalogs": [catalog.hex() for catalog in snapshot.catalogs],
            "files": [_file_fields(file) for file in snapshot.files],
        }
    )


def read_snapshot(body: bytes) -> Snapshot:
    fields = unpack_json(body, LARGEST_SNAPSHOT_BODY)
    if fields.whole("format") != VERSION:
        raise DamagedObjectError("unknown-version")
    snapshot = Snapshot(
        snapshot_id=fields.identity("id"),
        library=fields.identity("library"),
        epoch=fields.whole("epoch", _U32),
        conversation=fields.identity("conversation"),
        added=fields.utc("added"),
        source=_read_source(fields.inner("source")),
        reader=fields.one_of("reader", _READERS),
        summary=_read_summary(fields.inner("summary")),
        catalogs=fields.identities("catalogs"),
        files=tuple(_read_file(file) for file in fields.inners("files")),
    )
    fields.complete()
    return snapshot


def _file_fields(file: StoredFile) -> dict[str, object]:
    return {
        "name": file.name,
        "size": file.size,
        "modified": file.modified,
        "type": file.type,
        "cut": file.cut,
        "chunks": to_base64url(b"".join(file.chunks)),
        "entry": None if file.entry is None else _entry_fields(file.entry),
    }


def _entry_fields(entry: ZipEntry) -> dict[str, object]:
    return {
        "method": entry.method,
        "time": entry.time,
        "attributes": entry.attributes,
        "madeBy": entry.made_by,
        "flags": entry.flags,
        "crc32": entry.crc32,
        "raw": None if entry.raw is None else to_base64url(entry.raw),
    }


def _read_source(fields: Fields) -> Source:
    source = Source(
        name=fields.text("name"),
        size=fields.whole("size"),
        modified=fields.utc_or_null("modified"),
        kind=fields.one_of("kind", _SOURCE_KINDS),
        comment=fields.base64url("comment"),
    )
    fields.complete()
    return source


def _read_summary(fields: Fields) -> Summary:
    summary = Summary(
        title=fields.text("title"),
        people=fields.texts("people"),
        messages=fields.whole("messages"),
        media=fields.whole("media"),
        first=fields.wall_clock_or_null("first"),
        last=fields.wall_clock_or_null("last"),
    )
    fields.complete()
    return summary


def _read_file(fields: Fields) -> StoredFile:
    entry = fields.inner_or_null("entry")
    file = StoredFile(
        name=fields.text("name"),
        size=fields.whole("size"),
        modified=fields.wall_clock_or_null("modified"),
        type=fields.text("type"),
        cut=fields.one_of("cut", CUTS),
        chunks=_read_chunks(fields.base64url("chunks")),
        entry=None if entry is None else _read_entry(entry),
    )
    fields.complete()
    if bool(file.chunks) != bool(file.size):  # no chunk is empty
        raise DamagedObjectError("malformed")
    return file


def _read_chunks(joined: bytes) -> tuple[bytes, ...]:
    if len(joined) % ID_BYTES:
        raise DamagedObjectError("malformed")
    return tuple(joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES))


def _read_entry(fields: Fields) -> ZipEntry:
    entry = ZipEntry(
        method=fields.whole("method", _U16),
        time=fields.whole("time", _U32),
        attributes=fields.whole("attributes", _U32),
        made_by=fields.whole("madeBy", _U16),
        flags=fields.whole("flags", _U16),
        crc32=fields.whole("crc32", _U32),
        raw=fields.base64url_or_null("raw"),
    )
    fields.complete()
    return entry
