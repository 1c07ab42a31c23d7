"""An export as it lies on disk: a zip is opened and every entry is a file of its own; anything else is one file."""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from backupweb_client.errors import ClientError
from backupweb_client.exports.content_type import content_type
from backupweb_client.format.file_list import ZipEntry
from backupweb_client.format.snapshot import Source

_ENCRYPTED = 0x0001
_UTF8 = 0x0800
PIECE = 1024 * 1024


class UnreadableZipError(Exception):
    """A zip, or something that looks like one, of which not every entry can be read."""


# What the library raises for damage, for encrypted entries (RuntimeError) and for methods it does not know.
_UNREADABLE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, UnicodeDecodeError, EOFError, zlib.error)


@dataclass(frozen=True)
class FoundFile:
    """`size` in bytes, `modified` a wall-clock time."""

    name: str
    size: int
    modified: str | None
    type: str
    entry: ZipEntry | None
    opens: Callable[[], IO[bytes]]

    def pieces(self) -> Iterator[bytes]:
        """The content from its beginning, every piece but the last `PIECE` bytes long."""
        try:
            with self.opens() as stream:
                while piece := _full_read(stream):
                    yield piece
        except _UNREADABLE as error:
            raise UnreadableZipError from error


@dataclass(frozen=True)
class FoundExport:
    source: Source
    files: tuple[FoundFile, ...]


@contextmanager
def open_export(path: Path, *, as_zip: bool) -> Iterator[FoundExport]:
    """The files of an export in the order of the zip's central directory; what cannot be read is told by name."""
    with _readable(path) as file:
        if not as_zip:
            yield FoundExport(_source(path, "file", b""), (_whole(path),))
            return
        try:
            archive = zipfile.ZipFile(file)
            files = tuple(_entry(archive, info) for info in archive.infolist())
        except _UNREADABLE as error:
            raise UnreadableZipError from error
        with archive:
            yield FoundExport(_source(path, "zip", archive.comment), files)


def _full_read(stream: IO[bytes]) -> bytes:
    """A zip entry may give less than was asked for before its end."""
    parts: list[bytes] = []
    missing = PIECE
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def looks_like_zip(path: Path) -> bool:
    with _readable(path) as file:
        return zipfile.is_zipfile(file)


def _readable(path: Path) -> IO[bytes]:
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return path.open("rb")
    except OSError as error:
        raise ClientError(f"{path} cannot be read: {error.strerror}.", "Name the file of the export.") from error
    raise ClientError(f"{path} is not a file.", "Zip a folder first, then add the zip.")


def _source(path: Path, kind: str, comment: bytes) -> Source:
    status = path.stat()
    modified = datetime.fromtimestamp(int(status.st_mtime), UTC)
    return Source(
        name=path.name,
        size=status.st_size,
        modified=modified.strftime("%Y-%m-%dT%H:%M:%SZ"),
        kind="zip" if kind == "zip" else "file",
        comment=comment,
    )


def _whole(path: Path) -> FoundFile:
    status = path.stat()
    local = datetime.fromtimestamp(int(status.st_mtime)).strftime("%Y-%m-%dT%H:%M:%S")  # noqa: DTZ006 - a wall clock
    return FoundFile(path.name, status.st_size, local, content_type(path.name), None, lambda: path.open("rb"))


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> FoundFile:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableZipError
    name, raw = _name(info)
    entry = ZipEntry(
        method=info.compress_type,
        time=_dos_time(info.date_time),
        attributes=info.external_attr,
        made_by=info.create_system << 8 | info.create_version,
        flags=info.flag_bits,
        crc32=info.CRC,
        raw=raw,
    )
    return FoundFile(
        name, info.file_size, wall_clock(entry.time), content_type(name), entry, lambda: archive.open(info, "r")
    )


def _name(info: zipfile.ZipInfo) -> tuple[str, bytes | None]:
    """The name, and its bytes when they are not UTF-8; phones write UTF-8 whether they say so or not."""
    if info.flag_bits & _UTF8:
        return info.orig_filename, None
    raw = info.orig_filename.encode("cp437")  # undoes what the library did
    try:
        return raw.decode("utf-8"), None
    except UnicodeDecodeError:
        return info.orig_filename, raw


def _dos_time(parts: tuple[int, int, int, int, int, int]) -> int:
    year, month, day, hour, minute, second = parts
    return ((year - 1980) << 9 | month << 5 | day) << 16 | hour << 11 | minute << 5 | second // 2


def dos_parts(time: int) -> tuple[int, int, int, int, int, int]:
    """Year, month, day, hour, minute, second of a DOS date and time, as they stand, even if there is no such day."""
    date, clock = time >> 16, time & 0xFFFF
    return (date >> 9) + 1980, date >> 5 & 15, date & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2


def wall_clock(time: int) -> str | None:
    """A DOS date and time as `YYYY-MM-DDTHH:MM:SS`, or null when there is no such moment."""
    try:
        return datetime(*dos_parts(time)).strftime("%Y-%m-%dT%H:%M:%S")  # noqa: DTZ001 - a wall clock
    except ValueError:
        return None
