"""Settings are read by type; a malformed value stops the start and is not repeated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from backupweb.lib.env import Environment

Reader = Callable[[Environment], Any]

READERS: dict[str, Reader] = {
    "choice": lambda env: env.choice("X", "a", ("a", "b")),
    "flag": lambda env: env.flag("X", default=False),
    "number": lambda env: env.number("X", 3, at_least=1),
    "rate": lambda env: env.rate("X", "30/60"),
    "size": lambda env: env.size("X", "1GB"),
    "path": lambda env: env.path("X", Path("/default")),
    "address": lambda env: env.address("X", "file:///default", ("file", "s3")),
    "origin": lambda env: env.origin("X", "https://example.org"),
}


@pytest.mark.parametrize(
    ("reader", "value", "read"),
    [
        ("choice", "b", "b"),
        ("flag", "Yes", True),
        ("flag", "0", False),
        ("number", "12", 12),
        ("rate", "5/300", (5, 300)),
        ("size", "5GB", 5 * 10**9),
        ("size", "500 MiB", 500 * 2**20),
        ("size", "1000", 1000),
        ("path", "/data", Path("/data")),
        ("address", "s3://bucket/x", "s3://bucket/x"),
        ("origin", "https://backup.example.org/", "https://backup.example.org"),
        ("origin", "http://localhost:8001", "http://localhost:8001"),
    ],
)
def test_what_is_well_formed_is_read(reader: str, value: str, read: object) -> None:
    assert READERS[reader](Environment({"X": f" {value} "})) == read


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("choice", "c"),
        ("flag", "perhaps"),
        ("number", "0"),
        ("number", "-1"),
        ("number", "1.5"),
        ("number", "٣"),
        ("size", "5 apples"),
        ("size", "-5GB"),
        ("rate", "5"),
        ("rate", "0/60"),
        ("rate", "5/0"),
        ("rate", "5/60s"),
        ("path", "data"),
        ("address", "ftp://x"),
        ("origin", "https://example.org/path"),
        ("origin", "example.org"),
        ("origin", "https://user@example.org"),
    ],
)
def test_what_is_malformed_stops_the_start(reader: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^X must be ") as refused:
        READERS[reader](Environment({"X": value}))
    assert value not in str(refused.value)


@pytest.mark.parametrize("reader", READERS)
def test_an_empty_value_is_the_default(reader: str) -> None:
    assert READERS[reader](Environment({"X": ""})) == READERS[reader](Environment({}))


def test_a_file_is_there_and_absolute(tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("x")
    assert Environment({"X": str(file)}).file("X") == file
    assert Environment({"X": ""}).file("X") is None
    for wrong in ("authority.pem", str(tmp_path), str(tmp_path / "nothing")):
        with pytest.raises(ImproperlyConfigured, match=r"^X must be ") as refused:
            Environment({"X": wrong}).file("X")
        assert wrong not in str(refused.value)


def test_a_secret_comes_from_its_file_or_its_name_but_not_from_both(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    assert Environment({"X": "hush"}).secret("X") == Environment({"X_FILE": str(file)}).secret("X")
    assert Environment({}).secret("X") is None
    for wrong in ({"X": "a", "X_FILE": str(file)}, {"X_FILE": str(tmp_path / "nothing")}):
        with pytest.raises(ImproperlyConfigured):
            Environment(wrong).secret("X")
    file.write_text("\n")
    with pytest.raises(ImproperlyConfigured):
        Environment({"X_FILE": str(file)}).secret("X")
