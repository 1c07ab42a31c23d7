"""Everything comes back: in a folder each or in one zip, after any cut, under names that are safe, and checked."""

import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from backupweb_client.choose import Shelf, read_shelf
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.chunks import index_for
from backupweb_client.engine.library import Library
from backupweb_client.engine.restore import Restored, restore_files, restore_zip
from backupweb_client.engine.restore_plan import Output, plan_import, plan_imports
from backupweb_client.errors import ClientError

from tests.client.fake_server import FakeServer

MakeZip = Callable[..., Path]
PHOTO = random.Random(1).randbytes(700_000)
NEW = random.Random(2).randbytes(300_000)


@pytest.fixture
def shelf(library: Library, make_zip: MakeZip, tmp_path: Path) -> Shelf:
    """A chat with two exports that share a photo, and a file that was no zip."""
    first = make_zip("Ben.zip", [("chat.txt", b"one\n", True), ("IMG-1.jpg", PHOTO, False)])
    added = add_export(library, first, AddChoices("Ben", None))
    second = make_zip(
        "Ben.ZIP", [("chat.txt", b"one\ntwo\n", True), ("IMG-1.jpg", PHOTO, False), ("IMG-2.jpg", NEW, False)]
    )
    add_export(library, second, AddChoices("Ben", added.snapshot.conversation))
    film = tmp_path / "film.mp4"
    film.write_bytes(NEW[:1000])
    add_export(library, film, AddChoices("film.mp4", None))
    return read_shelf(library)


def everything(library: Library, shelf: Shelf, *, once: bool = False) -> list[Output]:
    return plan_imports(library, shelf.head, shelf.snapshots, chats=True, once=once)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fetched_media(server: FakeServer) -> list[str]:
    """Packs that were read and are larger than text, lists of files and catalogs are here."""
    large = {name for name, known in server.objects.items() if known.kind == "pack" and known.size > 200_000}
    return [name for request in server.requests if (name := request.url.path.rsplit("/")[-1]) in large]


def by_size(restored: dict[str, bytes]) -> list[int]:
    return sorted(len(content) for content in restored.values())


def test_everything_comes_back_in_a_folder_for_each_export(library: Library, shelf: Shelf, tmp_path: Path) -> None:
    restored = restore_files(library, shelf.head, everything(library, shelf), tmp_path / "out")

    found = tree(tmp_path / "out")
    assert by_size(found) == [4, 8, 1000, 300_000, 700_000, 700_000]
    assert found["film.mp4"] == NEW[:1000]
    assert {path.split("/")[0] for path in found} == {"Ben", "film.mp4"}
    assert len({path.split("/")[1] for path in found if "/" in path}) == 2
    assert (restored.files, restored.refused, restored.renamed) == (6, [], [])


def test_what_two_exports_hold_comes_once_when_that_is_asked(library: Library, shelf: Shelf, tmp_path: Path) -> None:
    restore_files(library, shelf.head, everything(library, shelf, once=True), tmp_path / "out")

    assert by_size(tree(tmp_path / "out")) == [4, 8, 1000, 300_000, 700_000]


def test_everything_comes_back_in_one_zip(library: Library, shelf: Shelf, tmp_path: Path) -> None:
    restored = restore_zip(library, shelf.head, everything(library, shelf), tmp_path / "all.zip")
    restore_files(library, shelf.head, everything(library, shelf), tmp_path / "out")

    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == tree(tmp_path / "out")
    assert restored.files == 6


def test_again_checks_what_is_there_and_fetches_nothing_of_it(
    library: Library, shelf: Shelf, server: FakeServer, tmp_path: Path
) -> None:
    first = restore_files(library, shelf.head, everything(library, shelf), tmp_path / "out")
    before = tree(tmp_path / "out")
    assert fetched_media(server) != []
    server.requests = []

    again = restore_files(library, shelf.head, everything(library, shelf), tmp_path / "out")

    assert again == replace(first, already_there=6)
    assert tree(tmp_path / "out") == before
    assert fetched_media(server) == []


