"""The head: the one thing that changes. What the newest head does not list does not exist (format.md §7)."""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.format.limits import HASH_BYTES, ID_BYTES, LARGEST_HEAD_BODY, VERSION
from backupweb_client.format.sealed_object import open_object, place_of, seal_object
from backupweb_client.format.slots import SEALED_SLOT_BYTES
from backupweb_client.format.strict_json import Fields, pack_json, unpack_json
from backupweb_client.format.wire import to_base64url, u64
from backupweb_client.primitives import Random

_LABEL: Final = b"backupweb/v1/head-object"
_U32: Final = 2**32 - 1
NO_PARENT: Final = bytes(HASH_BYTES)


@dataclass(frozen=True)
class ListedConversation:
    """One chat; `own_name` is the name under which the owner writes in it."""

    conversation: bytes
    name: str
    own_name: str | None


@dataclass(frozen=True)
class ListedSnapshot:
    snapshot_id: bytes
    digest: bytes
    size: int
    epoch: int
    conversation: bytes


@dataclass(frozen=True)
class ListedCatalog:
    catalog_id: bytes
    digest: bytes
    size: int
    epoch: int


@dataclass(frozen=True)
class EarlierKey:
    """The root key of an earlier epoch, sealed: as long as something is listed that it opens."""

    epoch: int
    slot_id: bytes
    check: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class Head:
    library: bytes
    epoch: int
    sequence: int
    parent: bytes
    written: str
    conversations: tuple[ListedConversation, ...] = ()
    snapshots: tuple[ListedSnapshot, ...] = ()
    catalogs: tuple[ListedCatalog, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    earlier: tuple[EarlierKey, ...] = ()
    lineage: tuple[bytes, ...] = ()
    """In the first head under a new key: the hashes of all heads before. Empty in every other."""

    def name_of(self, conversation: bytes) -> str:
        return next(each.name for each in self.conversations if each.conversation == conversation)


def seal_head(keys: LibraryKeys, head: Head, random: Random) -> bytes:
    return seal_object(place_of(keys, keys.head, _LABEL, u64(head.sequence)), write_head(head), random)


def open_head(keys: LibraryKeys, sequence: int, sealed: bytes) -> Head:
    head = read_head(open_object(place_of(keys, keys.head, _LABEL, u64(sequence)), sealed))
    if (head.library, head.epoch, head.sequence) != (keys.library, keys.epoch, sequence):
        raise DamagedObjectError("wrong-library")
    _check_epochs(head)
    return head


def write_head(head: Head) -> bytes:
    return pack_json(
        {
            "format": VERSION,
            "library": head.library.hex(),
            "epoch": head.epoch,
            "sequence": head.sequence,
            "parent": head.parent.hex(),
            "written": head.written,
            "conversations": [
                {"id": each.conversation.hex(), "name": each.name, "self": each.own_name} for each in head.conversations
            ],
            "snapshots": [
                {
                    "id": each.snapshot_id.hex(),
                    "sha256": each.digest.hex(),
                    "size": each.size,
                    "epoch": each.epoch,
                    "conversation": each.conversation.hex(),
                }
                for each in head.snapshots
            ],
            "catalogs": [
                {
                    "id": each.catalog_id.hex(),
                    "sha256": each.digest.hex(),
                    "size": each.size,
                    "epoch": each.epoch,
                }
                for each in head.catalogs
            ],
            "settings": head.settings,
            "earlier": [
                {
                    "epoch": each.epoch,
                    "id": each.slot_id.hex(),
                    "check": to_base64url(each.check),
                    "sealed": to_base64url(each.sealed),
                }
                for each in head.earlier
            ],
            "lineage": to_base64url(b"".join(head.lineage)),
        }
    )


def read_head(body: bytes) -> Head:
    fields = unpack_json(body, LARGEST_HEAD_BODY)
    if fields.whole("format") != VERSION:
        raise DamagedObjectError("unknown-version")
    head = Head(
        library=fields.identity("library"),
        epoch=fields.whole("epoch", _U32),
        sequence=fields.whole("sequence"),
        parent=fields.digest("parent"),
        written=fields.utc("written"),
        conversations=tuple(_read_conversation(each) for each in fields.inners("conversations")),
        snapshots=tuple(_read_snapshot(each) for each in fields.inners("snapshots")),
        catalogs=tuple(_read_catalog(each) for each in fields.inners("catalogs")),
        settings=fields.text_map("settings"),
        earlier=tuple(_read_earlier(each) for each in fields.inners("earlier")),
        lineage=_read_lineage(fields.base64url("lineage")),
    )
    fields.complete()
    _check_lists(head)
    if head.sequence < 1 or (head.sequence == 1) != (head.parent == NO_PARENT):
        raise DamagedObjectError("malformed")
    return head


def _check_lists(head: Head) -> None:
    """No id twice in one list, and no snapshot of a conversation that is not listed."""
    conversations = {each.conversation for each in head.conversations}
    unique = (
        len(conversations) == len(head.conversations)
        and len({each.snapshot_id for each in head.snapshots}) == len(head.snapshots)
        and len({each.catalog_id for each in head.catalogs}) == len(head.catalogs)
    )
    if not unique or any(each.conversation not in conversations for each in head.snapshots):
        raise DamagedObjectError("malformed")


def _check_epochs(head: Head) -> None:
    """Everything is of this epoch or of an earlier one whose key is here; a lineage leads up to the parent."""
    earlier = [each.epoch for each in head.earlier]
    rising = all(low < high for low, high in pairwise([0, *earlier, head.epoch]))
    needed = _epochs_of(head) - {head.epoch}
    if not rising or needed != set(earlier):
        raise DamagedObjectError("malformed")
    if head.lineage:
        leads_up = len(head.lineage) == head.sequence - 1 and head.lineage[-1] == head.parent
        if head.epoch == 1 or not leads_up:
            raise DamagedObjectError("malformed")


def without_needless_keys(head: Head) -> Head:
    """An earlier key goes with the last object that needs it."""
    needed = _epochs_of(head)
    return replace(head, earlier=tuple(each for each in head.earlier if each.epoch in needed))


def _epochs_of(head: Head) -> set[int]:
    return {each.epoch for each in head.snapshots} | {each.epoch for each in head.catalogs}


def _read_earlier(fields: Fields) -> EarlierKey:
    key = EarlierKey(
        fields.whole("epoch", _U32), fields.identity("id"), fields.base64url("check"), fields.base64url("sealed")
    )
    fields.complete()
    if len(key.check) != ID_BYTES or len(key.sealed) != SEALED_SLOT_BYTES:
        raise DamagedObjectError("malformed")
    return key


def _read_lineage(joined: bytes) -> tuple[bytes, ...]:
    if len(joined) % HASH_BYTES:
        raise DamagedObjectError("malformed")
    return tuple(joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES))


def _read_conversation(fields: Fields) -> ListedConversation:
    listed = ListedConversation(fields.identity("id"), fields.text("name"), fields.text_or_null("self"))
    fields.complete()
    return listed


def _read_snapshot(fields: Fields) -> ListedSnapshot:
    listed = ListedSnapshot(
        fields.identity("id"),
        fields.digest("sha256"),
        fields.whole("size"),
        fields.whole("epoch", _U32),
        fields.identity("conversation"),
    )
    fields.complete()
    return listed


def _read_catalog(fields: Fields) -> ListedCatalog:
    listed = ListedCatalog(
        fields.identity("id"), fields.digest("sha256"), fields.whole("size"), fields.whole("epoch", _U32)
    )
    fields.complete()
    return listed
