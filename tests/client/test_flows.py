"""Add, restore and verify against a server in memory, and what a hostile one may try."""

import random
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from backupweb_client.choose import read_shelf
from backupweb_client.engine.add import AddChoices, Added, add_export
from backupweb_client.engine.chunks import ChunkIndex
from backupweb_client.engine.library import Library, Surroundings, unlock
from backupweb_client.engine.restore import restore_files, restore_original
from backupweb_client.engine.restore_plan import plan_import
from backupweb_client.engine.sample import LastCheck, last_check, sample_size
from backupweb_client.engine.verify import note_checked, verify_library
from backupweb_client.errors import ClientError, OverQuotaError, WrongRecoveryCodeError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.head import seal_head
from backupweb_client.format.recovery_code import RecoveryCode, make_recovery_code
from backupweb_client.places import HeadMemory
from backupweb_client.primitives import system_random
from backupweb_client.server.api import Api

from tests.client.conftest import CHAT_LINES
from tests.client.fake_server import FakeServer

MakeZip = Callable[..., Path]


def add(library: Library, path: Path, title: str | None = None, conversation: bytes | None = None) -> Added:
    return add_export(library, path, AddChoices(title, conversation))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def codes(library: Library, *, everything: bool = True) -> list[tuple[str, str]]:
    report = verify_library(library, everything=everything)
    return [(finding.code, finding.subject.split()[0]) for finding in report.findings]


def test_an_export_comes_back_as_one_zip_byte_for_byte(library: Library, export: Path, tmp_path: Path) -> None:
    added = add(library, export)
    shelf = read_shelf(library)

    path = restore_original(library, shelf.head, shelf.snapshots[0], tmp_path / "out")

    assert path.name == export.name
    assert contents(path) == contents(export)
    with zipfile.ZipFile(path) as again, zipfile.ZipFile(export) as before:
        facts = [(i.filename, i.date_time, i.external_attr, i.compress_type, i.CRC) for i in before.infolist()]
        assert [(i.filename, i.date_time, i.external_attr, i.compress_type, i.CRC) for i in again.infolist()] == facts
        assert again.comment == before.comment
    assert (added.opened_zip, added.snapshot.reader) == (True, "whatsapp")


def test_an_export_comes_back_as_files(library: Library, export: Path, tmp_path: Path) -> None:
    add(library, export)
    shelf = read_shelf(library)
    out = tmp_path / "out"

    restore_files(library, shelf.head, plan_import(library, shelf.head, shelf.snapshots[0]), out)

    for name, content in contents(export).items():
        assert (out / name).is_dir() if name.endswith("/") else (out / name).read_bytes() == content
    assert not list(out.rglob("*.unfinished"))


def test_the_summary_is_what_the_chat_says(library: Library, export: Path) -> None:
    summary = add(library, export).snapshot.summary

    assert summary.title == "Ben"
    assert set(summary.people) == {"Anna", "Ben"}
    assert (summary.messages, summary.media) == (4001, 1)
    assert (summary.first, summary.last) == ("2026-09-19T09:00:00", "2026-09-19T10:00:00")


def test_a_later_export_sends_only_what_is_new(library: Library, export: Path, make_zip: MakeZip) -> None:
    first = add(library, export)
    entries = [(name, content, False) for name, content in contents(export).items() if not name.endswith("/")]
    renamed = [(f"new-{name}", content, stored) for name, content, stored in entries]

    second = add(library, make_zip("later.zip", [*renamed, ("new.bin", b"\0" + bytes(5000), False)]))

    assert second.snapshot.conversation != first.snapshot.conversation
    assert second.known_bytes == sum(len(content) for _, content, _ in entries)
    assert second.sent_bytes < 30_000 < first.sent_bytes
    assert codes(library) == []


def test_the_same_again_sends_no_pack_and_writes_no_catalog(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export)
    packs, catalogs = len(server.stored("pack")), len(server.stored("catalog"))

    again = add(library, export, conversation=read_shelf(library).snapshots[0].conversation)

    assert (len(server.stored("pack")), len(server.stored("catalog"))) == (packs, catalogs)
    assert len(again.snapshot.catalogs) == 1
    assert len(read_shelf(library).head.conversations) == 1


