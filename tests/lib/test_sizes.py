"""Sizes are told in the units in which quotas are given."""

from __future__ import annotations

import pytest
from django.utils import translation

from backupweb.lib.sizes import in_words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (4096, "4.1 KB"), (5 * 10**9, "5 GB"), (1_300_000, "1.3 MB"), (480_300_000, "480 MB")],
)
def test_in_words(size: int, words: str) -> None:
    assert in_words(size).replace("\u00a0", " ") == words


def test_the_decimal_sign_is_the_languages() -> None:
    with translation.override("de"):
        assert in_words(1_300_000) == "1,3\u00a0MB"