def test_a_cut_costs_no_finished_file_and_leaves_no_half_one(
    library: Library, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    whole = tree_of_all(library, shelf, tmp_path)
    reads = allowed = 0
    real = library.api.read_object

    def cut(*arguments: object, **named: object) -> bytes:
        nonlocal reads
        reads += 1
        if reads > allowed:
            raise KeyboardInterrupt
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(library.api, "read_object", cut)
    for attempt in range(20):
        reads, allowed = 0, attempt
        try:
            restore_files(library, shelf.head, everything(library, shelf), out)
            break
        except KeyboardInterrupt:
            assert all(whole[path] == content for path, content in tree(out).items())
    assert tree(out) == whole


def tree_of_all(library: Library, shelf: Shelf, tmp_path: Path) -> dict[str, bytes]:
    restore_files(library, shelf.head, everything(library, shelf), tmp_path / "whole")
    return tree(tmp_path / "whole")


def test_a_file_of_the_persons_own_is_left_alone_and_a_link_is_not_followed(
    library: Library, shelf: Shelf, tmp_path: Path
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "film.mp4").write_bytes(b"mine")

    restored = restore_files(library, shelf.head, everything(library, shelf), out)

    assert (out / "film.mp4").read_bytes() == b"mine"
    assert (out / "film (2).mp4").read_bytes() == NEW[:1000]
    assert restored.renamed == [("film.mp4", "film (2).mp4")]

    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "Ben").symlink_to(elsewhere)
    with pytest.raises(ClientError, match="in the way"):
        restore_files(library, shelf.head, everything(library, shelf), linked)
    assert list(elsewhere.iterdir()) == []


def _damaged(library: Library, shelf: Shelf, server: FakeServer) -> list[Output]:
    """The plan of everything, after the first byte of the film's frame was changed in the store."""
    outputs = everything(library, shelf)
    (film,) = (output for output in outputs if output.name == "film.mp4")
    place = index_for(library, shelf.head, film.snapshot).locate(film.file.chunks[0])
    known = server.objects[place.pack.pack_id.hex()]
    assert known.content is not None
    changed = bytearray(known.content)
    changed[place.offset] ^= 1
    known.content = bytes(changed)
    return outputs


def test_a_changed_byte_is_refused_by_name_and_the_rest_comes_back(
    library: Library, shelf: Shelf, server: FakeServer, tmp_path: Path
) -> None:
    outputs = _damaged(library, shelf, server)

    for restored, names in (
        (restore_files(library, shelf.head, outputs, tmp_path / "out"), set(tree(tmp_path / "out"))),
        (restore_zip(library, shelf.head, outputs, tmp_path / "all.zip"), set(_names(tmp_path / "all.zip"))),
    ):
        assert (restored.files, [name for name, _ in restored.refused]) == (5, ["film.mp4"])
        assert len(names) == 5
        assert "film.mp4" not in names


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_a_sum_that_is_not_the_one_of_the_zip_is_refused(library: Library, shelf: Shelf, tmp_path: Path) -> None:
    def wrong(output: Output) -> Output:
        entry = output.file.entry
        if entry is None or output.file.name != "IMG-2.jpg":
            return output
        return replace(output, file=replace(output.file, entry=replace(entry, crc32=entry.crc32 ^ 1)))

    outputs = [wrong(output) for output in everything(library, shelf)]
    restored: Restored = restore_files(library, shelf.head, outputs, tmp_path / "out")

    assert [(name.rsplit("/")[-1], error.code) for name, error in restored.refused] == [("IMG-2.jpg", "malformed")]
    assert not [path for path in tree(tmp_path / "out") if "IMG-2" in path or "unfinished" in path]


def test_hostile_names_are_restored_inside_the_folder(library: Library, make_zip: MakeZip, tmp_path: Path) -> None:
    names = ["../../escaped.txt", "/absolute.txt", "..\\windows.txt", "same", "SAME", "same/under", "icon.lnk"]
    hostile = make_zip("hostile.zip", [(name, name.encode(), False) for name in names])
    add_export(library, hostile, AddChoices(None, None))
    shelf = read_shelf(library)
    out = tmp_path / "deep" / "out"

    restored = restore_files(library, shelf.head, plan_import(library, shelf.head, shelf.snapshots[0]), out)

    assert all(out in path.resolve().parents for path in restored.paths)
    assert [path.read_bytes().decode() for path in restored.paths] == names
    assert [each.name for each in (tmp_path / "deep").iterdir()] == ["out"]
    assert {before for before, _ in restored.renamed} == set(names) - {"same"}
