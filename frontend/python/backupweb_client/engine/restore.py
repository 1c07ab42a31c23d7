"""
Getting things back: files in a folder, or one zip; nothing is named as finished before it is complete and checked.

Every frame is authenticated and every chunk named again when it is opened; a file is then as long as its snapshot says
and sums up to what its zip said. Whoever goes on after a cut looks at what lies there, and believes only bytes of the
right names.
"""

import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from os import utime
from os.path import lexists
from pathlib import Path, PurePosixPath

from backupweb_client.engine.chunks import ChunkIndex, ChunkReader, index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.engine.restore_plan import Output, plan_import
from backupweb_client.errors import ClientError
from backupweb_client.exports.safe_names import numbered, safe_component
from backupweb_client.exports.zip_target import ZipTarget
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.frame import chunk_id
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot


@dataclass
class Restored:
    """What came of it; `already_there` files are among `files`, and were checked like the others."""

    files: int = 0
    bytes: int = 0
    already_there: int = 0
    paths: list[Path] = field(default_factory=list)
    """In the order of the plan, folders included."""
    renamed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, DamagedObjectError]] = field(default_factory=list)


def restore_files(
    library: Library, head: Head, outputs: Sequence[Output], folder: Path, tell: Listener = nobody
) -> Restored:
    """Writes what is planned below `folder`; what lies there is checked, and what is another's is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = _Contents(library, head, outputs, tell)
    restored = Restored()
    for output in outputs:
        if output.file.is_folder:
            path = folder / output.path
            _make_folder(folder, output.path)
        else:
            _make_folder(folder, output.path.parent)
            try:
                path, there = _written(contents, output, folder)
            except DamagedObjectError as error:
                restored.refused.append((str(output.path), error))
                continue
            restored.files += 1
            restored.bytes += output.file.size
            restored.already_there += there
        restored.paths.append(path)
        if output.renamed or path != folder / output.path:
            restored.renamed.append((output.name, str(path.relative_to(folder / output.root))))
    return restored


def restore_zip(
    library: Library, head: Head, outputs: Sequence[Output], target: Path, tell: Listener = nobody
) -> Restored:
    """One zip of everything that is planned, under the paths of the plan. Cut off, it begins anew."""
    contents = _Contents(library, head, outputs, tell)
    return _zipped(contents, outputs, target, b"", lambda output: str(output.path))


def restore_original(library: Library, head: Head, snapshot: Snapshot, folder: Path, tell: Listener = nobody) -> Path:
    """The export as one file again: a zip with the original order, names and times, or the file it was."""
    target = folder / safe_component(snapshot.source.name or "export")
    outputs = plan_import(library, head, snapshot)
    contents = _Contents(library, head, outputs, tell)
    if snapshot.source.kind == "file" and len(outputs) == 1:
        _not_there(target)
        _write(target, contents.checked(outputs[0]), outputs[0].file.modified)
        return target
    restored = _zipped(contents, outputs, target, snapshot.source.comment, lambda _: None)
    for _, error in restored.refused:
        target.unlink()
        raise error
    return target


class _Contents:
    """The contents of files: from the server, or from where this restore wrote the same before."""

    def __init__(self, library: Library, head: Head, outputs: Iterable[Output], tell: Listener) -> None:
        self._library = library
        self._head = head
        self._tell = tell
        self._files = [output for output in outputs if not output.file.is_folder]
        self._total = sum(output.file.size for output in self._files)
        self._done = 0
        self._readers: dict[bytes, tuple[ChunkIndex, ChunkReader]] = {}
        self._written: dict[tuple[bytes, ...], Path] = {}

    def checked(self, output: Output) -> Iterator[bytes]:
        """Chunk by chunk; refuses at the end what is not as long, or does not sum up."""
        file = output.file
        before = self._written.get(file.chunks) if file.chunks else None
        source = self._fetched(output) if before is None else self._copied(output, before)
        size = total = 0
        for chunk in source:
            yield chunk
            size += len(chunk)
            total = zlib.crc32(chunk, total)
            self._advance(len(chunk))
        if size != file.size or (file.entry is not None and file.entry.crc32 != total):
            raise DamagedObjectError("malformed", f"file {output.path}")

    def holds(self, output: Output, path: Path) -> bool:
        """Whether these are the file's bytes: every chunk is named again."""
        file = output.file
        if path.stat().st_size != file.size:
            return False
        total = 0
        for chunk, identity in self._read(output, path):
            if chunk_id(self._library.keys, chunk) != identity:
                return False
            total = zlib.crc32(chunk, total)
        if file.entry is not None and file.entry.crc32 != total:
            return False
        self._advance(file.size)
        self._written[file.chunks] = path
        return True

    def wrote(self, output: Output, path: Path) -> None:
        self._written[output.file.chunks] = path

    def _fetched(self, output: Output) -> Iterator[bytes]:
        return self._reader(output.snapshot)[1].file(output.file)

    def _copied(self, output: Output, path: Path) -> Iterator[bytes]:
        for chunk, identity in self._read(output, path):
            if chunk_id(self._library.keys, chunk) != identity:
                raise ClientError(f"{path} changed meanwhile.", "Leave the folder alone until everything is back.")
            yield chunk

    def _read(self, output: Output, path: Path) -> Iterator[tuple[bytes, bytes]]:
        index = self._reader(output.snapshot)[0]
        with path.open("rb") as file:
            for identity in output.file.chunks:
                yield file.read(index.locate(identity).length), identity

    def _reader(self, snapshot: Snapshot) -> tuple[ChunkIndex, ChunkReader]:
        known = self._readers.get(snapshot.snapshot_id)
        if known is None:
            index = index_for(self._library, self._head, snapshot)
            expected = [chunk for output in self._files if output.snapshot is snapshot for chunk in output.file.chunks]
            # One import after the other: what the one before needed is not needed again.
            self._readers.clear()
            known = self._readers[snapshot.snapshot_id] = index, ChunkReader(self._library, index, expected)
        return known

    def _advance(self, size: int) -> None:
        self._done += size
        self._tell(Progress("restoring", self._done, self._total))


