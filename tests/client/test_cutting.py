"""Where files are cut: by content, by whole lines, and never by how the bytes arrived."""

import random

import pytest
from backupweb_client.format.cut import Cut, choose_cut, create_cutter
from backupweb_client.format.limits import FIXED_CHUNK, TEXT_HEAD
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = bytes(range(32))


def cut(kind: Cut, pieces: list[bytes]) -> list[bytes]:
    cutter = create_cutter(kind, KEY)
    chunks = [chunk for piece in pieces for chunk in cutter.push(piece)]
    return chunks + cutter.end()


def text(lines: int, seed: int = 1) -> bytes:
    chance = random.Random(seed)
    return b"".join(chance.randbytes(chance.randrange(100)).hex().encode() + b"\r\n" for _ in range(lines))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"", "fixed"),
        (b"SQLite format 3\0", "sqlite"),
        (b"SQLite format 3\0" + b"\xff" * 9000, "sqlite"),
        (b"SQLite format 3", "text"),
        ("grüße\n".encode(), "text"),
        (b"with \0 inside", "fixed"),
        (b"\xff\xfe", "fixed"),
        ("ü".encode()[:1], "fixed"),
        (b"x" * (TEXT_HEAD - 1) + "ü".encode(), "text"),
        (b"x" * (TEXT_HEAD - 3) + "😂".encode(), "text"),
        (b"x" * (TEXT_HEAD - 1) + b"\xff" * 9, "fixed"),
        (b"x" * (TEXT_HEAD - 2) + b"\xed\xa0\x80", "fixed"),
        (b"x" * TEXT_HEAD + b"\0", "text"),
    ],
)
def test_the_cut_follows_from_the_beginning(head: bytes, expected: Cut) -> None:
    assert choose_cut(head) == expected


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["text", "sqlite", "fixed"]), st.integers(1, 4), st.lists(st.integers(1, 90_000), max_size=12))
def test_push_sizes_do_not_matter(kind: Cut, seed: int, sizes: list[int]) -> None:
    content = text(4000, seed) + b"y" * (seed * 150_000) + b"\n" + text(900, seed + 9)
    pieces, at = [], 0
    for size in sizes:
        pieces.append(content[at : at + size])
        at += size
    pieces.append(content[at:])

    assert cut(kind, pieces) == cut(kind, [content])
    assert b"".join(cut(kind, pieces)) == content


def test_byte_by_byte_is_as_good_as_all_at_once() -> None:
    content = text(800)
    assert cut("text", [content[at : at + 1] for at in range(len(content))]) == cut("text", [content])


def test_the_mean_is_about_32_kib_and_no_chunk_is_too_small_or_too_large() -> None:
    chunks = cut("text", [text(200_000)])

    assert all(8_192 <= len(chunk) <= FIXED_CHUNK for chunk in chunks[:-1])
    assert 27_000 < sum(map(len, chunks)) / len(chunks) < 38_000


def test_a_later_export_shares_its_middle() -> None:
    content = text(60_000)
    later = content[300_000:] + text(500, 5)

    assert len(set(cut("text", [content])) & set(cut("text", [later]))) > 60


def test_another_key_cuts_elsewhere() -> None:
    other = create_cutter("text", bytes(32))
    content = text(20_000)
    assert other.push(content) + other.end() != cut("text", [content])


def test_an_overlong_line_is_cut_by_length_and_its_rest_goes_on() -> None:
    chunks = cut("text", [b"short\n" + b"y" * (2 * FIXED_CHUNK + 9) + b"\nend\n"])
    assert [len(chunk) for chunk in chunks] == [6, FIXED_CHUNK, FIXED_CHUNK, 14]


def test_an_overlong_line_keeps_at_least_one_byte() -> None:
    chunks = cut("text", [b"y" * (2 * FIXED_CHUNK - 1) + b"\n" + b"next\n"])
    assert [len(chunk) for chunk in chunks] == [FIXED_CHUNK, FIXED_CHUNK, 5]


def test_a_line_of_exactly_the_limit_is_a_chunk() -> None:
    chunks = cut("text", [b"a\n" + b"y" * (FIXED_CHUNK - 1) + b"\n" + b"b\n"])
    assert chunks[0] == b"a\n"
    assert chunks[1].startswith(b"y" * (FIXED_CHUNK - 1) + b"\n")


@pytest.mark.parametrize(("kind", "size"), [("sqlite", 65_536), ("fixed", 262_112)])
def test_other_files_are_cut_every_so_many_bytes(kind: Cut, size: int) -> None:
    assert [len(chunk) for chunk in cut(kind, [bytes(2 * size + 1)])] == [size, size, 1]
    assert [len(chunk) for chunk in cut(kind, [bytes(2 * size)])] == [size, size]
    assert cut(kind, [b""]) == []
