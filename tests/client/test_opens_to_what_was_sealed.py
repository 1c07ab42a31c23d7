"""Every structure opens to what was sealed and is exactly as long as promised."""

import random
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

import pytest
from backupweb_client.format.catalog import Catalog, PackEntry, open_catalog, read_catalog, seal_catalog, write_catalog
from backupweb_client.format.file_list import StoredFile, ZipEntry, read_file_list, write_file_list
from backupweb_client.format.frame import ChunkEntry, FrameEntry, chunk_id, open_frame, seal_frame
from backupweb_client.format.head import Head, ListedCatalog, ListedConversation, ListedSnapshot, open_head, seal_head
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.limits import OBJECT_OVERHEAD, PACK_BYTES
from backupweb_client.format.pack import PackBuilder
from backupweb_client.format.padme import padded, padme
from backupweb_client.format.snapshot import (
    CatalogHint,
    FileListRef,
    Snapshot,
    Source,
    Summary,
    TextRef,
    open_snapshot,
    seal_snapshot,
    write_snapshot,
)
from backupweb_client.format.wire import ByteReader, from_base64url, to_base64url, varint
from hypothesis import given
from hypothesis import strategies as st

from tests.client.conftest import tape

KEYS = derive_library_keys(RootKey(bytes(range(32)), bytes(range(16)), 1))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ids = st.binary(min_size=16, max_size=16)
digests = st.binary(min_size=31, max_size=31).map(lambda rest: b"d" + rest)
whole = st.integers(0, 2**53 - 1)
u32s = st.integers(0, 2**32 - 1)
u16s = st.integers(0, 2**16 - 1)
utc = st.datetimes().map(lambda moment: moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%SZ"))
wall = utc.map(lambda text: text[:-1])

entries = st.builds(ZipEntry, u16s, u32s, u32s, u16s, u16s, u32s, st.none() | st.binary(max_size=9))
files = st.builds(
    lambda name, chunks, modified, cut, entry: StoredFile(
        name, len(chunks) * 7, modified, "image/jpeg", cut, tuple(chunks), entry
    ),
    words,
    st.lists(ids, max_size=3),
    st.none() | wall,
    st.sampled_from(["text", "sqlite", "fixed"]),
    st.none() | entries,
)
hints = st.builds(CatalogHint, ids, st.booleans(), st.integers(0, 5), st.integers(6, 10)) | st.builds(
    CatalogHint, ids, st.booleans(), st.just(0), st.just(0)
)
snapshots = st.builds(
    Snapshot,
    snapshot_id=ids,
    library=st.just(KEYS.library),
    epoch=st.just(KEYS.epoch),
    conversation=ids,
    added=utc,
    source=st.builds(Source, words, whole, st.none() | utc, st.sampled_from(["zip", "file"]), st.binary(max_size=9)),
    reader=st.sampled_from(["whatsapp", "files"]),
    summary=st.builds(Summary, words, st.lists(words).map(tuple), whole, whole, st.none() | wall, st.none() | wall),
    catalogs=st.lists(hints, max_size=3, unique_by=attrgetter("catalog_id")).map(tuple),
    files=st.builds(
        FileListRef, st.integers(10, 2**32 - 1), st.integers(1, 2**28), st.lists(ids, min_size=1).map(tuple)
    ),
    text=st.none()
    | st.builds(
        TextRef, st.integers(0, 9), st.integers(1, 2**53 - 1), st.lists(ids, min_size=1, max_size=32).map(tuple)
    ),
)


Listed = TypeVar("Listed")


def _listed(each: st.SearchStrategy[Listed], identity: str, least: int = 0) -> st.SearchStrategy[list[Listed]]:
    return st.lists(each, min_size=least, max_size=3, unique_by=attrgetter(identity))


@st.composite
def heads(draw: st.DrawFn) -> Head:
    conversations = draw(_listed(st.builds(ListedConversation, ids, words, st.none() | words), "conversation", 1))
    of = st.sampled_from([each.conversation for each in conversations])
    return Head(
        library=KEYS.library,
        epoch=KEYS.epoch,
        sequence=draw(st.integers(2, 2**53 - 1)),
        parent=draw(digests),  # not all zeros: with the sequences below, none of these is a first head
        written=draw(utc),
        conversations=tuple(conversations),
        snapshots=tuple(draw(_listed(st.builds(ListedSnapshot, ids, digests, whole, st.just(1), of), "snapshot_id"))),
        catalogs=tuple(draw(_listed(st.builds(ListedCatalog, ids, digests, whole, st.just(1)), "catalog_id"))),
        settings=draw(st.dictionaries(words, words, max_size=3)),
    )


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    chunk_ids = iter(draw(st.lists(ids, unique=True, min_size=12, max_size=12)))
    packs = []
    for _ in range(draw(st.integers(0, 2))):
        frames: list[FrameEntry] = []
        for _ in range(draw(st.integers(1, 2))):
            count = draw(st.integers(1, 3))
            chunks = tuple(ChunkEntry(next(chunk_ids), draw(st.integers(2, 1000))) for _ in range(count))
            flags = draw(st.integers(0, 1)) | (2 if count > 1 else 0)
            identity = chunks[0].chunk_id if count == 1 else draw(ids)
            plain = sum(chunk.length for chunk in chunks) + 30
            sealed = draw(st.integers(31, plain - 1)) if flags & 1 else plain
            frames.append(FrameEntry(identity, flags, sealed, chunks))
        packs.append(PackEntry(draw(ids), draw(digests), draw(st.integers(10_000, PACK_BYTES)), tuple(frames)))
    return Catalog(tuple(packs))


@given(snapshots)
def test_a_snapshot_opens_to_what_was_sealed_and_has_the_promised_length(snapshot: Snapshot) -> None:
    sealed = seal_snapshot(KEYS, snapshot, tape())

    assert open_snapshot(KEYS, snapshot.snapshot_id, sealed) == snapshot
    assert len(sealed) == padded(OBJECT_OVERHEAD + len(write_snapshot(snapshot)))


@given(heads())
def test_a_head_opens_to_what_was_sealed(head: Head) -> None:
    assert open_head(KEYS, head.sequence, seal_head(KEYS, head, tape())) == head


@given(st.lists(files))
def test_a_file_list_is_read_as_it_was_written(listed: list[StoredFile]) -> None:
    text = write_file_list(listed)
    assert read_file_list(text) == tuple(listed)
    assert text.count(b"\n") == len(listed)


@given(catalogs(), ids)
def test_a_catalog_opens_to_what_was_sealed(catalog: Catalog, identity: bytes) -> None:
    assert open_catalog(KEYS, identity, seal_catalog(KEYS, identity, catalog, tape())) == catalog
    assert read_catalog(write_catalog(catalog)) == catalog


@given(st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=4), st.booleans())
def test_a_frame_opens_to_its_chunks(chunks: list[bytes], compress: bool) -> None:
    frame = seal_frame(KEYS, chunks, compress=compress, random=tape())

    assert open_frame(KEYS, frame.entry, frame.sealed) == chunks
    assert len(frame.sealed) == frame.entry.sealed_length <= sum(map(len, chunks)) + 30


