"""Bytes come back whole or in one range, cached for good, and only to whom they belong."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backupweb.backups.errors import BadRange
from backupweb.backups.ranges import read_range
from tests.people import Person, Thing

SIZE = 3_000_000


@pytest.fixture
def pack(alice: Person) -> Thing:
    thing = Thing.make(size=SIZE)
    alice.store(thing)
    return thing


pytestmark = pytest.mark.django_db(transaction=True)


def test_the_whole(alice: Person, pack: Thing) -> None:
    answer = alice.fetch(pack)
    assert (answer.status, answer.body) == (200, pack.content)
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["etag"] == f'"{pack.announcement["sha256"]}"'
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=2999999-", SIZE - 1, SIZE),
        ("bytes=1000-99999999", 1000, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
        ("bytes=-99999999", 0, SIZE),
        ("bytes=0-1500000", 0, 1_500_001),
    ],
)
def test_a_range(alice: Person, pack: Thing, asked: str, start: int, end: int) -> None:
    answer = alice.fetch(pack, range=asked)
    assert (answer.status, answer.body) == (206, pack.content[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "items=0-1", "bytes=a-b", "bytes= 1-2"])
def test_a_range_we_do_not_know_is_the_whole(alice: Person, pack: Thing, asked: str) -> None:
    answer = alice.fetch(pack, range=asked)
    assert (answer.status, len(answer.body)) == (200, SIZE)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=9999999-99999999", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(alice: Person, pack: Thing, asked: str) -> None:
    answer = alice.fetch(pack, range=asked)
    assert (answer.status, answer.error) == (416, "backups.bad_range")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


def test_what_the_browser_has_is_not_sent_again(alice: Person, pack: Thing) -> None:
    etag = f'"{pack.announcement["sha256"]}"'
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        answer = alice.fetch(pack, **{"if-none-match": known})
        assert (answer.status, answer.body) == (304, b"")
    assert alice.fetch(pack, **{"if-none-match": '"other"'}).status == 200
    assert alice.fetch(pack, **{"range": "bytes=0-9", "if-range": '"other"'}).status == 200
    assert alice.fetch(pack, **{"range": "bytes=0-9", "if-range": etag}).status == 206


def test_head_tells_without_sending(alice: Person, pack: Thing) -> None:
    answer = asyncio.run(alice.ask("HEAD", f"/objects/{pack.id}"))
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", str(SIZE))


def test_what_is_only_expected_cannot_be_read(alice: Person) -> None:
    thing = Thing.make()
    alice.begin(thing)
    assert alice.fetch(thing).error == "backups.no_such_object"


@given(st.one_of(st.none(), st.text(max_size=40), st.from_regex(r"bytes=[0-9]{0,7}-[0-9]{0,7}")), st.integers(1, 10**6))
def test_a_range_lies_within_the_object_or_is_refused(header: str | None, size: int) -> None:
    try:
        found = read_range(header, size)
    except BadRange:
        return
    assert found is None or 0 <= found.start < found.end <= size