def test_chunks_of_packs_that_may_be_collected_are_sent_again(
    library: Library, export: Path, server: FakeServer, make_zip: MakeZip, tmp_path: Path
) -> None:
    add(library, export)
    _forget_snapshots(library)
    for stored in server.stored("pack"):
        stored.content = None  # collected; the head still lists the catalog that names them

    second = add(library, export)
    shelf = read_shelf(library)
    restored = restore_original(library, shelf.head, shelf.snapshots[0], tmp_path / "out")

    assert second.known_bytes < 800_000  # only what stands twice in the export itself
    assert contents(restored) == contents(export)


def _forget_snapshots(library: Library) -> None:
    followed = library.newest_head()
    head = replace(followed.head, sequence=followed.head.sequence + 1, parent=followed.digest, snapshots=())
    removed = [each.snapshot_id for each in followed.head.snapshots]
    library.api.commit(head.sequence, seal_head(library.keys, head, system_random), remove=removed)


def test_what_is_pointed_at_is_stored_first(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export)

    kinds = [known.kind for known in server.objects.values()]
    assert kinds == sorted(kinds, key=["pack", "catalog", "snapshot"].index)
    needed = {*server.commits[-1]["add"][0]["objects"], server.commits[-1]["add"][0]["snapshot"]}
    assert needed == set(server.objects)


def test_another_device_that_was_faster_loses_nothing(
    library: Library, export: Path, server: FakeServer, make_zip: MakeZip
) -> None:
    other = make_zip("other.zip", [("other.txt", b"other\n", False)])

    def be_faster() -> None:
        add(library, other)

    server.before_commit = be_faster
    add(library, export)

    assert {each.source.name for each in read_shelf(library).snapshots} == {export.name, "other.zip"}
    assert codes(library) == []


def test_an_import_that_fails_is_given_back_and_leaves_the_head(
    library: Library, export: Path, server: FakeServer
) -> None:
    server.fail_after_puts = 0
    before = list(server.heads)

    with pytest.raises(ClientError):
        add(library, export)

    assert server.heads == before
    assert server.abandoned == list(server.objects)


def test_over_quota_is_refused_before_the_first_byte(library: Library, export: Path, server: FakeServer) -> None:
    server.limit = 100_000

    with pytest.raises(OverQuotaError) as refused:
        add(library, export)

    assert refused.value.missing is not None
    assert refused.value.missing > 600_000
    assert server.puts == 0


def test_a_zip_that_cannot_be_read_is_kept_as_one_file(library: Library, export: Path, tmp_path: Path) -> None:
    content = bytearray(export.read_bytes())
    content[content.index(b"IMG-1.jpg") + 5000] ^= 1
    export.write_bytes(content)

    added = add(library, export)
    shelf = read_shelf(library)
    restored = restore_original(library, shelf.head, shelf.snapshots[0], tmp_path / "out")

    assert not added.opened_zip
    assert restored.read_bytes() == bytes(content)


def test_more_than_a_pack_comes_back(library: Library, make_zip: MakeZip, server: FakeServer, tmp_path: Path) -> None:
    big = make_zip("big.zip", [("a.bin", b"\0" + random.Random(1).randbytes(9_000_000), False)])
    add(library, big)
    shelf = read_shelf(library)

    assert sorted(known.size for known in server.stored("pack"))[-1] == 8_388_608
    assert contents(restore_original(library, shelf.head, shelf.snapshots[0], tmp_path / "out")) == contents(big)


