"""Exports on disk: zips are read by their directory and written as they were; no name leads out of the folder."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from backupweb_client.exports.found import UnreadableZipError, open_export, wall_clock
from backupweb_client.exports.safe_names import SafeNames
from backupweb_client.exports.zip_target import ZipTarget
from backupweb_client.format.file_list import StoredFile
from hypothesis import given
from hypothesis import strategies as st

MakeZip = Callable[..., Path]
VECTORS = Path(__file__).parent.parent / "vectors"


def test_a_zip_is_read_in_the_order_of_its_directory(export: Path) -> None:
    with open_export(export, as_zip=True) as found:
        names = [file.name for file in found.files]
        first = b"".join(found.files[1].pieces())

    assert names[0] == "WhatsApp Chat mit Ben.txt"
    assert names[-2:] == ["Unterlagen/", "Unterlagen/Plan ä.pdf"]
    assert found.source.kind == "zip"
    assert found.source.comment == b"made by a phone"
    assert found.files[1].modified == "2026-09-19T09:52:10"
    assert len(first) == found.files[1].size == 700_000


def test_anything_else_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"hello")
    with open_export(path, as_zip=False) as found:
        (file,) = found.files
        content = b"".join(file.pieces())

    assert (file.name, file.entry, file.type, content) == ("notes.txt", None, "text/plain", b"hello")
    assert found.source.kind == "file"


def test_a_damaged_entry_is_told(export: Path) -> None:
    content = bytearray(export.read_bytes())
    at = content.index(b"IMG-1.jpg") + 5000
    content[at] ^= 1
    export.write_bytes(content)

    with open_export(export, as_zip=True) as found, pytest.raises(UnreadableZipError):
        list(found.files[1].pieces())


@pytest.mark.parametrize("raw", [b"Gr\x81\xe1e.txt", "Grüße.txt".encode(), b"plain.txt"])
def test_a_zip_is_written_with_the_names_it_had(tmp_path: Path, make_zip: MakeZip, raw: bytes) -> None:
    source = make_zip("names.zip", [("N" * len(raw), b"content", True)], comment=b"kept")
    source.write_bytes(source.read_bytes().replace(b"N" * len(raw), raw))
    target = tmp_path / "again.zip"

    with open_export(source, as_zip=True) as found:
        stored = [
            StoredFile(file.name, file.size, file.modified, file.type, "text", (bytes(16),), file.entry)
            for file in found.files
        ]
        with ZipTarget(target, found.source.comment) as archive:
            archive.write(stored[0], found.files[0].pieces())

    assert target.read_bytes() == source.read_bytes()


def test_the_same_name_may_stand_twice(tmp_path: Path, make_zip: MakeZip) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        source = make_zip("twice.zip", [("a", b"one", False), ("a", b"two", False)])
    target = tmp_path / "again.zip"

    with open_export(source, as_zip=True) as found, ZipTarget(target, b"") as archive:
        for file in found.files:
            archive.write(StoredFile(file.name, 3, None, "", "text", (bytes(16),), file.entry), file.pieces())

    assert target.read_bytes() == source.read_bytes()


def test_an_entry_that_ends_like_a_folder_and_has_content_is_kept(tmp_path: Path, make_zip: MakeZip) -> None:
    with open_export(make_zip("odd.zip", [("odd/", b"content", False)]), as_zip=True) as found:
        assert b"".join(found.files[0].pieces()) == b"content"


@pytest.mark.parametrize(("time", "clock"), [(0x0021_0000, "1980-01-01T00:00:00"), (0, None), (0xFFFF_FFFF, None)])
def test_dos_times_that_are_no_moment_have_no_clock(time: int, clock: str | None) -> None:
    assert wall_clock(time) == clock


HOSTILE = [
    "../../etc/passwd", "/etc/passwd", "..", ".", "", "/", "a/../../b", "..\\..\\b", "C:\\windows\\x", "C:/x", "con",
    "NUL.txt", "com1 .log", "a\0b", "trailing. ", "... ", "x" * 5000, "ü" * 400 + ".jpeg", "\u202egnp.exe", "a:b",
    "-rf", "~/x", "\ud800",
]  # fmt: skip


@given(st.lists(st.sampled_from(HOSTILE) | st.text(alphabet="./\\aA \0:", max_size=9), max_size=12), st.data())
def test_hostile_names_stay_inside_and_none_comes_twice(names: list[str], data: st.DataObject) -> None:
    given_out = SafeNames()
    paths: list[PurePosixPath] = []
    for name in names:
        if data.draw(st.booleans()):
            given_out.folder(name)
        else:
            paths.append(given_out.file(name))

    for path in paths:
        assert not path.is_absolute()
        assert path.parts
        for part in path.parts:
            assert part not in {"", ".", ".."}
            assert not set(part) & set('\\:*?"<>|\0')
            assert part == part.rstrip(". ")
            assert len(part.encode()) <= 255
            assert part.split(".")[0].strip().upper() not in {"CON", "NUL", "COM1"}
    folded = [str(path).casefold() for path in paths]
    assert len(set(folded)) == len(folded)
    assert not any(one in other.parents for one in paths for other in paths)


def test_ordinary_names_stay_as_they_are() -> None:
    names = SafeNames()
    assert names.file("Plan ä (2).pdf") == PurePosixPath("Plan ä (2).pdf")
    assert names.file("a/b/.c") == PurePosixPath("a/b/.c")


def test_names_that_a_disk_cannot_tell_apart_get_numbers() -> None:
    names = SafeNames()
    assert [str(names.file(name)) for name in ("a.jpg", "A.jpg", "a.jpg", "a.jpg/b")] == [
        "a.jpg", "A (2).jpg", "a (3).jpg", "a (4).jpg/b",
    ]  # fmt: skip


def test_names_are_those_of_the_browser() -> None:
    names = SafeNames()
    for case in json.loads((VECTORS / "safe-names.json").read_text())["files"]:
        assert str(names.file(case["name"])) == case["path"]


def test_a_zip_file_stays_a_zip(export: Path) -> None:
    assert zipfile.is_zipfile(export)
