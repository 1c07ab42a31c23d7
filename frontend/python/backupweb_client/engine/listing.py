"""The file list of an import: made, and opened again, verified like every file."""

import io

from backupweb_client.engine.chunks import ChunkIndex, ChunkReader
from backupweb_client.engine.library import Library
from backupweb_client.engine.plan import PlannedFile, cut_file
from backupweb_client.exports.found import FoundFile
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.file_list import StoredFile, read_file_list, write_file_list
from backupweb_client.format.frame import ChunkEntry, chunk_id
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import TEXT_TAIL
from backupweb_client.format.snapshot import FileListRef, Snapshot, TextRef


def open_file_list(library: Library, index: ChunkIndex, snapshot: Snapshot) -> tuple[StoredFile, ...]:
    """`index` has the snapshot's catalogs. What the snapshot says of list and text has to be so."""
    reader = ChunkReader(library, index, snapshot.files.chunks)
    text = b"".join(reader.chunk(chunk) for chunk in snapshot.files.chunks)
    subject = f"list of snapshot {snapshot.snapshot_id.hex()}"
    if len(text) != snapshot.files.size:
        raise DamagedObjectError("malformed", subject)
    try:
        files = read_file_list(text)
    except DamagedObjectError as error:
        raise error.about(subject) from error
    fits = snapshot.text is None or text_ref(files, snapshot.text.number) == snapshot.text
    if len(files) != snapshot.files.count or not fits:
        raise DamagedObjectError("malformed", subject)
    return files


def plan_list(keys: LibraryKeys, files: tuple[StoredFile, ...]) -> PlannedFile:
    """The list as a file that is to be sent."""
    text = write_file_list(files)
    found = FoundFile("", len(text), None, "", None, lambda: io.BytesIO(text))
    _, chunks = cut_file(keys, found)
    return PlannedFile(found, "text", tuple(ChunkEntry(chunk_id(keys, chunk), len(chunk)) for chunk in chunks))


def list_ref(planned: PlannedFile, count: int) -> FileListRef:
    return FileListRef(count, planned.size, tuple(chunk.chunk_id for chunk in planned.chunks))


def text_ref(files: tuple[StoredFile, ...], number: int | None) -> TextRef | None:
    """Null for what is no text, is empty, or is not cut by lines."""
    if number is None or number >= len(files):
        return None
    file = files[number]
    if not file.size or file.cut != "text":
        return None
    return TextRef(number, file.size, file.chunks[-TEXT_TAIL:])
