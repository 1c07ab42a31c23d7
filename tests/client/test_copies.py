"""Encrypted copies: saved, opened, restored without a server, and refused by name whatever was done to them."""

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backupweb_client.choose import find_import, read_shelf
from backupweb_client.cli import DAMAGED, FAILED, FINE, World, main
from backupweb_client.engine.add import AddChoices, add_export
from backupweb_client.engine.copy_file import FACTS, HEAD, README, CopyFile, NotACopyError
from backupweb_client.engine.library import Library, Surroundings, unlock
from backupweb_client.engine.restore import restore_original
from backupweb_client.engine.save_copy import save_copy
from backupweb_client.engine.verify import verify_library
from backupweb_client.errors import ClientError, WrongRecoveryCodeError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.recovery_code import RecoveryCode
from backupweb_client.format.wire import from_base64url
from backupweb_client.places import NoMemory
from backupweb_client.prompts import Terminal

VECTOR = Path(__file__).parent.parent / "vectors" / "copy.json"
SITE = "https://alice.example"


@pytest.fixture
def copy(library: Library, export: Path, tmp_path: Path) -> Path:
    add_export(library, export, AddChoices())
    path = tmp_path / "copy.zip"
    saved = save_copy(library, SITE, path)
    assert (saved.imports, saved.size) == (1, path.stat().st_size)
    return path


