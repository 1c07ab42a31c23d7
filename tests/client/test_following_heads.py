"""No rollback, no fork: what a device has seen, it can only go on from."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.follow import FollowedHead, RememberedHead, follow_head
from backupweb_client.format.head import NO_PARENT, Head, seal_head
from backupweb_client.format.keys import RootKey, derive_library_keys
from backupweb_client.primitives import sha256

from tests.client.conftest import tape

KEYS = derive_library_keys(RootKey(bytes(range(32)), bytes(range(16)), 1))


def chain(length: int, seed: int = 1, base: list[bytes] | None = None) -> list[bytes]:
    """Sealed heads 1 to `length`, each naming the one before; `base` is a beginning to fork from."""
    heads = list(base or [])
    random = tape(seed)
    while len(heads) < length:
        parent = sha256(heads[-1]) if heads else NO_PARENT
        heads.append(seal_head(KEYS, Head(KEYS.library, 1, len(heads) + 1, parent, "2026-11-23T18:04:05Z"), random))
    return heads


def seen(heads: list[bytes], sequence: int) -> RememberedHead:
    return RememberedHead(sequence, sha256(heads[sequence - 1]))


def follow(remembered: RememberedHead | None, heads: list[bytes]) -> FollowedHead:
    def fetch(sequence: int) -> bytes:
        return heads[sequence - 1]

    return follow_head(KEYS, remembered, sequence=len(heads), sealed=heads[-1], fetch=fetch)


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(DamagedObjectError) as caught:
        call()
    assert caught.value.code == code


@pytest.mark.parametrize("sequence", [1, 2, 5, 6])
def test_a_chain_is_followed_from_wherever_a_device_was(sequence: int) -> None:
    heads = chain(6)
    assert follow(seen(heads, sequence), heads).head.sequence == 6


def test_a_new_device_takes_what_it_is_shown() -> None:
    assert follow(None, chain(3)).remembered() == seen(chain(3), 3)


def test_an_older_head_is_refused() -> None:
    heads = chain(6)
    refused("older-head", lambda: follow(seen(heads, 6), heads[:5]))


def test_the_same_sequence_with_another_hash_is_a_fork() -> None:
    heads = chain(6)
    refused("forked-head", lambda: follow(seen(heads, 6), chain(6, 2, heads[:5])))


@pytest.mark.parametrize("length", [6, 7, 9])
def test_a_chain_that_does_not_lead_to_the_head_seen_is_a_fork(length: int) -> None:
    heads = chain(5)
    refused("forked-head", lambda: follow(seen(heads, 5), chain(length, 2, heads[:3])))


def test_a_head_swapped_in_the_middle_is_a_fork() -> None:
    heads = chain(8)
    heads[5] = chain(6, 2, heads[:5])[5]
    refused("forked-head", lambda: follow(seen(heads, 2), heads))


def test_a_first_head_with_a_parent_is_malformed() -> None:
    odd = seal_head(
        KEYS, replace(Head(KEYS.library, 1, 1, NO_PARENT, "2026-11-23T18:04:05Z"), parent=b"p" * 32), tape()
    )
    refused("malformed", lambda: follow(None, [odd]))
