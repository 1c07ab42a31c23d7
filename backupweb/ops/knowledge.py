"""What the server knows: a register explains every column, and a document is made from it that people can read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps

_REGISTER = Path(__file__).with_name("knowledge.toml")
_PREFACE = Path(__file__).with_name("knowledge.md")
# In the order in which a person asks: who am I here, what of me lies here, what else is written down.
_ROOMS = {
    "accounts": "Your account",
    "account": "Your account: mail addresses",
    "mfa": "Your account: passkeys and second steps for signing in",
    "usersessions": "Your devices",
    "sessions": "Your devices: sessions",
    "keyring": "Your key, sealed",
    "vault": "The password of your chats",
    "ledger": "The password of your chats: outside the database",
    "pairing": "Pairing two devices",
    "backups": "Your chats, sealed",
    "ops": "What happened, and how the site is",
    "log": "The log",
    "cookies": "Cookies",
}
_OTHERS = "What the tools bring along"


@dataclass(frozen=True)
class Column:
    """One column: what it is, why it is kept, and who can see it besides whoever runs the machine."""

    name: str
    what: str
    why: str
    you: bool
    staff: bool


@dataclass(frozen=True)
class Table:
    """What a row stands for, until when it is kept, and its columns."""

    name: str
    what: str
    until: str
    columns: tuple[Column, ...]

    @property
    def room(self) -> str:
        """Whose it is: a room of ours, or a tool's."""
        return self.name.partition(".")[0]


def tables() -> list[Table]:
    """The register."""
    return [_table(name, told) for name, told in tomllib.loads(_REGISTER.read_text(encoding="utf-8")).items()]


def _table(name: str, told: dict[str, Any]) -> Table:
    you, staff = set(told.get("you", [])), set(told.get("staff", []))
    columns: dict[str, str | list[str]] = told["columns"]
    if not you | staff <= set(columns):
        raise ValueError(f"{name} shows columns that it does not have: {sorted((you | staff) - set(columns))}")
    parted = {
        column: (said, told["why"]) if isinstance(said, str) else (said[0], said[1]) for column, said in columns.items()
    }
    rows = (Column(column, what, why, column in you, column in staff) for column, (what, why) in parted.items())
    return Table(name, told["is"], told["until"], tuple(rows))


def columns_in_the_databases() -> dict[str, set[str]]:
    """What there really is."""
    described = [model._meta for model in apps.get_models(include_auto_created=True)]  # noqa: SLF001  # Django's own way
    return {meta.label: {str(field.column) for field in meta.concrete_fields} for meta in described}


def document() -> str:
    """`docs/what-the-server-knows.md`."""
    lines = [_PREFACE.read_text(encoding="utf-8").rstrip()]
    found = tables()
    for room, title in _ROOMS.items():
        lines += _section(title, [table for table in found if table.room == room])
    lines += _section(_OTHERS, [table for table in found if table.room not in _ROOMS])
    return "\n".join(lines) + "\n"


def _section(title: str, found: list[Table]) -> list[str]:
    lines = ["", f"## {title}"]
    for table in found:
        lines += ["", f"**{table.what}** (`{table.name}`). Until: {table.until}.", ""]
        lines += ["| column | what it is | why | you see it | staff see it |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| `{column.name}` | {column.what} | {column.why} | {_tick(column.you)} | {_tick(column.staff)} |"
            for column in table.columns
        ]
    return lines


def _tick(seen: bool) -> str:
    return "yes" if seen else "–"