def _written(contents: _Contents, output: Output, folder: Path) -> tuple[Path, bool]:
    """Under the first name that is free, or is this very file. What else lies there is the person's."""
    number = 1
    while True:
        name = output.path.name if number == 1 else numbered(output.path.name, number)
        path = folder / output.path.parent / name
        if not lexists(path):
            break
        if path.is_file() and not path.is_symlink() and contents.holds(output, path):
            return path, True
        number += 1
    _write(path, contents.checked(output), output.file.modified)
    contents.wrote(output, path)
    return path, False


def _make_folder(folder: Path, below: PurePosixPath) -> None:
    """Step by step: a link that lies there already could lead out of the folder."""
    at = folder
    for part in below.parts:
        at /= part
        if at.is_symlink() or (at.exists() and not at.is_dir()):
            raise ClientError(f"{at} is in the way.", "Move it, or name another folder.")
        at.mkdir(exist_ok=True)


def _zipped(
    contents: _Contents,
    outputs: Sequence[Output],
    target: Path,
    comment: bytes,
    called: Callable[[Output], str | None],
) -> Restored:
    _not_there(target)
    restored = Restored()
    unfinished = _unfinished(target)
    try:
        with ZipTarget(unfinished, comment) as archive:
            for output in outputs:
                try:
                    content: Iterable[bytes] = () if output.file.is_folder else contents.checked(output)
                    archive.write(output.file, content, called(output))
                except DamagedObjectError as error:
                    restored.refused.append((str(output.path), error))
                    continue
                if not output.file.is_folder:
                    restored.files += 1
                    restored.bytes += output.file.size
        unfinished.rename(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    restored.paths.append(target)
    return restored


def _not_there(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if lexists(target):
        raise ClientError(f"{target} is already there.", "Choose another folder.")


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
            utime(path, (moment, moment))


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{secrets.token_hex(8)}.unfinished")