def opened(path: Path, code: RecoveryCode) -> Library:
    return unlock(CopyFile(path), code, Surroundings(NoMemory()))


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def written(path: Path, content: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return path


def test_nothing_in_it_is_packed_or_in_clear(copy: Path, alice: tuple[RecoveryCode, Library]) -> None:
    content = copy.read_bytes()
    with zipfile.ZipFile(copy) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.namelist()[:3] == [README, FACTS, HEAD]
    for secret in (b"Nachricht", b"Ben", b"WhatsApp", alice[0].digits.encode()):
        assert secret not in content


def test_the_recovery_code_alone_restores_it(
    copy: Path, alice: tuple[RecoveryCode, Library], export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = {"BACKUPWEB_CONFIG": str(tmp_path / "none"), "BACKUPWEB_RECOVERY_CODE": alice[0].digits}
    told: list[str] = []
    world = World(environment, Terminal(lambda _: "", lambda _: "", told.append))
    assert main(("list", "--copy", str(copy)), world) == FINE, told
    assert "Ben" in capsys.readouterr().out
    assert main(("verify", "--all", "--copy", str(copy)), world) == FINE, told
    assert main(("restore", "Ben", "--zip", "--to", str(tmp_path / "out"), "--copy", str(copy)), world) == FINE, told
    assert entries(tmp_path / "out" / export.name) == entries(export)
    # Nothing is remembered of a copy: an older one opens afterwards as well.
    assert not (tmp_path / "none").exists()


def test_another_code_opens_nothing(copy: Path, alice: tuple[RecoveryCode, Library]) -> None:
    other = RecoveryCode("0" * 64) if alice[0].digits != "0" * 64 else RecoveryCode("1" * 64)
    with pytest.raises(WrongRecoveryCodeError):
        opened(copy, other)


def test_nothing_is_written_into_a_copy(copy: Path, alice: tuple[RecoveryCode, Library], export: Path) -> None:
    library = opened(copy, alice[0])
    with pytest.raises(ClientError, match="only read"):
        add_export(library, export.rename(export.with_name("again.zip")), AddChoices())


def test_a_file_that_is_there_is_not_overwritten(copy: Path, library: Library) -> None:
    before = copy.read_bytes()
    with pytest.raises(ClientError, match="already there"):
        save_copy(library, SITE, copy)
    assert copy.read_bytes() == before


def test_a_cut_leaves_no_file(library: Library, export: Path, tmp_path: Path) -> None:
    add_export(library, export, AddChoices())

    def cut(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_copy(library, SITE, tmp_path / "copy.zip", cut)
    assert list(tmp_path.glob("*copy.zip*")) == []


def test_the_shared_vector_opens_and_holds_the_file_that_it_names(tmp_path: Path) -> None:
    vector = json.loads(VECTOR.read_bytes())
    path = written(tmp_path / "copy.zip", {name: from_base64url(text) for name, text in vector["entries"].items()})
    library = opened(path, RecoveryCode(vector["code"]))
    assert verify_library(library, everything=True).findings == []
    shelf = read_shelf(library)
    restored = restore_original(library, shelf.head, find_import(shelf, vector["conversation"]), tmp_path / "out")
    assert restored.name == vector["file"]["name"]
    assert restored.read_bytes() == from_base64url(vector["file"]["content"])


# ---------------------------------------------------------------- whatever was done to it


def changes(parts: dict[str, bytes]) -> Iterator[tuple[str, dict[str, bytes], str]]:
    """What was done, what came of it, and the name of the refusal."""
    facts = json.loads(parts[FACTS])

    def flipped(name: str, at: int) -> dict[str, bytes]:
        body = bytearray(parts[name])
        body[at] ^= 1
        return parts | {name: bytes(body)}

    def told(**change: object) -> dict[str, bytes]:
        return parts | {FACTS: json.dumps(facts | change).encode()}

    yield "a bit of the head", flipped(HEAD, 2000), "not-authentic"
    yield "the head's version", flipped(HEAD, 0), "unknown-version"
    yield "the sequence", told(sequence=1), "not-authentic"
    yield "the check", told(check="A" * 22), "wrong-id"
    yield "a later format", told(format=2), "unknown-version"
    yield "a field too many", told(more=1), "malformed"
    yield "an endless copy.json", parts | {FACTS: bytes(1_048_577)}, "too-large"
    for name in parts:
        if name.startswith("objects/"):
            yield f"a bit of {name}", flipped(name, -1), "wrong-hash"
            yield f"{name} cut off", parts | {name: parts[name][:-1]}, "wrong-hash"
            yield f"no {name}", {key: body for key, body in parts.items() if key != name}, "missing"


def refusals(path: Path, code: RecoveryCode) -> set[str]:
    try:
        return {finding.code for finding in verify_library(opened(path, code), everything=True).findings}
    except DamagedObjectError as error:
        return {error.code}


def test_what_was_changed_is_refused_by_name(copy: Path, alice: tuple[RecoveryCode, Library], tmp_path: Path) -> None:
    for what, parts, code in changes(entries(copy)):
        path = written(tmp_path / "changed.zip", parts)
        assert code in refusals(path, alice[0]), what


def test_what_is_no_copy_is_told(copy: Path, export: Path, tmp_path: Path) -> None:
    parts = entries(copy)
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "cut").write_bytes(copy.read_bytes()[:-30])
    none = [
        export,
        tmp_path / "empty",
        tmp_path / "cut",
        written(tmp_path / "readme.zip", {README: parts[README]}),
        written(tmp_path / "headless.zip", {name: body for name, body in parts.items() if name != HEAD}),
    ]
    for path in none:
        with pytest.raises(NotACopyError):
            CopyFile(path)


def test_tricks_of_the_zip_are_refused(copy: Path, tmp_path: Path) -> None:
    parts = entries(copy)
    packed = written(tmp_path / "packed.zip", parts, zipfile.ZIP_DEFLATED)
    twice = written(tmp_path / "twice.zip", parts)
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(HEAD, b"another")
    for path in (packed, twice):
        with pytest.raises(DamagedObjectError, match="malformed"):
            CopyFile(path)


def test_a_damaged_copy_ends_with_its_own_exit_code(
    copy: Path, alice: tuple[RecoveryCode, Library], tmp_path: Path, make_zip: Callable[..., Path]
) -> None:
    environment = {"BACKUPWEB_CONFIG": str(tmp_path / "none"), "BACKUPWEB_RECOVERY_CODE": alice[0].digits}
    world = World(environment, Terminal(lambda _: "", lambda _: "", lambda _: None))
    parts = entries(copy)
    body = bytearray(parts[HEAD])
    body[random.Random(1).randrange(13, len(body))] ^= 1
    damaged = written(tmp_path / "damaged.zip", parts | {HEAD: bytes(body)})
    assert main(("list", "--copy", str(damaged)), world) == DAMAGED
    other = make_zip("other.zip", [("a.txt", b"a", False)])
    assert main(("list", "--copy", str(other)), world) == FAILED
