"""No rollback: from the newest head a device has seen to the one the server shows (format.md §8)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.head import Head, open_head, without_needless_keys
from backupweb_client.format.keys import LibraryKeys
from backupweb_client.primitives import same, sha256


@dataclass(frozen=True)
class RememberedHead:
    """The newest head this device has opened: its sequence and the SHA-256 of its sealed bytes."""

    sequence: int
    digest: bytes


@dataclass(frozen=True)
class FollowedHead:
    head: Head
    digest: bytes

    def remembered(self) -> RememberedHead:
        return RememberedHead(self.head.sequence, self.digest)


def head_upon(before: FollowedHead, changed: Head, written: str) -> Head:
    """The head that follows `before` with what changed; a key of an earlier epoch goes with the last that needs it."""
    head = without_needless_keys(changed)
    return replace(head, sequence=before.head.sequence + 1, parent=before.digest, written=written, lineage=())


def follow_head(
    keys: LibraryKeys,
    remembered: RememberedHead | None,
    *,
    sequence: int,
    sealed: bytes,
    fetch: Callable[[int], bytes],
) -> FollowedHead:
    """
    The newest head, when it continues the one remembered; `fetch` gives the sealed head of a sequence.

    A device that remembers nothing takes what it is shown: it has nothing to compare.
    """
    if remembered is not None and sequence < remembered.sequence:
        raise DamagedObjectError("older-head")
    head = open_head(keys, sequence, sealed)
    newest = FollowedHead(head, sha256(sealed))
    if remembered is not None:
        _walk(keys, remembered, newest, fetch)
    return newest


def _walk(keys: LibraryKeys, remembered: RememberedHead, newest: FollowedHead, fetch: Callable[[int], bytes]) -> None:
    """From the newest head down to the remembered one; each has to be the parent that the one above names."""
    digest, head = newest.digest, newest.head
    while head.sequence > remembered.sequence:
        if head.lineage:  # the heads before were sealed under a key that is no more: this one vouches for them
            digest = head.lineage[remembered.sequence - 1]
            break
        digest = head.parent
        if head.sequence == remembered.sequence + 1:
            break
        sealed = fetch(head.sequence - 1)
        if not same(sha256(sealed), digest):
            raise DamagedObjectError("forked-head")
        head = open_head(keys, head.sequence - 1, sealed)
    if not same(digest, remembered.digest):
        raise DamagedObjectError("forked-head")
