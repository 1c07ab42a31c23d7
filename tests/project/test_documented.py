"""Every setting is explained in both places, and nothing is explained that does not exist."""

from __future__ import annotations

import ast
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


# ---------------------------------------------------------------- defaults, files, and who else reads the environment

# What only the operator knows: the example shows how it looks, not what it is without.
FILLED_IN = {
    "BACKUPWEB_MODE",
    "BACKUPWEB_URL",
    "BACKUPWEB_SECRET_KEY_FILE",
    "BACKUPWEB_PROXIES",
    "BACKUPWEB_DATA",
}
# Caddy's and nginx's own, in their samples.
OF_THE_PROXIES = {"BACKUPWEB_UPSTREAM"}


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z0-9_]+=", line))


def asked() -> dict[str, tuple[str, str | None]]:
    """Each setting: how settings.py asks for it, and its default in production where that is written out."""
    found: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(ast.parse((ROOT / "backupweb" / "settings.py").read_text())):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="ENV"), attr=reader), args=[ast.Constant(value=name), *_]
            ):
                rest = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "default")]
                default = rest[0] if rest else None
                if isinstance(default, ast.IfExp):  # `… if DEVELOPMENT else …`
                    default = default.orelse
                told = str(default.value) if isinstance(default, ast.Constant) else None
                if told in {"True", "False"}:
                    told = "yes" if told == "True" else "no"
                if name not in found or told:
                    found[str(name)] = (reader, told or None)
    return found


def table() -> dict[str, tuple[list[str], str]]:
    """Each row of the document's table, under every name it is about: all its names, and its column of defaults."""
    text = (ROOT / "docs" / "operations.md").read_text().split("## Settings")[1].split("## Commands")[0]
    rows = [row.split("|") for row in text.splitlines() if row.startswith("| `")]
    parted = [(re.findall(r"`([A-Z0-9_]{5,})`", row[1]), row[2]) for row in rows]
    return {name: (names, default) for names, default in parted for name in names}


def test_a_default_is_the_same_in_program_example_and_document() -> None:
    shown, described = example(), table()
    written_out = {name: default for name, (_, default) in asked().items() if default}
    assert len(written_out) > 20
    for name, default in written_out.items():
        names, told = described[name]
        assert default in re.findall(r"`([^`]+)`", told), f"{name}: the document does not say `{default}`"
        if len(names) == 1:
            assert re.findall(r"`([^`]+)`", told)[0] == default, name
        if name not in FILLED_IN:
            assert shown[name] in {default, ""}, f"{name}: the example shows another default than {default}"
    for name, value in shown.items():
        if value and name not in FILLED_IN:
            assert written_out.get(name) == value, f"{name}: the example shows a value that is no default"


def test_every_secret_may_stand_in_a_file_and_nothing_else_may() -> None:
    secret = {name for name, (reader, _) in asked().items() if reader == "secret"}
    secret.add("BACKUPWEB_ADMIN_PASSWORD")  # read by `setup`
    assert {f"{name}_FILE" for name in secret} == {name for name in settings.ENV.known if name.endswith("_FILE")}
    described = table()
    for name in secret:
        assert f"{name}_FILE" in described[name][0], f"{name} and its file belong into one row"


def test_nobody_reads_a_setting_that_is_none() -> None:
    ours = re.compile(r"\b(?:BACKUPWEB_[A-Z0-9_]+|DATABASE_URL)\b")
    places = [
        *(ROOT / "backupweb").rglob("*.py"),
        *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
        *(ROOT / name for name in ("Dockerfile", "compose.yaml", "Makefile", "README.md")),
        *(ROOT / "docs").glob("*.md"),
    ]
    for path in places:
        named = {name.rstrip("_") for name in ours.findall(path.read_text(errors="ignore"))}
        unknown = {
            name
            for name in named - settings.ENV.known - OF_THE_PROXIES
            # In sentences: a family of names by its beginning, and names of the client and of tests.
            if not any(known.startswith(name) for known in settings.ENV.known)
        }
        assert unknown <= CLIENTS, f"{path.relative_to(ROOT)}: {unknown}"


# The command-line client's, and the tests'.
CLIENTS = {"BACKUPWEB_CONFIG", "BACKUPWEB_PASSWORD", "BACKUPWEB_RECOVERY_CODE", "BACKUPWEB_PROGRAM"}
