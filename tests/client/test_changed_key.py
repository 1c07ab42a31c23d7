"""A library whose key was changed reads as before, however far sealing anew has come."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.keep import delete_imports
from backupweb_client.engine.library import Library
from backupweb_client.engine.restore import restore_original
from backupweb_client.engine.verify import verify_library
from backupweb_client.errors import KeyChangedError
from backupweb_client.format.head import EarlierKey, seal_head
from backupweb_client.format.keys import RootKey, derive_library_keys
from backupweb_client.format.limits import HASH_BYTES
from backupweb_client.format.slots import seal_earlier
from backupweb_client.primitives import sha256
from backupweb_client.second_opinion import Piece, SecondReader

from tests.client.conftest import CHAT_LINES, tape
from tests.client.fake_server import FakeServer

MakeZip = Callable[..., Path]


@pytest.fixture
def export(make_zip: MakeZip) -> Path:
    return make_zip("chat.zip", [("_chat.txt", CHAT_LINES.encode(), True), ("a.jpg", tape(2)(300_000), False)])


@pytest.fixture
def changed(server: FakeServer, library: Library, export: Path) -> Library:
    """Added under the first key; then another device changed the key, and has sealed nothing anew yet."""
    add_export(library, export, AddChoices())
    old = RootKey(tape()(32), library.keys.library, 1)
    assert derive_library_keys(old) == library.keys  # the first bytes of Alice's tape
    keys = derive_library_keys(RootKey(bytes(range(32)), library.keys.library, 2))
    before = library.newest_head()
    slot = seal_earlier(keys, old, bytes(16), tape(3))
    head = replace(
        before.head,
        epoch=2,
        sequence=before.head.sequence + 1,
        parent=before.digest,
        earlier=(EarlierKey(1, slot.slot_id, library.keys.check, slot.sealed),),
        lineage=tuple(sha256(sealed) for sealed in server.heads),
    )
    server.change_key(2, keys.check, seal_head(keys, head, tape(4)))
    return Library(library.api, keys, library.around)


def test_everything_comes_back_to_a_device_that_remembers_the_old_head(changed: Library, tmp_path: Path) -> None:
    head = changed.newest_head().head
    (listed,) = head.snapshots
    restored = restore_original(changed, head, changed.snapshot(listed), tmp_path / "out")
    assert restored.stat().st_size > 300_000
    report = verify_library(changed, everything=True)
    assert (report.findings, report.snapshots) == ([], 1)
    assert verify_library(changed, everything=False).findings == []


def test_what_is_added_is_sealed_under_the_new_key(changed: Library, export: Path) -> None:
    add_export(changed, export, AddChoices())
    head = changed.newest_head().head
    assert [each.epoch for each in head.snapshots] == [1, 2]
    assert ([each.epoch for each in head.earlier], head.lineage) == ([1], ())
    assert verify_library(changed, everything=True).findings == []


def test_a_second_opinion_opens_what_lies_under_either_key(changed: Library, export: Path, server: FakeServer) -> None:
    add_export(changed, export, AddChoices())
    head = changed.newest_head().head

    def content(identity: bytes) -> bytes:
        return server.objects[identity.hex()].content or b""

    reader = SecondReader(RootKey(bytes(range(32)), changed.keys.library, 2), changed.keys.check)
    snapshots = {each.snapshot_id: content(each.snapshot_id) for each in head.snapshots}
    catalogs = {each.catalog_id: content(each.catalog_id) for each in head.catalogs}
    reader.open_library(head.sequence, server.heads[-1], snapshots, catalogs)
    for each in head.catalogs:
        for pack in changed.catalog(each).packs:
            for offset, frame in pack.placed():
                sealed = content(pack.pack_id)[offset : offset + frame.sealed_length]
                assert len(reader.read(Piece(pack.pack_id, offset, sealed))) == HASH_BYTES


def test_the_old_key_goes_with_the_last_import_that_needs_it(changed: Library, export: Path) -> None:
    first = {each.snapshot_id.hex() for each in changed.newest_head().head.snapshots}
    added = add_export(changed, export, AddChoices()).snapshot
    snapshots = [changed.snapshot(each) for each in changed.newest_head().head.snapshots]
    head = delete_imports(changed, first, {added.snapshot_id.hex()}, snapshots)
    assert (head.earlier, {each.epoch for each in head.catalogs}) == ((), {2})
    assert verify_library(changed, everything=True).findings == []


def test_a_device_with_the_old_key_is_told(changed: Library, library: Library) -> None:
    with pytest.raises(KeyChangedError):
        library.newest_head()
