"""Every byte of every sealed structure, every truncation, every foreign place: refused, and by name."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from backupweb_client import zstd
from backupweb_client.format.catalog import (
    Catalog,
    PackEntry,
    open_catalog,
    read_catalog,
    seal_catalog,
    write_catalog,
)
from backupweb_client.format.errors import DamagedObjectError, Refusal
from backupweb_client.format.frame import ChunkEntry, FrameEntry, chunk_id, open_frame, seal_frame
from backupweb_client.format.head import NO_PARENT, Head, open_head, seal_head
from backupweb_client.format.keys import RootKey, derive_library_keys
from backupweb_client.format.sealed_object import open_object, place_of, seal_object
from backupweb_client.format.slots import (
    Keyring,
    OpenedSlot,
    Slot,
    WrongCode,
    open_slot,
    passkey_wrapping_key,
    password_wrapping_key,
    recovery_wrapping_key,
    seal_slot,
)
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
from backupweb_client.format.strict_json import unpack_json
from backupweb_client.format.wire import ByteReader, from_base64url
from backupweb_client.primitives import gcm_seal

from tests.client.conftest import tape

ROOT = RootKey(bytes(range(32)), bytes(range(16)), 1)
KEYS = derive_library_keys(ROOT)
OTHER_LIBRARY = derive_library_keys(RootKey(bytes(range(32)), bytes(16), 1))
OTHER_EPOCH = derive_library_keys(RootKey(bytes(range(32)), bytes(range(16)), 2))
# The same secret keys under another library or epoch: only the associated data stands between them.
RELABELLED = (replace(KEYS, library=bytes(16)), replace(KEYS, epoch=2))
ID = b"i" * 16
FRAME = seal_frame(KEYS, [b"one line\n" * 9, b"another\n" * 9], compress=True, random=tape())
SNAPSHOT = Snapshot(
    ID,
    KEYS.library,
    1,
    b"c" * 16,
    "2026-11-23T18:04:05Z",
    Source("a.zip", 1, None, "zip", b""),
    "files",
    Summary("Ben", (), 0, 0, None, None),
    (CatalogHint(b"C" * 16, True, 0, 2),),
    FileListRef(2, 300, (b"l" * 16,)),
    TextRef(1, 90_000, (b"t" * 16, b"u" * 16)),
)
HEAD = Head(KEYS.library, 1, 7, b"p" * 32, "2026-11-23T18:04:05Z")
PACK = PackEntry(b"P" * 16, b"h" * 32, 4096, (FRAME.entry,))


@dataclass(frozen=True)
class Case:
    sealed: bytes
    opens: Callable[[bytes], object]
    smallest: int


CASES = {
    "frame": Case(FRAME.sealed, lambda sealed: open_frame(KEYS, FRAME.entry, sealed), 31),
    "catalog": Case(
        seal_catalog(KEYS, ID, Catalog((PACK,)), tape()), lambda sealed: open_catalog(KEYS, ID, sealed), 4096
    ),
    "snapshot": Case(seal_snapshot(KEYS, SNAPSHOT, tape()), lambda sealed: open_snapshot(KEYS, ID, sealed), 4096),
    "head": Case(seal_head(KEYS, HEAD, tape()), lambda sealed: open_head(KEYS, 7, sealed), 4096),
}


def refused(code: Refusal, call: Callable[[], object]) -> None:
    with pytest.raises(DamagedObjectError) as caught:
        call()
    assert caught.value.code == code


@pytest.mark.parametrize("name", CASES)
def test_every_changed_byte_is_refused_by_name(name: str) -> None:
    case = CASES[name]
    assert case.opens(case.sealed)
    for at in range(len(case.sealed)):
        changed = bytearray(case.sealed)
        changed[at] ^= 0x41
        expected: Refusal = "unknown-version" if at == 0 else "not-authentic"
        if name == "frame" and at == 1:
            expected = "unknown-flags"
        refused(expected, lambda changed=bytes(changed): case.opens(changed))  # type: ignore[misc]


@pytest.mark.parametrize("name", CASES)
def test_every_truncation_is_refused_by_name(name: str) -> None:
    case = CASES[name]
    for length in range(len(case.sealed)):
        expected: Refusal = "truncated" if length < case.smallest else "wrong-hash"
        refused(expected, lambda length=length: case.opens(case.sealed[:length]))  # type: ignore[misc]


@pytest.mark.parametrize("name", ["catalog", "snapshot", "head"])
def test_what_was_lengthened_is_not_authentic(name: str) -> None:
    case = CASES[name]
    refused("not-authentic", lambda: case.opens(case.sealed + bytes(256)))


@pytest.mark.parametrize("keys", [OTHER_LIBRARY, OTHER_EPOCH, *RELABELLED])
def test_another_librarys_or_epochs_object_is_not_authentic(keys: object) -> None:
    foreign = keys if isinstance(keys, type(KEYS)) else KEYS
    refused("not-authentic", lambda: open_frame(foreign, FRAME.entry, FRAME.sealed))
    refused("not-authentic", lambda: open_catalog(foreign, ID, CASES["catalog"].sealed))
    refused("not-authentic", lambda: open_snapshot(foreign, ID, CASES["snapshot"].sealed))
    refused("not-authentic", lambda: open_head(foreign, 7, CASES["head"].sealed))


def test_an_object_in_another_place_is_not_authentic() -> None:
    other = b"o" * 16
    refused("not-authentic", lambda: open_frame(KEYS, replace(FRAME.entry, frame_id=other), FRAME.sealed))
    refused("not-authentic", lambda: open_catalog(KEYS, other, CASES["catalog"].sealed))
    refused("not-authentic", lambda: open_snapshot(KEYS, other, CASES["snapshot"].sealed))
    refused("not-authentic", lambda: open_head(KEYS, 6, CASES["head"].sealed))


def test_a_kind_of_object_cannot_stand_for_another() -> None:
    refused("not-authentic", lambda: open_snapshot(KEYS, ID, CASES["catalog"].sealed))
    refused("not-authentic", lambda: open_catalog(KEYS, ID, CASES["snapshot"].sealed))


def test_names_inside_that_differ_from_those_asked_for_are_a_wrong_library() -> None:
    for inside in (
        replace(SNAPSHOT, library=bytes(16)),
        replace(SNAPSHOT, epoch=9),
        replace(SNAPSHOT, snapshot_id=bytes(16)),
    ):
        body_of = seal_snapshot(KEYS, replace(inside, snapshot_id=ID), tape())
        if inside.snapshot_id != ID:
            body_of = seal_object(
                place_of(KEYS, KEYS.snapshot, b"backupweb/v1/snapshot-object", ID), write_snapshot(inside), tape()
            )
        refused("wrong-library", lambda body_of=body_of: open_snapshot(KEYS, ID, body_of))  # type: ignore[misc]
    lying = replace(HEAD, library=bytes(16))
    refused("wrong-library", lambda: open_head(KEYS, 7, seal_head(KEYS, lying, tape())))


def test_a_frame_sealed_under_another_chunks_name_is_a_wrong_id() -> None:
    identity = chunk_id(KEYS, b"right")
    associated = b"backupweb/v1/frame\0" + KEYS.place() + identity + b"\0"
    sealed = b"\x01\x00" + bytes(12) + gcm_seal(KEYS.frame_key(identity), bytes(12), b"wrong", associated)
    entry = FrameEntry(identity, 0, len(sealed), (ChunkEntry(identity, 5),))
    refused("wrong-id", lambda: open_frame(KEYS, entry, sealed))


def test_a_catalog_that_names_the_wrong_chunk_of_a_frame_is_a_wrong_id() -> None:
    one, two = FRAME.entry.chunks
    renamed = replace(FRAME.entry, chunks=(replace(one, chunk_id=two.chunk_id), two))
    refused("wrong-id", lambda: open_frame(KEYS, renamed, FRAME.sealed))


def test_lengths_that_differ_from_the_catalogs_are_refused() -> None:
    one, two = FRAME.entry.chunks
    longer = replace(FRAME.entry, chunks=(one, replace(two, length=two.length + 1)))
    refused("wrong-hash", lambda: open_frame(KEYS, longer, FRAME.sealed))
    refused("wrong-hash", lambda: open_frame(KEYS, FRAME.entry, FRAME.sealed + b"\0"))


def test_flags_have_to_be_the_catalogs() -> None:
    refused("unknown-flags", lambda: open_frame(KEYS, replace(FRAME.entry, flags=2), FRAME.sealed))


@pytest.mark.parametrize("at", [4096 - 29 - 1, 100])
def test_padding_has_to_be_zero(at: int) -> None:
    plaintext = bytearray(4096 - 29)
    plaintext[at] = 1
    refused("bad-padding", lambda: _open_plaintext(bytes(plaintext)))


def test_a_body_cannot_be_longer_than_its_object() -> None:
    refused("bad-padding", lambda: _open_plaintext((4096 - 29 - 3).to_bytes(4, "big").ljust(4096 - 29, b"\0")))


def test_an_object_padded_further_than_needed_is_refused() -> None:
    refused("bad-padding", lambda: _open_plaintext(bytes(8192 - 29)))


def _open_plaintext(plaintext: bytes) -> bytes:
    place = place_of(KEYS, KEYS.snapshot, b"label", ID)
    return open_object(place, b"\x01" + bytes(12) + gcm_seal(place.key, bytes(12), plaintext, place.associated))


@pytest.mark.parametrize(
    "spelling", ["8000", "ff808080808000", "ffffffff1f", "80", "", "ffffffffff01"], ids=lambda text: text or "nothing"
)
def test_another_spelling_of_a_varint_is_malformed(spelling: str) -> None:
    refused("malformed", ByteReader(bytes.fromhex(spelling)).varint)


@pytest.mark.parametrize("spelling", ["QQ==", "QR", "Q", "Q Q", "QQ\n", "+/8", "ä"])
def test_another_spelling_of_base64url_is_malformed(spelling: str) -> None:
    refused("malformed", lambda: from_base64url(spelling))


def test_catalogs_that_break_a_rule_are_refused() -> None:
    body = write_catalog(Catalog((PACK,)))
    refused("malformed", lambda: read_catalog(body + b"\0"))
    refused("malformed", lambda: read_catalog(body[:-1]))
    refused("unknown-version", lambda: read_catalog(b"\x02" + body[1:]))
    refused("malformed", lambda: read_catalog(write_catalog(Catalog((PACK, PACK)))))
    refused("malformed", lambda: read_catalog(write_catalog(Catalog((replace(PACK, frames=()),)))))
    refused("malformed", lambda: read_catalog(write_catalog(Catalog((replace(PACK, size=10),)))))
    alone = replace(FRAME.entry, chunks=FRAME.entry.chunks[:1])
    refused("malformed", lambda: read_catalog(write_catalog(Catalog((replace(PACK, frames=(alone,)),)))))
    odd = replace(FRAME.entry, flags=FRAME.entry.flags | 4)
    refused("unknown-flags", lambda: read_catalog(write_catalog(Catalog((replace(PACK, frames=(odd,)),)))))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}', '{"a":1.0}', '{"a":1e3}', '{"a":NaN}', '{"a":true}', '{"a":-1}', '{"a":9007199254740992}',
        '{"a":"1"}', "{}", '{"a":1,"b":1}', "[]", '{"a":1', "\ufeff{}", "[" * 100_000,
    ],
)  # fmt: skip
def test_json_has_one_spelling(text: str) -> None:
    def read() -> None:
        fields = unpack_json(zstd.compress(text.encode()), 1 << 20)
        fields.whole("a")
        fields.complete()

    refused("malformed", read)


def test_half_a_surrogate_pair_is_no_text() -> None:
    refused("malformed", lambda: unpack_json(zstd.compress(b'{"a":"\\ud800"}'), 99).text("a"))


def test_zstd_is_refused_before_it_unpacks_when_it_is_too_large_or_does_not_say() -> None:
    bomb = zstd.compress(bytes(1 << 20))
    refused("too-large", lambda: zstd.decompress(bomb, (1 << 20) - 1))
    refused("malformed", lambda: zstd.decompress(bomb + b"\0", 1 << 20))
    refused("malformed", lambda: zstd.decompress(bomb[:-1], 1 << 20))
    refused("malformed", lambda: zstd.decompress(b"plain", 99))
    unsized = bytes.fromhex("28b52ffd0058") + bytes.fromhex("190000") + b"abc"  # a raw block of three bytes, no size
    refused("malformed", lambda: zstd.decompress(unsized, 99))


SLOT_ID = b"s" * 16
WRAPPING = recovery_wrapping_key("123" * 16, ROOT.library, SLOT_ID)
SLOT = seal_slot(ROOT, 1, SLOT_ID, WRAPPING, tape())
KEYRING = Keyring(ROOT.library, 1, KEYS.check, (SLOT,))


def test_a_slot_opens_to_the_root_key() -> None:
    assert open_slot(KEYRING, SLOT, WRAPPING) == OpenedSlot(ROOT, KEYS)
    assert len(SLOT.sealed) == 61


def test_every_changed_byte_of_a_slot_is_refused() -> None:
    refused("unknown-version", lambda: open_slot(KEYRING, replace(SLOT, sealed=b"\x02" + SLOT.sealed[1:]), WRAPPING))
    for at in range(1, 61):
        changed = SLOT.sealed[:at] + bytes([SLOT.sealed[at] ^ 1]) + SLOT.sealed[at + 1 :]
        assert open_slot(KEYRING, replace(SLOT, sealed=changed), WRAPPING) == WrongCode()
    for length in range(61):
        short = replace(SLOT, sealed=SLOT.sealed[:length])
        refused("truncated", lambda short=short: open_slot(KEYRING, short, WRAPPING))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("keyring", "slot"),
    [
        (replace(KEYRING, library=bytes(16)), SLOT),
        (replace(KEYRING, epoch=2), SLOT),
        (KEYRING, replace(SLOT, kind=4)),
        (KEYRING, replace(SLOT, slot_id=bytes(16))),
    ],
)
def test_a_slot_of_another_place_does_not_open(keyring: Keyring, slot: Slot) -> None:
    assert open_slot(keyring, slot, WRAPPING) == WrongCode()


@pytest.mark.parametrize("kind", [2, 3])
def test_a_slot_with_parameters_opens_under_its_own_alone(kind: int) -> None:
    parameters, others = {
        2: (b"\x01\x00\x01\x00\x00\x03\x04", b"\x01\x00\x01\x00\x00\x04\x04"),
        3: (b"\x01credential", b"\x01another"),
    }[kind]
    slot = seal_slot(ROOT, kind, SLOT_ID, WRAPPING, tape(), parameters=parameters)

    assert open_slot(KEYRING, slot, WRAPPING) == OpenedSlot(ROOT, KEYS)
    assert open_slot(KEYRING, replace(slot, parameters=others), WRAPPING) == WrongCode()
    if kind == 2:  # read as a passkey's, they name a credential of six bytes
        assert open_slot(KEYRING, replace(slot, kind=3), WRAPPING) == WrongCode()
    else:
        refused("malformed", lambda: open_slot(KEYRING, replace(slot, kind=2), WRAPPING))
    refused("malformed", lambda: open_slot(KEYRING, replace(slot, kind=1), WRAPPING))


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_wrapping_keys_are_made_of_whole_secrets(length: int) -> None:
    for make in (password_wrapping_key, passkey_wrapping_key):
        with pytest.raises(ValueError, match="bytes"):
            make(bytes(length), ROOT.library, SLOT_ID)


def test_parameters_that_nobody_understands_are_refused() -> None:
    refused("malformed", lambda: open_slot(KEYRING, replace(SLOT, parameters=b"?"), WRAPPING))


def test_a_slot_of_another_root_key_is_a_wrong_id() -> None:
    refused("wrong-id", lambda: open_slot(replace(KEYRING, check=bytes(16)), SLOT, WRAPPING))


def test_a_first_head_has_no_parent() -> None:
    assert bytes(32) == NO_PARENT
