"""Every setting is explained in both places, and nothing is explained that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]


def test_settings_example_and_document_name_the_same() -> None:
    example = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    table = (ROOT / "docs" / "operations.md").read_text().split("## Settings")[1].split("## Commands")[0]
    documented = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z0-9_]{5,})`", row.split("|")[1])
    }
    assert example == documented == settings.ENV.known


def test_every_line_of_the_example_is_explained() -> None:
    explained = False
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line.startswith("# ") and not line.startswith("# ---"):
            explained = True
        elif not line:
            explained = False
        elif "=" in line:
            assert explained, line


def test_own_commands_are_described() -> None:
    own = {name for name, app in get_commands().items() if app.startswith("backupweb.")}
    described = set(re.findall(r"`manage\.py ([a-z_]+)", (ROOT / "docs" / "operations.md").read_text()))
    assert own <= described
    assert described <= set(get_commands())
