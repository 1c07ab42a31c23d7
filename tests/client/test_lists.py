"""The list of files, and how packs are divided among catalogs: a picture costs one catalog, and hints lead to it."""

from dataclasses import replace
from pathlib import Path

import pytest
from backupweb_client.choose import read_shelf
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.chunks import ChunkIndex, index_for
from backupweb_client.engine.division import Contents, divide, hints_hold, hints_of
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.engine.verify import verify_library
from backupweb_client.format.catalog import Catalog, PackEntry, write_catalog
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.file_list import StoredFile
from backupweb_client.format.frame import ChunkEntry, FrameEntry
from backupweb_client.format.head import ListedSnapshot, seal_head
from backupweb_client.format.limits import MOST_CATALOG_PACKS
from backupweb_client.format.snapshot import FileListRef, Snapshot, TextRef, seal_snapshot
from backupweb_client.primitives import sha256, system_random
from backupweb_client.server.api import Addition, ObjectFacts
from hypothesis import given, settings
from hypothesis import strategies as st


def _id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def _file(*chunks: int) -> StoredFile:
    return StoredFile("a", len(chunks), None, "", "fixed", tuple(map(_id, chunks)), None)


def _pack(number: int, *chunks: int) -> PackEntry:
    frames = tuple(FrameEntry(_id(chunk), 0, 31, (ChunkEntry(_id(chunk), 1),)) for chunk in chunks)
    return PackEntry(_id(10**9 + number), bytes(32), 8_388_608, frames)


@st.composite
def imports(draw: st.DrawFn) -> tuple[list[PackEntry], Contents]:
    """Files of up to three chunks, some of them in packs of another import, the others anyhow in up to 900 packs."""
    count = draw(st.integers(1, 60))
    files = [_file(*draw(st.lists(st.integers(1, 900), max_size=3))) for _ in range(count)]
    listed = FileListRef(count, 1, (_id(901), _id(902)))
    packs = [
        _pack(number, *range(number, 903, 900)) for number in draw(st.permutations(range(1, draw(st.integers(2, 901)))))
    ]
    text = draw(st.none() | st.integers(0, count - 1))
    return packs, Contents(files, listed, text)


@given(imports())
@settings(max_examples=20, deadline=None)
def test_every_pack_stands_in_one_catalog_and_the_first_ones_are_enough_to_open_a_chat(
    given: tuple[list[PackEntry], Contents],
) -> None:
    packs, contents = given
    divided = divide(packs, contents)

    assert sorted(pack.pack_id for group in divided for pack in group) == sorted(pack.pack_id for pack in packs)
    assert all(0 < len(group) <= MOST_CATALOG_PACKS for group in divided)
    assert all(len(write_catalog(Catalog(tuple(group)))) <= 512 * 1024 for group in divided)
    first = {chunk for number, chunk in contents.chunks() if number is None or number == contents.text}
    holds = [any(c.chunk_id in first for p in group for f in p.frames for c in f.chunks) for group in divided]
    assert holds == sorted(holds, reverse=True)


@given(imports())
@settings(max_examples=20, deadline=None)
def test_hints_lead_to_every_chunk_and_narrower_ones_do_not(given: tuple[list[PackEntry], Contents]) -> None:
    packs, contents = given
    index = ChunkIndex()
    for number, group in enumerate(divide(packs, contents)):
        index.add(_id(number), Catalog(tuple(group)))
    rest = [_pack(number, *range(number, 903, 900)) for number in range(1, 901)]
    index.add(b"others-catalogs-", Catalog(tuple(rest)))
    hints = hints_of(index, contents)

    assert hints_hold(hints, index, contents)
    for at, hint in enumerate(hints):
        narrower = [replace(hint, of_list=False)] if hint.of_list else []
        narrower += [replace(hint, start=hint.start + 1), replace(hint, end=hint.end - 1)] if hint.end else []
        for each in narrower:
            assert not hints_hold([*hints[:at], each, *hints[at + 1 :]], index, contents)


def test_few_packs_share_a_catalog() -> None:
    contents = Contents([_file(1), _file(2)], FileListRef(2, 1, (_id(3),)), 0)
    assert divide([], contents) == []
    assert len(divide([_pack(1, 1), _pack(2, 2), _pack(3, 3)], contents)) == 1


def test_a_text_longer_than_its_tail_is_named_by_its_last_32_chunks(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat mit Ben.txt"
    path.write_text("".join(f"19.09.26, 09:{n % 60:02} - Anna: Nachricht {n} {'la ' * 40}\n" for n in range(20_000)))
    snapshot = add_export(library, path, AddChoices()).snapshot
    head = library.newest_head().head
    (file,) = open_file_list(library, index_for(library, head, snapshot), snapshot)

    assert len(file.chunks) > 32
    assert snapshot.text == TextRef(0, file.size, file.chunks[-32:])


def _replace(library: Library, snapshot: Snapshot) -> None:
    """A snapshot that its writer made wrongly: sealed, stored and listed as it should be."""
    sealed = seal_snapshot(library.keys, snapshot, system_random)
    facts = ObjectFacts(snapshot.snapshot_id, "snapshot", len(sealed), sha256(sealed))
    (ticket,) = library.api.begin([facts])
    library.api.put(ticket, sealed)
    library.api.finish([facts.object_id])
    before = library.newest_head()
    listed = ListedSnapshot(facts.object_id, facts.digest, facts.size, library.keys.epoch, snapshot.conversation)
    head = replace(
        before.head, sequence=before.head.sequence + 1, parent=before.digest, snapshots=(*before.head.snapshots, listed)
    )
    library.api.commit(head.sequence, seal_head(library.keys, head, system_random), add=[Addition(facts.object_id, ())])


@pytest.mark.parametrize("wrong", ["size", "count", "text", "tail", "no text", "hints", "list hint"])
def test_what_the_root_says_of_its_list_has_to_be_so(library: Library, export: Path, wrong: str) -> None:
    right = add_export(library, export, AddChoices()).snapshot
    files, text, (hint,) = right.files, right.text, right.catalogs
    assert text is not None
    _replace(
        library,
        replace(
            right,
            snapshot_id=system_random(16),
            files={
                "size": replace(files, size=files.size + 1),
                "count": replace(files, count=files.count + 1),
            }.get(wrong, files),
            text={
                "text": replace(text, size=text.size + 1),
                "tail": replace(text, tail=text.tail[1:] or (bytes(16),)),
                "no text": replace(text, number=1),
            }.get(wrong, text),
            catalogs=({"hints": replace(hint, start=1), "list hint": replace(hint, of_list=False)}.get(wrong, hint),),
        ),
    )

    assert [finding.code for finding in verify_library(library, everything=False).findings] == ["malformed"]
    if "hint" not in wrong:
        shelf = read_shelf(library)
        bad = next(each for each in shelf.snapshots if each.snapshot_id != right.snapshot_id)
        with pytest.raises(DamagedObjectError, match="malformed"):
            open_file_list(library, index_for(library, shelf.head, bad), bad)
