"""What a restore writes, and where: every export whole in a folder of its own, as the browser lays them out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from backupweb_client.engine.chunks import index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.exports.safe_names import SafeNames
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.head import Head
from backupweb_client.format.snapshot import Snapshot

_TOP = PurePosixPath()


@dataclass(frozen=True)
class Output:
    """A file or folder of an import, and its path below the place; `root` is its export's folder."""

    snapshot: Snapshot
    file: StoredFile
    root: PurePosixPath
    path: PurePosixPath

    @property
    def name(self) -> str:
        """As its export calls it."""
        source = self.snapshot.source
        return source.name if source.kind == "file" else self.file.name

    @property
    def renamed(self) -> bool:
        return str(self.path.relative_to(self.root)) != self.name.rstrip("/")


def plan_import(library: Library, head: Head, snapshot: Snapshot) -> list[Output]:
    """One import by itself: its files at the top."""
    return list(_outputs(SafeNames(), snapshot, _files(library, head, snapshot), _TOP))


def plan_imports(
    library: Library, head: Head, snapshots: Sequence[Snapshot], *, chats: bool, once: bool
) -> list[Output]:
    """
    Several imports: a folder for each, with the day of its last message, below its chat if `chats`.

    `once`: what several imports of a chat hold is written to the newest of them only.
    """
    names = SafeNames()
    called = {each.conversation: each.name for each in head.conversations}
    planned: list[Output] = []
    for conversation in dict.fromkeys(each.conversation for each in snapshots):
        imports = sorted((each for each in snapshots if each.conversation == conversation), key=_age)
        single = len(imports) == 1 and imports[0].source.kind == "file"
        at = names.own_folder(called.get(conversation, "")) if chats and not single else _TOP
        # Oldest first, so that names stay when more imports come; filled newest first, so that the newest is whole.
        placed = [(each, _root(names, each, at)) for each in imports]
        seen: set[tuple[int, int | None, tuple[bytes, ...]]] = set()
        for snapshot, root in reversed(placed):
            for output in _outputs(names, snapshot, _files(library, head, snapshot), root):
                content = _content(output.file)
                if once and output.file.size > 0 and content in seen:
                    continue
                seen.add(content)
                planned.append(output)
    return planned


def _root(names: SafeNames, snapshot: Snapshot, at: PurePosixPath) -> PurePosixPath:
    source = snapshot.source
    if source.kind == "file":
        return at
    name = source.name[:-4] if source.name.lower().endswith(".zip") else source.name
    return names.own_folder(f"{name} {(snapshot.summary.last or snapshot.added)[:10]}", at)


def _files(library: Library, head: Head, snapshot: Snapshot) -> tuple[StoredFile, ...]:
    return open_file_list(library, index_for(library, head, snapshot), snapshot)


def _outputs(
    names: SafeNames, snapshot: Snapshot, files: Sequence[StoredFile], root: PurePosixPath
) -> Iterator[Output]:
    for file in files:
        if file.is_folder:
            yield Output(snapshot, file, root, names.folder(file.name, root))
        else:
            name = snapshot.source.name if snapshot.source.kind == "file" else file.name
            yield Output(snapshot, file, root, names.file(name, root))


def _content(file: StoredFile) -> tuple[int, int | None, tuple[bytes, ...]]:
    return file.size, None if file.entry is None else file.entry.crc32, file.chunks


def _age(snapshot: Snapshot) -> tuple[str, bytes]:
    return snapshot.summary.last or snapshot.added, snapshot.snapshot_id