def test_a_frame_of_one_chunk_has_the_chunks_id() -> None:
    assert seal_frame(KEYS, [b"chunk"], compress=False, random=tape()).entry.frame_id == chunk_id(KEYS, b"chunk")


@given(st.integers(2, 2**40))
def test_padme_rounds_up_by_at_most_an_eighth_and_keeps_what_it_gave(length: int) -> None:
    rounded = padme(length)

    assert length <= rounded <= length * 1.125
    assert padme(rounded) == rounded


@pytest.mark.parametrize(("length", "rounded"), [(2, 2), (9, 10), (4096, 4096), (4097, 4352), (1_000_000, 1_015_808)])
def test_padme_gives_the_papers_lengths(length: int, rounded: int) -> None:
    assert padme(length) == rounded


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=30))
def test_a_last_pack_has_a_padme_length_and_the_frames_where_the_catalog_says(sizes: list[int]) -> None:
    chance, builder = random.Random(3), PackBuilder()
    chunks = [chance.randbytes(size + 8) for size in sizes]
    for chunk in chunks:
        builder.add(seal_frame(KEYS, [chunk], compress=False, random=tape()))
    pack = builder.finish(tape(), last=True)

    assert len(pack.content) == pack.entry.size == padded(sum(size + 38 for size in sizes))
    for (offset, frame), chunk in zip(pack.entry.placed(), chunks, strict=True):
        assert open_frame(KEYS, frame, pack.content[offset : offset + frame.sealed_length]) == [chunk]


def test_thirty_two_whole_chunks_fill_a_pack() -> None:
    builder = PackBuilder()
    frame = seal_frame(KEYS, [bytes(262_112)], compress=False, random=tape())
    for _ in range(32):
        builder.add(frame)

    assert not builder.has_room(frame)
    assert len(builder.finish(tape(), last=False).content) == PACK_BYTES


@given(u32s)
def test_a_varint_reads_back_in_its_shortest_form(number: int) -> None:
    reader = ByteReader(varint(number))

    assert reader.varint() == number
    reader.end()


@given(st.binary(max_size=40))
def test_base64url_reads_back(content: bytes) -> None:
    assert from_base64url(to_base64url(content)) == content


def test_keys_of_two_epochs_share_nothing(keys: LibraryKeys) -> None:
    other = derive_library_keys(RootKey(bytes(range(32)), keys.library, 2))

    assert not {keys.snapshot, keys.head, keys.check, keys.cut} & {other.snapshot, other.head, other.check, other.cut}
    assert replace(keys, epoch=2) != other


def test_keys_have_no_string_form(keys: LibraryKeys) -> None:
    assert keys.head.hex() not in repr(keys)
    assert repr(keys.head) not in repr(keys)
