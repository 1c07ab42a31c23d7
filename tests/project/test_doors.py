"""Decisions and rows know nothing of requests: web libraries stay at the edge; owners are filtered in one place."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "backupweb"
EDGE = {"api", "views", "consumers", "middleware", "http", "admin", "adapters", "urls", "pages", "streaming"}
EDGE |= {"headers", "wire", "files", "sessions", "staff", "people", "journal", "navigation", "asking", "handler"}
READER = sorted((SERVER.parent / "frontend/python/backupweb_client/reader").glob("*.py"))
STANDARD = sys.stdlib_module_names
MODULES = sorted(path for path in SERVER.rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SERVER)))
def test_web_libraries_stay_at_the_edge(path: Path) -> None:
    web = {name for name in imported(path) if re.match(r"(django\.(http|shortcuts)|ninja)(\.|$)", name)}
    # The dashboard is called by the admin's theme with a request.
    assert not web or path.stem in EDGE | {"dashboard"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SERVER)))
def test_a_room_says_at_its_door_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), path


@pytest.mark.parametrize("path", READER, ids=lambda path: path.stem)
def test_the_clients_reader_needs_nothing_but_python(path: Path) -> None:
    own = "backupweb_client.reader"
    foreign = {name for name in imported(path) if not name.startswith(own) and name.split(".")[0] not in STANDARD}
    assert not foreign


def test_owners_are_filtered_by_querysets_only() -> None:
    for path in SERVER.rglob("*.py"):
        if path.name != "models.py" and "migrations" not in path.parts:
            found = re.findall(r"(?:SealedObject|Snapshot|Head)\.objects[^\n]*filter\([^)]*account=", path.read_text())
            assert found == [], path
