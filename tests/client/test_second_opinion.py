"""The second program, as the browser runs it, and the sample that both programs read."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from backupweb_client import browser
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.library import Library
from backupweb_client.engine.sample import LastCheck, chance_to_miss, choose, last_check, loss_of, sample_size
from backupweb_client.primitives import sha256
from backupweb_client.second_opinion import sample_hash
from hypothesis import given
from hypothesis import strategies as st

from tests.client.conftest import tape
from tests.client.fake_server import FakeServer
from tests.client.test_shared_vectors import load, named

VECTORS = load("sample.json")


class Array:
    """A `Uint8Array`, as Python sees it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def to_bytes(self) -> bytes:
        return self._content


@pytest.mark.parametrize(("pieces", "size"), VECTORS["sizes"])
def test_a_sample_is_as_large_as_in_the_browser(pieces: int, size: int) -> None:
    assert sample_size(pieces) == size


@given(st.integers(1, 5_000))
def test_it_is_the_smallest_that_keeps_the_promise(pieces: int) -> None:
    size = sample_size(pieces)
    assert chance_to_miss(pieces, size, loss_of(pieces)) <= Fraction(1, 100)
    assert chance_to_miss(pieces, size - 1, loss_of(pieces)) > Fraction(1, 100)


@given(st.lists(st.integers(), unique=True), st.integers(0, 30))
def test_a_choice_keeps_the_order(items: list[int], count: int) -> None:
    chosen = choose(items, count)
    assert len(chosen) == min(count, len(items))
    assert [item for item in items if item in set(chosen)] == chosen


@named(VECTORS["hashes"])
def test_the_hash_over_a_sample_is_the_browsers(case: dict[str, Any]) -> None:
    read = [
        (bytes.fromhex(piece["pack"]), piece["offset"], sha256(urlsafe_b64decode(piece["content"] + "==")))
        for piece in case["pieces"]
    ]
    assert sample_hash(reversed(read)).hex() == case["hash"]


@pytest.mark.parametrize("case", VECTORS["remembered"], ids=lambda case: repr(case["text"]))
def test_what_is_remembered_is_read_alike(case: dict[str, Any]) -> None:
    read = last_check(case["text"])
    assert (read and vars(read)) == case["read"]
    if read is not None:
        assert read.written() == case["text"]
        assert isinstance(read, LastCheck)


@dataclass
class Stored:
    """Everything a browser hands over."""

    root: tuple[Array, str, int, str]
    head: tuple[int, Array]
    snapshots: list[tuple[str, Array]]
    catalogs: list[tuple[str, Array]]
    pieces: list[tuple[str, int, bytes]]

    def begin(self, **change: Any) -> Any:
        given = vars(self) | change
        return browser.begin(given["root"], given["head"], given["snapshots"], given["catalogs"])


@pytest.fixture
def stored(library: Library, export: Path, server: FakeServer) -> Stored:
    add_export(library, export, AddChoices())
    head = library.newest_head().head

    def content(identity: bytes) -> bytes:
        found = server.objects[identity.hex()].content
        assert found is not None
        return found

    pieces = [
        (pack.pack_id.hex(), offset, content(pack.pack_id)[offset : offset + frame.sealed_length])
        for each in head.catalogs
        for pack in library.catalog(each).packs
        for offset, frame in pack.placed()
    ]
    keys = library.keys
    return Stored(
        (Array(tape()(32)), keys.library.hex(), keys.epoch, keys.check.hex()),
        (head.sequence, Array(server.heads[-1])),
        [(each.snapshot_id.hex(), Array(content(each.snapshot_id))) for each in head.snapshots],
        [(each.catalog_id.hex(), Array(content(each.catalog_id))) for each in head.catalogs],
        pieces,
    )


def test_it_opens_what_was_stored_from_the_root_key_alone(stored: Stored) -> None:
    reader = stored.begin()
    read = [browser.read(reader, pack, offset, Array(sealed)) for pack, offset, sealed in stored.pieces]

    assert len(read) > 5
    assert all(len(digest) == 64 for digest in read)
    expected = [
        (bytes.fromhex(pack), offset, bytes.fromhex(digest))
        for (pack, offset, _), digest in zip(stored.pieces, read, strict=True)
    ]
    assert browser.sample_hash(reader) == sample_hash(expected).hex()


def test_a_piece_that_does_not_open_is_named_and_not_counted(stored: Stored) -> None:
    reader = stored.begin()
    pack, offset, sealed = stored.pieces[0]

    assert browser.read(reader, pack, offset, Array(sealed[:-1] + bytes([sealed[-1] ^ 1]))) == "not-authentic"
    assert browser.read(reader, pack, offset + 1, Array(sealed)) == "missing"
    assert browser.read(reader, pack, offset, Array(stored.pieces[1][2])) in {"wrong-hash", "not-authentic"}
    assert browser.sample_hash(reader) == sample_hash([]).hex()


def changed(array: Array) -> Array:
    content = array.to_bytes()
    return Array(content[:100] + bytes([content[100] ^ 1]) + content[101:])


def test_what_is_not_right_from_the_start_is_refused_by_name(stored: Stored) -> None:
    secret, identity, epoch, check = stored.root
    snapshot, sealed = stored.snapshots[0]
    catalog, listed = stored.catalogs[0]

    assert stored.begin(root=(changed_root(secret), identity, epoch, check)) == "wrong-id"
    assert stored.begin(head=(stored.head[0], changed(stored.head[1]))) == "not-authentic"
    assert stored.begin(head=(stored.head[0] + 1, stored.head[1])) == "not-authentic"
    assert stored.begin(snapshots=[(snapshot, changed(sealed))]) == "wrong-hash"
    assert stored.begin(catalogs=[(catalog, changed(listed))]) == "wrong-hash"
    assert stored.begin(catalogs=[("0" * 32, listed)]) == "missing"


def changed_root(secret: Array) -> Array:
    content = secret.to_bytes()
    return Array(bytes([content[0] ^ 1]) + content[1:])
