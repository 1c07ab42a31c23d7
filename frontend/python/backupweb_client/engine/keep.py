"""The rule of each chat, kept sealed in the head, and deleting what a person decided to delete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from backupweb_client.engine.holdings import held_import, stored_in
from backupweb_client.engine.library import Library
from backupweb_client.engine.retention import (
    HeldImport,
    Rule,
    Verdict,
    freed_by,
    kept_by_rule,
    propose,
    read_rule,
    spell_rule,
)
from backupweb_client.errors import ClientError
from backupweb_client.format.follow import FollowedHead, head_upon
from backupweb_client.format.head import Head, ListedConversation, seal_head
from backupweb_client.format.snapshot import Snapshot
from backupweb_client.primitives import sha256

_SETTING: Final = "keep"
_COMMIT_TRIES: Final = 5


@dataclass(frozen=True)
class JudgedChat:
    """`own` is false when the chat follows the rule for all."""

    conversation: ListedConversation
    rule: Rule
    own: bool
    verdicts: tuple[Verdict, ...]

    @property
    def goes(self) -> list[str]:
        return [each.identity for each in self.verdicts if not each.reasons]


def rule_of(head: Head, conversation: bytes | None) -> Rule:
    """Of one chat, or the one for all."""
    own = head.settings.get(_name(conversation))
    return read_rule(head.settings.get(_SETTING) if own is None else own)


def judge(library: Library, head: Head, snapshots: Sequence[Snapshot], conversation: ListedConversation) -> JudgedChat:
    """The chat is read only when the rule would let something go."""
    rule = rule_of(head, conversation.conversation)
    mine = [each for each in snapshots if each.conversation == conversation.conversation]
    dated = [HeldImport(each.snapshot_id.hex(), each.added, each.summary.last) for each in mine]
    needs_reading = len(kept_by_rule(dated, rule, None)) < len(dated)
    imports = [held_import(library, head, each) for each in mine] if needs_reading else dated
    own = _name(conversation.conversation) in head.settings
    return JudgedChat(conversation, rule, own, tuple(propose(imports, rule)))


def room_freed(library: Library, head: Head, snapshots: Sequence[Snapshot], goes: set[str]) -> int:
    return freed_by({each.snapshot_id.hex(): stored_in(library, head, each) for each in snapshots}, goes)


def set_rule(library: Library, conversation: bytes | None, rule: Rule | None) -> Head:
    """Null as rule: the chat follows the one for all."""

    def change(head: Head) -> tuple[Head, list[bytes]]:
        settings = {name: value for name, value in head.settings.items() if name != _name(conversation)}
        if rule is not None:
            settings[_name(conversation)] = spell_rule(rule)
        return replace(head, settings=settings), []

    return _commit(library, change)


def change_settings(library: Library, settings: Mapping[str, str]) -> Head:
    """These, and all others as they are."""
    return _commit(library, lambda head: (replace(head, settings={**head.settings, **settings}), []))


def delete_imports(library: Library, goes: set[str], staying: set[str], snapshots: Sequence[Snapshot]) -> Head:
    """In one commit, or not at all when another device meanwhile deleted one that was to stay."""
    opened = {each.snapshot_id: each for each in snapshots}

    def change(head: Head) -> tuple[Head, list[bytes]]:
        left = tuple(each for each in head.snapshots if each.snapshot_id.hex() not in goes)
        if not staying <= {each.snapshot_id.hex() for each in left}:
            raise ClientError("Another device changed this library meanwhile.", "Look at what stays, then try again.")
        staying_ones = [opened.get(each.snapshot_id) or library.snapshot(each) for each in left]
        needed = {hint.catalog_id for each in staying_ones for hint in each.catalogs}
        chats = {each.conversation for each in left}
        emptied = {each.conversation for each in head.snapshots} - chats
        gone = goes | {each.hex() for each in emptied}
        changed = replace(
            head,
            snapshots=left,
            catalogs=tuple(each for each in head.catalogs if each.catalog_id in needed),
            conversations=tuple(each for each in head.conversations if each.conversation not in emptied),
            settings={name: value for name, value in head.settings.items() if name.rpartition("/")[2] not in gone},
        )
        return changed, [each.snapshot_id for each in head.snapshots if each not in left]

    return _commit(library, change)


def _commit(library: Library, change: Callable[[Head], tuple[Head, list[bytes]]]) -> Head:
    """Writes the changed head; when another device was faster, the change is made anew on the head it wrote."""
    for _ in range(_COMMIT_TRIES):
        before = library.newest_head()
        changed, removed = change(before.head)
        head = head_upon(before, changed, library.around.now())
        sealed = seal_head(library.keys, head, library.around.random)
        if library.api.commit(head.sequence, sealed, remove=removed) is None:
            library.remember(FollowedHead(head, sha256(sealed)))
            return head
    raise ClientError("Other devices keep changing this library.", "Try again in a moment.")


def _name(conversation: bytes | None) -> str:
    return _SETTING if conversation is None else f"{_SETTING}/{conversation.hex()}"
