"""What every store promises, held against each kind of them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backupweb.lib import objectstore
from backupweb.lib.objectstore import MissingObject, ObjectStore, Spool, new_name

MIB = 1024 * 1024


def place(store: ObjectStore, content: bytes, name: str | None = None) -> str:
    name, spool = name or new_name(), Spool(store)
    spool.write(content)
    spool.place(name)
    spool.discard()
    return name


@pytest.mark.parametrize("size", [1, 4096, 3_000_000, 8 * MIB])
def test_what_was_placed_is_read_back(store: ObjectStore, size: int) -> None:
    content = secrets.token_bytes(size)
    name = place(store, content)
    assert store.size(name) == size
    blocks = list(store.read(name, 0, size))
    assert b"".join(blocks) == content
    assert max(map(len, blocks)) <= objectstore.BLOCK
    assert list(store.spool.iterdir()) == []


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 1), (0, 1_500_000), (1_000_000, 1_500_000), (2_999_999, 1), (7, 0), (2_999_990, 100), (3_000_000, 5)],
)
def test_a_range_is_read_and_beyond_the_end_there_is_nothing(store: ObjectStore, start: int, length: int) -> None:
    content = secrets.token_bytes(3_000_000)
    name = place(store, content)
    assert b"".join(store.read(name, start, length)) == content[start : start + length]


def test_what_is_not_there_is_missing_for_certain(store: ObjectStore) -> None:
    assert store.size(new_name()) is None
    with pytest.raises(MissingObject):
        store.read(new_name(), 0, 10)


def test_deleting_is_harmless_twice(store: ObjectStore) -> None:
    name = place(store, b"x" * 10)
    store.delete(name)
    store.delete(name)
    store.delete(new_name())
    assert store.size(name) is None


def test_placing_the_same_again_leaves_it_whole(store: ObjectStore) -> None:
    name = place(store, b"same")
    place(store, b"same", name)
    assert b"".join(store.read(name, 0, 4)) == b"same"


def test_names_that_are_alike_are_not_the_same(store: ObjectStore) -> None:
    name = new_name()
    alike = name[:-1] + ("0" if name[-1] != "0" else "1")
    place(store, b"one", name)
    place(store, b"other", alike)
    assert b"".join(store.read(name, 0, 100)) == b"one"
    store.delete(name)
    assert b"".join(store.read(alike, 0, 100)) == b"other"


def test_what_lies_there_is_listed_by_shard(store: ObjectStore) -> None:
    shard = "f" + secrets.token_hex(1)[0]
    before = {lying.name for lying in store.names(shard)}
    sizes = {shard + new_name()[2:]: 10 + number for number in range(5)}
    for name, size in sizes.items():
        place(store, b"x" * size, name)
    elsewhere = place(store, b"x", "e" + new_name()[1:])
    found = {lying.name: lying for lying in store.names(shard) if lying.name not in before}
    assert {name: lying.size for name, lying in found.items()} == sizes
    assert elsewhere not in found
    assert all(abs(lying.since - datetime.now(UTC)) < timedelta(minutes=5) for lying in found.values())
    store.delete(next(iter(sizes)))
    assert len({lying.name for lying in store.names(shard)} - before) == 4


def test_a_shard_that_nothing_was_placed_in_is_empty(store: ObjectStore) -> None:
    assert [lying for shard in ("0a", "0b") for lying in store.names(shard) if lying.size == -1] == []


def test_several_threads_use_it_at_once(store: ObjectStore) -> None:
    def there_and_back(number: int) -> bool:
        content = bytes([number]) * 300_000
        name = place(store, content)
        return b"".join(store.read(name, 0, len(content))) == content

    with ThreadPoolExecutor(max_workers=4) as threads:
        assert all(threads.map(there_and_back, range(8)))


def peak_of_memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.stores
def test_the_largest_object_goes_through_in_flat_memory(store: ObjectStore) -> None:
    place(store, b"libraries are loaded now")
    block, spool, name = secrets.token_bytes(MIB), Spool(store), new_name()
    expected = hashlib.sha256()
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_of_memory()
    for _ in range(64):
        spool.write(block)
        expected.update(block)
    spool.place(name)
    digest = hashlib.sha256()
    for read in store.read(name, 0, 64 * MIB):
        digest.update(read)
    assert digest.digest() == expected.digest()
    assert peak_of_memory() - before < 40 * MIB
    store.delete(name)


def test_what_is_discarded_leaves_nothing() -> None:
    store = objectstore.open_store()
    spool = Spool(store)
    spool.write(b"half")
    spool.discard()
    assert list(store.spool.iterdir()) == []


def test_names_are_sharded_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    store = objectstore.open_store()
    name = place(store, b"x")
    path = tmp_path / "packs" / name[:2] / name
    assert path.is_file()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_files_of_others_are_passed_over(tmp_path: Path) -> None:
    store = objectstore.open_store()
    name = place(store, b"x")
    (tmp_path / "packs" / name[:2] / "lost+found").write_text("not ours")
    assert [lying.name for lying in store.names(name[:2])] == [name]


def test_the_probe_leaves_nothing(store: ObjectStore) -> None:
    def lying() -> Iterator[str]:
        yield from (found.name for shard in ("00", "80", "ff") for found in store.names(shard))

    before = set(lying())
    objectstore.probe(store)
    assert set(lying()) == before