def test_several_text_chunks_share_a_frame(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(CHAT_LINES + "".join(f"line {n} {random.Random(n).random()}\n" for n in range(40_000)))
    add(library, path)
    head = library.newest_head().head

    frames = library.catalog(head.catalogs[0]).packs[0].frames
    assert any(len(frame.chunks) > 4 for frame in frames)
    assert all(sum(chunk.length for chunk in frame.chunks) <= 1_048_576 for frame in frames)


def test_the_right_code_unlocks_and_another_does_not(
    alice: tuple[RecoveryCode, Library], api: Api, around: Surroundings
) -> None:
    code, library = alice

    assert unlock(api, code, around).keys == library.keys
    with pytest.raises(WrongRecoveryCodeError):
        unlock(api, make_recovery_code(system_random), around)


def test_a_sound_library_verifies(library: Library, export: Path) -> None:
    add(library, export)
    report = verify_library(library, everything=True)

    assert report.findings == []
    assert (report.snapshots, report.catalogs, report.packs) == (1, 1, 2)
    assert verify_library(library, everything=False).findings == []


@pytest.mark.parametrize(
    ("kind", "everything", "expected"),
    [
        ("pack", True, [("wrong-hash", "pack")]),
        ("catalog", False, [("wrong-hash", "catalog")]),
        ("snapshot", False, [("wrong-hash", "snapshot")]),
    ],
)
def test_a_changed_object_is_named(
    library: Library, export: Path, server: FakeServer, kind: str, everything: bool, expected: list[tuple[str, str]]
) -> None:
    add(library, export)
    known = max(server.stored(kind), key=lambda each: each.size)
    assert known.content is not None
    known.content = known.content[:200] + bytes([known.content[200] ^ 1]) + known.content[201:]

    assert codes(library, everything=everything) == expected


def many_files(make_zip: MakeZip) -> Path:
    """So many that a sample is not all of them."""
    files = [(f"{n:03}.bin", b"\0" + random.Random(n).randbytes(30), False) for n in range(200)]
    return make_zip("many.zip", files)


def test_a_sample_is_as_large_as_it_has_to_be(library: Library, make_zip: MakeZip) -> None:
    add(library, many_files(make_zip))
    report = verify_library(library, everything=False)

    assert report.findings == []
    assert report.pieces > 200
    assert report.frames == sample_size(report.pieces) < report.pieces
    note_checked(library, report)
    settings = library.newest_head().head.settings
    assert last_check(settings["checked"]) == LastCheck("2026-11-23T18:04:05Z", report.frames, report.pieces)


def test_a_sample_that_meets_a_changed_frame_names_it(library: Library, make_zip: MakeZip, server: FakeServer) -> None:
    add(library, many_files(make_zip))
    known = max(server.stored("pack"), key=lambda each: each.size)
    assert known.content is not None
    broken = bytes(byte ^ (at % 61 == 40) for at, byte in enumerate(known.content))  # each of its files, once or twice
    known.content = broken

    found = {code for code, _ in codes(library, everything=False)}
    assert found
    assert found <= {"not-authentic", "unknown-version", "unknown-flags"}


def test_what_is_damaged_is_told_by_chat_and_file(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export, title="Ben")
    known = max(server.stored("pack"), key=lambda each: each.size)
    assert known.content is not None
    known.content = known.content[:200] + bytes([known.content[200] ^ 1]) + known.content[201:]

    report = verify_library(library, everything=True)
    (affected,) = report.affected
    assert (affected.chat, affected.export, affected.whole) == ("Ben", export.name, False)
    assert affected.files
    assert report.frames == report.pieces - 1
    assert not report.is_success()


def test_one_chat_alone_is_checked(library: Library, export: Path, make_zip: MakeZip, server: FakeServer) -> None:
    add(library, export, title="Ben")
    before = set(server.objects)
    add(library, make_zip("other.zip", [("a.bin", b"\0" + random.Random(9).randbytes(9_000), False)]), title="Eva")
    ben, eva = library.newest_head().head.conversations
    for identity in set(server.objects) - before:
        del server.objects[identity]

    assert verify_library(library, everything=True, conversation=ben.conversation).findings == []
    damaged = verify_library(library, everything=True, conversation=eva.conversation)
    assert [(each.chat, each.whole) for each in damaged.affected] == [("Eva", True)]


def test_a_check_is_noted_when_it_says_more_than_what_is_known(
    library: Library, export: Path, make_zip: MakeZip
) -> None:
    add(library, export)
    report = verify_library(library, everything=True)
    note_checked(library, report)
    known = library.newest_head().head.sequence

    note_checked(library, report)
    assert library.newest_head().head.sequence == known  # not a day old, and as good
    tomorrow = replace(library, around=replace(library.around, now=lambda: "2026-11-24T18:04:06Z"))
    note_checked(tomorrow, report)
    assert library.newest_head().head.sequence == known + 1


@pytest.mark.parametrize("kind", ["pack", "catalog", "snapshot"])
def test_a_missing_object_is_named(library: Library, export: Path, server: FakeServer, kind: str) -> None:
    add(library, export)
    identity = next(name for name, known in server.objects.items() if known.kind == kind)
    del server.objects[identity]

    assert set(codes(library, everything=False)) >= {("missing", kind)}


def test_two_packs_swapped_are_named(library: Library, make_zip: MakeZip, server: FakeServer) -> None:
    for seed in (1, 2):
        add(library, make_zip(f"{seed}.zip", [("a.bin", b"\0" + random.Random(seed).randbytes(20_000), False)]))
    one, two = (known for known in server.stored("pack") if known.size > 20_000)
    one.content, two.content = two.content, one.content

    assert codes(library) == [("wrong-hash", "pack"), ("wrong-hash", "pack")]


def test_a_replayed_head_blocks(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export)
    server.heads.pop()

    with pytest.raises(DamagedObjectError, match="older-head"):
        read_shelf(library)
    assert codes(library) == [("older-head", "head")]


def test_all_heads_gone_blocks_a_device_that_has_seen_one(library: Library, server: FakeServer) -> None:
    server.heads.clear()

    with pytest.raises(DamagedObjectError, match="older-head"):
        read_shelf(library)


def test_a_forked_head_blocks(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export)
    head = library.newest_head().head
    server.heads[-1] = seal_head(library.keys, replace(head, snapshots=()), system_random)

    with pytest.raises(DamagedObjectError, match="forked-head"):
        read_shelf(library)


def test_an_import_belongs_to_the_chat_that_the_head_names(library: Library, export: Path, server: FakeServer) -> None:
    """A person may move an import to another chat; the snapshot goes on naming the one to which it was added."""
    add(library, export)
    listed = library.newest_head().head.snapshots[0]

    assert library.snapshot(replace(listed, conversation=bytes(16))).conversation == bytes(16)


def test_what_is_remembered_is_for_the_owner_only(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "config" / "heads.json"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert HeadMemory(path).recall(library.keys.library) is not None


def test_a_damaged_memory_stops_instead_of_starting_over(library: Library, tmp_path: Path) -> None:
    (tmp_path / "config" / "heads.json").write_text("{}}")

    with pytest.raises(ClientError, match="damaged"):
        library.newest_head()


def test_the_server_sees_no_name_and_no_key(library: Library, export: Path, server: FakeServer) -> None:
    add(library, export, title="A very private title")

    everything = b"".join(request.content + str(request.url).encode() for request in server.requests)
    secrets = [b"private title", b"IMG-1.jpg", b"Nachricht", library.keys.head, library.keys.chunk_id, library.keys.cut]
    assert not [secret for secret in secrets if secret in everything]


def test_where_two_catalogs_name_a_chunk_the_one_listed_first_holds(
    library: Library, export: Path, server: FakeServer, tmp_path: Path
) -> None:
    add(library, export)
    _forget_snapshots(library)
    second = add(library, export)
    old, new = (each.catalog_id for each in library.newest_head().head.catalogs)
    assert [hint.catalog_id for hint in second.snapshot.catalogs] == [new]
    index = ChunkIndex()
    for listed in library.newest_head().head.catalogs:
        index.add(listed.catalog_id, library.catalog(listed))
    (chunk, *_) = second.snapshot.files.chunks

    assert index.within((new, old)).locate(chunk).catalog_id == new
    assert index.within((old, new)).locate(chunk).catalog_id == old
