"""From what a person types to an import or a chat: an id, the beginning of one, or a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from backupweb_client.engine.library import Library
from backupweb_client.errors import ClientError
from backupweb_client.format.head import Head, ListedConversation
from backupweb_client.format.snapshot import Snapshot

_SHORTEST_BEGINNING = 4
Meant = TypeVar("Meant")


@dataclass(frozen=True)
class Shelf:
    """Every import of a head, opened; newest last."""

    head: Head
    snapshots: tuple[Snapshot, ...]

    def of(self, conversation: bytes) -> list[Snapshot]:
        return [each for each in self.snapshots if each.conversation == conversation]


def read_shelf(library: Library) -> Shelf:
    head = library.newest_head().head
    snapshots = sorted((library.snapshot(each) for each in head.snapshots), key=lambda each: each.added)
    return Shelf(head, tuple(snapshots))


def find_import(shelf: Shelf, typed: str) -> Snapshot:
    """The import meant; of a chat, the newest one."""
    by_id = [each for each in shelf.snapshots if _begins(each.snapshot_id, typed)]
    if not by_id and (chats := _chats(shelf.head.conversations, typed)):
        by_id = shelf.of(_only(chats, typed).conversation)[-1:]
    return _only(by_id, typed)


def find_imports(shelf: Shelf, typed: str | None, *, every: bool) -> tuple[Snapshot, ...]:
    """Everything if nothing is named; of a chat all imports if `every`, else the newest."""
    if typed is None:
        return shelf.snapshots
    if every:
        return tuple(shelf.of(find_chat(shelf.head, typed).conversation))
    return (find_import(shelf, typed),)


def find_chat(head: Head, typed: str) -> ListedConversation:
    return _only(_chats(head.conversations, typed), typed)


def _chats(conversations: Sequence[ListedConversation], typed: str) -> list[ListedConversation]:
    by_name = [each for each in conversations if each.name.casefold() == typed.casefold()]
    return by_name or [each for each in conversations if _begins(each.conversation, typed)]


def _begins(identity: bytes, typed: str) -> bool:
    return len(typed) >= _SHORTEST_BEGINNING and identity.hex().startswith(typed.lower())


def _only(found: Sequence[Meant], typed: str) -> Meant:
    if len(found) == 1:
        return found[0]
    how_many = "Nothing" if not found else "More than one thing"
    raise ClientError(f"{how_many} here is called “{typed}”.", "`backupweb-client list` shows names and ids.")
