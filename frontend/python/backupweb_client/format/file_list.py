"""The file list of an import: a text, cut and sealed like the text of a chat (format.md §7).

one file, one line of JSON ‖ 0x0A          in the order of the zip's directory, in exactly one spelling
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backupweb_client.format.cut import CUTS, Cut
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.limits import ID_BYTES, LARGEST_FILE_LIST
from backupweb_client.format.strict_json import Fields, parse_json, spell_json
from backupweb_client.format.wire import to_base64url

_U32: Final = 2**32 - 1
_U16: Final = 2**16 - 1


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


def write_file_list(files: Sequence[StoredFile]) -> bytes:
    text = b"".join(_line(file) for file in files)
    if len(text) > LARGEST_FILE_LIST:
        raise DamagedObjectError("too-large")
    return text


def read_file_list(text: bytes) -> tuple[StoredFile, ...]:
    if len(text) > LARGEST_FILE_LIST:
        raise DamagedObjectError("too-large")
    lines = text.split(b"\n")
    if lines.pop():
        raise DamagedObjectError("malformed")
    files = tuple(_read_file(parse_json(line)) for line in lines)
    # One spelling only: nobody may see another list in the same bytes.
    if write_file_list(files) != text:
        raise DamagedObjectError("malformed")
    return files


def read_ids(joined: bytes) -> tuple[bytes, ...]:
    if len(joined) % ID_BYTES:
        raise DamagedObjectError("malformed")
    return tuple(joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES))


def _line(file: StoredFile) -> bytes:
    return (
        spell_json(
            {
                "name": file.name,
                "size": file.size,
                "modified": file.modified,
                "type": file.type,
                "cut": file.cut,
                "chunks": to_base64url(b"".join(file.chunks)),
                "entry": None if file.entry is None else _entry_fields(file.entry),
            }
        )
        + b"\n"
    )


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


def _read_file(fields: Fields) -> StoredFile:
    entry = fields.inner_or_null("entry")
    file = StoredFile(
        name=fields.text("name"),
        size=fields.whole("size"),
        modified=fields.wall_clock_or_null("modified"),
        type=fields.text("type"),
        cut=fields.one_of("cut", CUTS),
        chunks=read_ids(fields.base64url("chunks")),
        entry=None if entry is None else _read_entry(entry),
    )
    fields.complete()
    if bool(file.chunks) != bool(file.size):  # no chunk is empty
        raise DamagedObjectError("malformed")
    return file


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
