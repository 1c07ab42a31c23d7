"""Getting an import back: its files in a folder, or one zip; nothing is named as finished before it is complete."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from backupweb_client.engine.chunks import ChunkReader, index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.errors import ClientError
from backupweb_client.exports.safe_names import SafeNames, safe_component
from backupweb_client.exports.zip_target import ZipTarget
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot, StoredFile


def restore_files(
    library: Library, head: Head, snapshot: Snapshot, folder: Path, tell: Listener = nobody
) -> list[Path]:
    """Every file of the import below `folder`, which has to be new or empty; the paths in the snapshot's order."""
    _empty_folder(folder)
    content = _contents(library, head, snapshot, tell)
    names = SafeNames()
    written: list[Path] = []
    for file in snapshot.files:
        if file.is_folder:
            path = folder / names.folder(file.name)
            path.mkdir(parents=True, exist_ok=True)
        else:
            path = folder / names.file(file.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content(file), file.modified)
        written.append(path)
    return written


def restore_original(library: Library, head: Head, snapshot: Snapshot, folder: Path, tell: Listener = nobody) -> Path:
    """The export as one file again: a zip with the original order, names and times, or the file it was."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / safe_component(snapshot.source.name or "export")
    if target.exists():
        raise ClientError(f"{target} is already there.", "Choose another folder.")
    content = _contents(library, head, snapshot, tell)
    if snapshot.source.kind == "file" and len(snapshot.files) == 1:
        (file,) = snapshot.files
        _write(target, content(file), file.modified)
        return target
    unfinished = _unfinished(target)
    try:
        with ZipTarget(unfinished, snapshot.source.comment) as archive:
            for file in snapshot.files:
                archive.write(file, content(file))
        unfinished.rename(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return target


def _contents(
    library: Library, head: Head, snapshot: Snapshot, tell: Listener
) -> Callable[[StoredFile], Iterator[bytes]]:
    expected = [chunk for file in snapshot.files for chunk in file.chunks]
    reader = ChunkReader(library, index_for(library, head, snapshot), expected)
    total = sum(file.size for file in snapshot.files)
    done = 0

    def content(file: StoredFile) -> Iterator[bytes]:
        nonlocal done
        for chunk in reader.file(file):
            yield chunk
            done += len(chunk)
            tell(Progress("restoring", done, total))

    return content


def _empty_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Links that lie there already could lead out of the folder, and files could be overwritten.
    if any(folder.iterdir()):
        raise ClientError(f"{folder} is not empty.", "Name a new or an empty folder.")


def _write(path: Path, content: Iterator[bytes], modified: str | None) -> None:
    unfinished = _unfinished(path)
    try:
        with unfinished.open("xb") as file:
            for chunk in content:
                file.write(chunk)
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if modified is not None:
        with suppress(ValueError, OverflowError, OSError):  # a moment this file system cannot hold
            moment = datetime.fromisoformat(modified).timestamp()
            os.utime(path, (moment, moment))


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{secrets.token_hex(8)}.unfinished")
