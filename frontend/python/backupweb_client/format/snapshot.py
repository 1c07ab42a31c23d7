"""Snapshots: the sealed root of one import. It points at the list of files, and stays small (format.md §7)."""

from dataclasses import dataclass
from typing import Final, Literal

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.file_list import read_ids
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import LARGEST_FILE_LIST, LARGEST_SNAPSHOT_BODY, TEXT_TAIL, VERSION
from backupweb_client.format.sealed_object import open_object, place_of, seal_object
from backupweb_client.format.strict_json import Fields, pack_json, unpack_json
from backupweb_client.format.wire import to_base64url
from backupweb_client.primitives import Random

SourceKind = Literal["zip", "file"]
Reader = Literal["whatsapp", "telegram", "signal", "meta", "database", "files"]
_LABEL: Final = b"backupweb/v1/snapshot-object"
_SOURCE_KINDS: Final[tuple[SourceKind, ...]] = ("zip", "file")
_READERS: Final[tuple[Reader, ...]] = ("whatsapp", "telegram", "signal", "meta", "database", "files")
_U32: Final = 2**32 - 1


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
class CatalogHint:
    """The catalog names chunks of the list, or of files `start` (included) to `end` (excluded); both 0: of no file."""

    catalog_id: bytes
    of_list: bool
    start: int
    end: int


@dataclass(frozen=True)
class FileListRef:
    """Where the list lies: how many files it names, its size in bytes, its chunks."""

    count: int
    size: int
    chunks: tuple[bytes, ...]


@dataclass(frozen=True)
class TextRef:
    """Which file the chat's text is, its size in bytes, and its last chunks: all, or 32 of them."""

    number: int
    size: int
    tail: tuple[bytes, ...]


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
    catalogs: tuple[CatalogHint, ...]
    files: FileListRef
    text: TextRef | None


def seal_snapshot(keys: LibraryKeys, snapshot: Snapshot, random: Random) -> bytes:
    return seal_object(place_of(keys, keys.snapshot, _LABEL, snapshot.snapshot_id), write_snapshot(snapshot), random)


def open_snapshot(keys: LibraryKeys, snapshot_id: bytes, sealed: bytes) -> Snapshot:
    snapshot = read_snapshot(open_object(place_of(keys, keys.snapshot, _LABEL, snapshot_id), sealed))
    inside = (snapshot.library, snapshot.epoch, snapshot.snapshot_id)
    if inside != (keys.library, keys.epoch, snapshot_id):
        raise DamagedObjectError("wrong-library")
    return snapshot


def write_snapshot(snapshot: Snapshot) -> bytes:
    source, summary, text = snapshot.source, snapshot.summary, snapshot.text
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
            "catalogs": [
                {"id": each.catalog_id.hex(), "list": each.of_list, "from": each.start, "to": each.end}
                for each in snapshot.catalogs
            ],
            "files": {
                "count": snapshot.files.count,
                "size": snapshot.files.size,
                "chunks": to_base64url(b"".join(snapshot.files.chunks)),
            },
            "text": text and {"number": text.number, "size": text.size, "tail": to_base64url(b"".join(text.tail))},
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
        catalogs=tuple(_read_hint(each) for each in fields.inners("catalogs")),
        files=_read_files(fields.inner("files")),
        text=_read_text(fields.inner_or_null("text")),
    )
    fields.complete()
    _check(snapshot)
    return snapshot


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


def _read_hint(fields: Fields) -> CatalogHint:
    hint = CatalogHint(fields.identity("id"), fields.flag("list"), fields.whole("from", _U32), fields.whole("to", _U32))
    fields.complete()
    return hint


def _read_files(fields: Fields) -> FileListRef:
    files = FileListRef(fields.whole("count", _U32), fields.whole("size"), read_ids(fields.base64url("chunks")))
    fields.complete()
    return files


def _read_text(fields: Fields | None) -> TextRef | None:
    if fields is None:
        return None
    text = TextRef(fields.whole("number", _U32), fields.whole("size"), read_ids(fields.base64url("tail")))
    fields.complete()
    return text


def _check(snapshot: Snapshot) -> None:
    """What the shape of one field cannot say."""
    files, text = snapshot.files, snapshot.text
    empty = (files.count == 0, files.size == 0, not files.chunks)
    hints = [(each.start, each.end) for each in snapshot.catalogs]
    fits = [
        len(set(empty)) == 1,
        files.size <= LARGEST_FILE_LIST,
        len({each.catalog_id for each in snapshot.catalogs}) == len(snapshot.catalogs),
        all((start, end) == (0, 0) or start < end <= files.count for start, end in hints),
        text is None or (text.number < files.count and text.size > 0 and 0 < len(text.tail) <= TEXT_TAIL),
    ]
    if not all(fits):
        raise DamagedObjectError("malformed")
