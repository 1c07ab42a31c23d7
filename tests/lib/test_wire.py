"""Ids and bytes have one spelling; any other is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backupweb.lib.wire import read_bytes, read_id, write_bytes


@given(st.binary(max_size=200))
def test_bytes_come_back_as_they_went(content: bytes) -> None:
    assert read_bytes(write_bytes(content)) == content


@given(st.text(max_size=20))
def test_no_two_texts_mean_the_same_bytes(text: str) -> None:
    try:
        content = read_bytes(text)
    except ValueError:
        return
    assert write_bytes(content) == text


@pytest.mark.parametrize("text", ["A", "AA==", "AB", "A+/A", "AA A", "AAA\n", 5, None])
def test_other_spellings_of_bytes_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="base64url"):
        read_bytes(text)


@pytest.mark.parametrize(
    "text", ["", "0" * 31, "0" * 33, "A" * 32, "0" * 31 + "\n", "00000000-0000-0000-0000-000000000000"]
)
def test_other_spellings_of_ids_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        read_id(text)
