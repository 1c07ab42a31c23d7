"""Writes an export's files as one zip again: original order, names, times and attributes; every entry byte for byte."""

import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from backupweb_client.exports.found import dos_parts
from backupweb_client.format.file_list import StoredFile

_UTF8 = 0x0800
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NO_TIME = 0x00210000  # 1980-01-01 00:00


class _NamedInfo(zipfile.ZipInfo):
    """An entry whose name is written with exactly these bytes."""

    raw = b""
    marked = 0

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's own name for it
        return self.raw, self.flag_bits | self.marked


class ZipTarget:
    def __init__(self, path: Path, comment: bytes) -> None:
        self._archive = zipfile.ZipFile(path, "x", allowZip64=True)
        self._archive.comment = comment

    def __enter__(self) -> "ZipTarget":
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def write(self, file: StoredFile, content: Iterable[bytes], path: str | None = None) -> None:
        """Under `path`, or under the name that it had in its zip. What the content refuses, the zip does not name."""
        info = _info(file, path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the same name may stand twice
            target: IO[bytes] = self._archive.open(info, "w", force_zip64=file.size >= zipfile.ZIP64_LIMIT // 2)
        if file.entry is not None:
            info.external_attr = file.entry.attributes  # the library puts something else in place of zero
        try:
            with target:
                for piece in content:
                    target.write(piece)
        except BaseException:
            self._forget(info)
            raise

    def _forget(self, info: zipfile.ZipInfo) -> None:
        """Closing has listed it, with whatever came before the refusal."""
        if info in self._archive.filelist:
            self._archive.filelist.remove(info)
            self._archive.NameToInfo.pop(info.filename, None)


def _info(file: StoredFile, path: str | None) -> _NamedInfo:
    info = _NamedInfo()
    info.file_size = file.size
    entry = file.entry
    info.date_time = dos_parts(_NO_TIME if entry is None else entry.time)
    if path is not None and file.is_folder:
        path += "/"
    name = file.name if path is None else path
    info.filename = info.orig_filename = name
    if entry is None:
        info.raw, info.marked = name.encode(), _UTF8
        info.compress_type = zipfile.ZIP_DEFLATED
        return info
    own = entry.raw if path is None else None
    info.raw = name.encode() if own is None else own
    info.compress_type = entry.method if entry.method in _STORED else zipfile.ZIP_DEFLATED
    info.create_system, info.create_version = entry.made_by >> 8, entry.made_by & 0xFF
    info.marked = entry.flags & _UTF8 if path is None else _UTF8
    return info
