"""A handful of the points that `make cut-offs` tries by the hundred: others in every run, and the seed says which."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.cut_offs.run import run

pytestmark = pytest.mark.one_database


def test_cut_off_anywhere_nothing_that_was_done_is_lost_and_one_click_goes_on(tmp_path: Path) -> None:
    counts = run(tmp_path, 6, secrets.randbits(32), 0.5, print)
    assert sum(counts.values()) == 6
