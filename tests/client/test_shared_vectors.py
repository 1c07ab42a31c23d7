"""The bytes both implementations agree on: `tests/vectors/`, read as its README says."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from backupweb_client.format.catalog import (
    Catalog,
    PackEntry,
    open_catalog,
    read_catalog,
    seal_catalog,
    write_catalog,
)
from backupweb_client.format.cut import choose_cut, create_cutter
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.file_list import StoredFile, ZipEntry, read_file_list, write_file_list
from backupweb_client.format.follow import RememberedHead, follow_head
from backupweb_client.format.frame import ChunkEntry, FrameEntry, chunk_id, frame_id, open_frame
from backupweb_client.format.head import open_head, write_head
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.padme import padme
from backupweb_client.format.recovery_code import CodeFindings, RecoveryCode, damm, read_recovery_code
from backupweb_client.format.sealed_object import check_promise, place_of, seal_object
from backupweb_client.format.slots import (
    Keyring,
    OpenedSlot,
    Slot,
    WrongCode,
    open_earlier,
    open_slot,
    passkey_wrapping_key,
    password_wrapping_key,
    read_credential,
    recovery_wrapping_key,
    seal_slot,
)
from backupweb_client.format.snapshot import open_snapshot, write_snapshot
from backupweb_client.format.strict_json import unpack_json
from backupweb_client.format.wire import from_base64url, u64
from backupweb_client.primitives import sha256
from backupweb_client.zstd import decompress

FOLDER = Path(__file__).parent.parent / "vectors"
Json = Any


def load(name: str) -> Json:
    return json.loads((FOLDER / name).read_bytes())


def named(cases: list[Json]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def _keys(number: int) -> LibraryKeys:
    one = load("keys.json")["libraries"][number]
    return derive_library_keys(RootKey(bytes.fromhex(one["root"]), bytes.fromhex(one["library"]), one["epoch"]))


ALICE = _keys(0)
CHANGED = _keys(2)
"""Alice after her root key was changed."""
REFUSALS = load("refusals.json")
SNAPSHOT_ID = bytes.fromhex(load("snapshot.json")["ref"]["id"])


def outcome(call: Callable[[], object]) -> str:
    """The name of the refusal, or `right`."""
    try:
        call()
    except DamagedObjectError as error:
        return error.code
    return "right"


def frame_entry(fields: Json) -> FrameEntry:
    chunks = tuple(ChunkEntry(bytes.fromhex(each["id"]), each["length"]) for each in fields["chunks"])
    return FrameEntry(bytes.fromhex(fields["id"]), fields["flags"], fields["sealedLength"], chunks)


def pack_entry(fields: Json) -> PackEntry:
    frames = tuple(frame_entry(each) for each in fields["frames"])
    return PackEntry(bytes.fromhex(fields["id"]), bytes.fromhex(fields["sha256"]), fields["size"], frames)


def sealed_bytes(case: Json) -> bytes:
    if "sealed" in case:
        return from_base64url(case["sealed"])
    name, *way = case["sealedOf"]
    at = load(name)
    for step in way:
        at = at[step]
    return from_base64url(at if isinstance(at, str) else at["sealed"])


@pytest.mark.parametrize("library", load("keys.json")["libraries"])
def test_keys(library: Json) -> None:
    root = RootKey(bytes.fromhex(library["root"]), bytes.fromhex(library["library"]), library["epoch"])
    keys = derive_library_keys(root)

    made = {
        "chunk-id": keys.chunk_id,
        "chunk-seal": keys.chunk_seal,
        "snapshot": keys.snapshot,
        "head": keys.head,
        "journal": keys.journal,
        "earlier": keys.earlier,
        "check": keys.check,
        "cut": keys.cut,
        "frameKey": keys.frame_key(bytes.fromhex(load("keys.json")["frameId"])),
    }
    assert {name: key.hex() for name, key in made.items()} == {name: library[name] for name in made}


@pytest.mark.parametrize("case", load("recovery-code.json")["damm"])
def test_damm_digits(case: Json) -> None:
    assert damm(map(int, case["digits"])) == case["check"]


@pytest.mark.parametrize("typed", load("recovery-code.json")["right"])
def test_codes_that_are_typed_right(typed: str) -> None:
    assert read_recovery_code(typed) == RecoveryCode(load("recovery-code.json")["code"])


@pytest.mark.parametrize("case", load("recovery-code.json")["wrong"])
def test_codes_that_are_typed_wrong(case: Json) -> None:
    found = read_recovery_code(case["typed"])

    assert isinstance(found, CodeFindings)
    assert [list(pair) for pair in found.swapped] == case["swapped"]
    assert sorted({*found.typos, *(number for pair in found.swapped for number in pair)}) == case["groups"]


def test_slots() -> None:
    vector = load("slot.json")
    slots = tuple(
        Slot(
            bytes.fromhex(each["id"]),
            each["kind"],
            from_base64url(each["parameters"]),
            from_base64url(each["sealed"]),
        )
        for each in vector["slots"]
    )
    keyring = Keyring(bytes.fromhex(vector["library"]), vector["epoch"], bytes.fromhex(vector["check"]), slots)
    code = RecoveryCode(vector["code"])
    for slot, each in zip(slots, vector["slots"], strict=True):
        wrapping_key = bytes.fromhex(each["wrappingKey"])
        opened = open_slot(keyring, slot, wrapping_key)
        assert isinstance(opened, OpenedSlot)
        assert opened.root.secret.hex() == vector["root"]
        if slot.kind == 1:
            assert recovery_wrapping_key(code.random_digits, keyring.library, slot.slot_id) == wrapping_key


def test_the_slot_of_an_earlier_key() -> None:
    vector = load("slot.json")
    each = vector["earlier"]
    check, sealed = bytes.fromhex(vector["check"]), from_base64url(each["sealed"])
    assert CHANGED.earlier.hex() == each["wrappingKey"]
    assert open_earlier(CHANGED, vector["epoch"], check, bytes.fromhex(each["id"]), sealed) == ALICE
    refused = [
        lambda: open_earlier(CHANGED, 3, check, bytes.fromhex(each["id"]), sealed),
        lambda: open_earlier(CHANGED, vector["epoch"], check, bytes(16), sealed),
        lambda: open_earlier(ALICE, vector["epoch"], check, bytes.fromhex(each["id"]), sealed),
        lambda: open_earlier(CHANGED, vector["epoch"], check, bytes.fromhex(each["id"]), sealed[:-1] + b"x"),
    ]
    assert [outcome(call) for call in refused] == ["not-authentic"] * 4
    assert outcome(lambda: open_earlier(CHANGED, 1, bytes(16), bytes.fromhex(each["id"]), sealed)) == "wrong-id"


@pytest.mark.parametrize("name", ["password.json", "passkey.json"])
def test_slots_of_passwords_and_passkeys(name: str) -> None:
    vector = load(name)
    each = vector["slot"]
    slot = Slot(
        slot_id=bytes.fromhex(each["id"]),
        kind=each["kind"],
        parameters=from_base64url(each["parameters"]),
        sealed=from_base64url(each["sealed"]),
    )
    keyring = Keyring(bytes.fromhex(vector["library"]), vector["epoch"], bytes.fromhex(vector["check"]), (slot,))
    if name == "password.json":
        wrapping_key = password_wrapping_key(bytes.fromhex(vector["exportKey"]), keyring.library, slot.slot_id)
    else:
        wrapping_key = passkey_wrapping_key(bytes.fromhex(vector["output"]), keyring.library, slot.slot_id)
        assert read_credential(slot.parameters).hex() == vector["credential"]
        assert sha256(b"backupweb/v1/passkey-prf").hex() == vector["prfInput"]

    assert wrapping_key.hex() == each["wrappingKey"]
    opened = open_slot(keyring, slot, wrapping_key)
    assert isinstance(opened, OpenedSlot)
    assert opened.root.secret.hex() == vector["root"]
    assert open_slot(keyring, slot, bytes(32)) == WrongCode()
    for at in range(len(slot.parameters)):
        changed = bytearray(slot.parameters)
        changed[at] ^= 1
        other = replace(slot, parameters=bytes(changed))
        with contextlib.suppress(DamagedObjectError):
            assert open_slot(keyring, other, wrapping_key) == WrongCode()


@named(REFUSALS["slotParameters"])
def test_parameters_that_are_refused(case: Json) -> None:
    kind, parameters = case["kind"], from_base64url(case["parameters"])
    root = RootKey(bytes(32), bytes(16), 1)
    keyring = Keyring(root.library, root.epoch, derive_library_keys(root).check, ())
    slot = Slot(slot_id=bytes(16), kind=kind, parameters=parameters, sealed=b"\x01" + bytes(60))

    assert outcome(lambda: open_slot(keyring, slot, bytes(32))) == "malformed"
    assert outcome(lambda: seal_slot(root, kind, bytes(16), bytes(32), bytes, parameters=parameters)) == "malformed"


@pytest.mark.parametrize("case", load("padme.json"))
def test_padme(case: Json) -> None:
    assert padme(case["length"]) == case["padded"]


def _input(fields: Json) -> bytes:
    if fields["kind"] == "bytes":
        return from_base64url(fields["bytes"])
    numbers = _numbers(fields["seed"])
    if fields["kind"] == "noise":
        return from_base64url(fields["prefix"]) + bytes(next(numbers) % 256 for _ in range(fields["size"]))
    content = bytearray()
    while len(content) < fields["size"]:
        letters = 1 + next(numbers) % fields["longest"]
        content += bytes(0x61 + next(numbers) % 26 for _ in range(letters)) + b"\n"
    return bytes(content[: fields["size"]])


def _numbers(seed: int) -> Iterator[int]:
    while True:
        seed = 48_271 * seed % (2**31 - 1)
        yield seed


@named(load("cut.json"))
def test_cuts(case: Json) -> None:
    content = _input(case["input"])
    cut = choose_cut(content)
    cutter = create_cutter(cut, ALICE.cut)
    chunks = [*cutter.push(content), *cutter.end()]

    assert cut == case["cut"]
    assert [len(chunk) for chunk in chunks] == case["lengths"]
    assert [chunk_id(ALICE, chunk).hex() for chunk in chunks] == case["ids"]


@named(load("frame.json"))
def test_frames(case: Json) -> None:
    chunks = [from_base64url(chunk) for chunk in case["chunks"]]
    entry = frame_entry(case["entry"])

    assert open_frame(ALICE, entry, from_base64url(case["sealed"])) == chunks
    assert frame_id(ALICE, chunks) == entry.frame_id


def test_a_pack() -> None:
    vector = load("pack.json")
    pack, content = pack_entry(vector["pack"]), from_base64url(vector["bytes"])

    check_promise(content, size=pack.size, digest=pack.digest)
    for (offset, frame), case in zip(pack.placed(), load("frame.json"), strict=True):
        chunks = open_frame(ALICE, frame, content[offset : offset + frame.sealed_length])
        assert chunks == [from_base64url(chunk) for chunk in case["chunks"]]


def test_a_catalog() -> None:
    vector = load("catalog.json")
    identity, sealed = bytes.fromhex(vector["ref"]["id"]), from_base64url(vector["sealed"])
    catalog = Catalog(tuple(pack_entry(each) for each in vector["packs"]))

    assert write_catalog(catalog) == from_base64url(vector["body"])
    assert open_catalog(ALICE, identity, sealed) == catalog
    check_promise(sealed, size=vector["ref"]["size"], digest=bytes.fromhex(vector["ref"]["sha256"]))
    nonce = sealed[1:13]
    assert seal_catalog(ALICE, identity, catalog, lambda _: nonce) == sealed


def stored_file(fields: Json) -> StoredFile:
    entry = fields["entry"]
    joined = from_base64url(fields["chunks"])
    return StoredFile(
        **{name: fields[name] for name in ("name", "size", "modified", "type", "cut")},
        chunks=tuple(joined[at : at + 16] for at in range(0, len(joined), 16)),
        entry=entry
        and ZipEntry(
            **{name: entry[name] for name in ("method", "time", "attributes", "flags", "crc32")},
            made_by=entry["madeBy"],
            raw=entry["raw"] and from_base64url(entry["raw"]),
        ),
    )


def test_a_file_list() -> None:
    vector = load("file-list.json")
    files, text = tuple(stored_file(each) for each in vector["files"]), from_base64url(vector["text"])
    cutter = create_cutter("text", ALICE.cut)

    assert read_file_list(text) == files
    assert write_file_list(files) == text
    ids = b"".join(chunk_id(ALICE, chunk) for chunk in [*cutter.push(text), *cutter.end()])
    assert (
        ids == from_base64url(vector["chunks"]) == from_base64url(load("snapshot.json")["snapshot"]["files"]["chunks"])
    )


@named(REFUSALS["fileLists"])
def test_file_lists_that_are_refused(case: Json) -> None:
    assert outcome(lambda: read_file_list(from_base64url(case["text"]))) == case["expected"]


def test_a_snapshot() -> None:
    vector = load("snapshot.json")
    sealed = from_base64url(vector["sealed"])
    snapshot = open_snapshot(ALICE, SNAPSHOT_ID, sealed)

    check_promise(sealed, size=vector["ref"]["size"], digest=bytes.fromhex(vector["ref"]["sha256"]))
    assert json.loads(decompress(write_snapshot(snapshot), 1 << 20)) == vector["snapshot"]


@pytest.mark.parametrize("case", [*load("head.json")["chain"], *load("head.json")["fork"]])
def test_heads(case: Json) -> None:
    sealed = from_base64url(case["sealed"])
    head = open_head(ALICE, case["head"]["sequence"], sealed)

    assert sha256(sealed).hex() == case["hash"]
    assert json.loads(decompress(write_head(head), 1 << 20)) == case["head"]


@named(REFUSALS["frames"])
def test_frames_that_are_refused(case: Json) -> None:
    assert outcome(lambda: open_frame(ALICE, frame_entry(case["entry"]), sealed_bytes(case))) == case["expected"]


@named(REFUSALS["packs"])
def test_packs_that_are_refused(case: Json) -> None:
    ref = case["ref"]
    digest = bytes.fromhex(ref["sha256"])
    content = from_base64url(case["bytes"])
    assert outcome(lambda: check_promise(content, size=ref["size"], digest=digest)) == case["expected"]


@named(REFUSALS["catalogBodies"])
def test_catalogs_that_are_refused(case: Json) -> None:
    assert outcome(lambda: read_catalog(from_base64url(case["body"]))) == case["expected"]


@named(REFUSALS["snapshotBodies"])
def test_snapshots_that_are_refused(case: Json) -> None:
    place = place_of(ALICE, ALICE.snapshot, b"backupweb/v1/snapshot-object", SNAPSHOT_ID)
    sealed = seal_object(place, from_base64url(case["body"]), bytes)
    assert outcome(lambda: open_snapshot(ALICE, SNAPSHOT_ID, sealed)) == case["expected"]


@named(REFUSALS["headBodies"])
def test_heads_that_are_refused(case: Json) -> None:
    place = place_of(ALICE, ALICE.head, b"backupweb/v1/head-object", u64(case["sequence"]))
    sealed = seal_object(place, from_base64url(case["body"]), bytes)
    assert outcome(lambda: open_head(ALICE, case["sequence"], sealed)) == case["expected"]


@pytest.mark.parametrize("case", [*load("head.json")["changed"], *load("head.json")["changedFork"]])
def test_heads_under_a_changed_key(case: Json) -> None:
    sealed = from_base64url(case["sealed"])
    head = open_head(CHANGED, case["head"]["sequence"], sealed)

    assert sha256(sealed).hex() == case["hash"]
    assert json.loads(decompress(write_head(head), 1 << 20)) == case["head"]
    (key,) = head.earlier
    assert open_earlier(CHANGED, key.epoch, key.check, key.slot_id, key.sealed) == ALICE


@named(REFUSALS["changedHeadBodies"])
def test_heads_under_a_changed_key_that_are_refused(case: Json) -> None:
    place = place_of(CHANGED, CHANGED.head, b"backupweb/v1/head-object", u64(case["sequence"]))
    sealed = seal_object(place, from_base64url(case["body"]), bytes)
    assert outcome(lambda: open_head(CHANGED, case["sequence"], sealed)) == case["expected"]


@named(REFUSALS["objects"])
def test_objects_that_are_refused(case: Json) -> None:
    def opened() -> object:
        sealed = sealed_bytes(case)
        match case["kind"]:
            case "snapshot":
                return open_snapshot(ALICE, bytes.fromhex(case["id"]), sealed)
            case "catalog":
                return open_catalog(ALICE, bytes.fromhex(case["id"]), sealed)
            case _:
                return open_head(ALICE, case["sequence"], sealed)

    assert outcome(opened) == case["expected"]


@named(REFUSALS["follow"])
def test_following(case: Json) -> None:
    assert following(ALICE, case) == case["expected"]


@named(REFUSALS["followChanged"])
def test_following_over_a_change_of_the_key(case: Json) -> None:
    assert following(CHANGED, case) == case["expected"]


def following(keys: LibraryKeys, case: Json) -> str:
    between = {int(sequence): each for sequence, each in case["between"].items()}

    def fetch(sequence: int) -> bytes:
        if sequence not in between:
            raise DamagedObjectError("missing")
        each = between[sequence]
        return sealed_bytes(each if isinstance(each, dict) else {"sealedOf": each})

    known = case["remembered"]
    remembered = None if known is None else RememberedHead(known["sequence"], bytes.fromhex(known["hash"]))
    newest = case["newest"]

    def followed() -> object:
        sealed = sealed_bytes(newest)
        return follow_head(keys, remembered, sequence=newest["sequence"], sealed=sealed, fetch=fetch)

    return outcome(followed)


def test_no_body_is_read_beyond_its_limit() -> None:
    body = from_base64url(REFUSALS["snapshotBodies"][0]["body"])
    assert outcome(lambda: unpack_json(body, 10)) == "too-large"
