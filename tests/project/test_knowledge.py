"""What the server knows is explained, column by column; the document is the register's; the admin shows no more."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.management import call_command
from django.test import RequestFactory

from backupweb.accounts.models import Account
from backupweb.ops.knowledge import Table, columns_in_the_databases, document, tables
from backupweb.vault.ledger import Ledger

ROOT = Path(__file__).parents[2]
REGISTER: dict[str, Table] = {table.name: table for table in tables()}
BESIDES = {"ledger", "log", "cookies"}


def explained(name: str) -> set[str]:
    return {column.name for column in REGISTER[name].columns}


def test_every_column_of_every_table_is_explained_and_none_that_is_not_there() -> None:
    there = columns_in_the_databases()
    assert set(REGISTER) - BESIDES == set(there)
    for name, columns in there.items():
        assert explained(name) == columns, f"{name}: explain it in ops/knowledge.toml, then `make knowledge`"


def test_no_explanation_is_empty() -> None:
    for table in REGISTER.values():
        assert len(table.what) > 3
        assert len(table.until) > 3
        for column in table.columns:
            assert len(column.what) > 3, (table.name, column.name)
            assert len(column.why) > 3, (table.name, column.name)


def test_the_document_is_made_from_it() -> None:
    said = StringIO()
    call_command("export_knowledge", stdout=said)
    assert said.getvalue() == document()
    assert (ROOT / "docs" / "what-the-server-knows.md").read_text() == document(), "run `make knowledge`"


@pytest.mark.django_db
def test_staff_are_shown_no_column_that_is_not_marked_so(rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = Account(username="chef", is_staff=True, is_superuser=True)
    for model, shown_by in admin.site._registry.items():
        marked = {column.name for column in REGISTER[model._meta.label].columns if column.staff}
        listed = list(shown_by.get_list_display(request))
        shown = {str(getattr(one, "admin_order_field", one)) for one in listed}
        if shown_by.get_list_display_links(request, listed) is not None:  # rows lead to a page
            shown |= {*map(str, flatten_fieldsets(shown_by.get_fieldsets(request, model())))}
        for inline in shown_by.inlines:
            theirs = {column.name for column in REGISTER[inline.model._meta.label].columns if column.staff}
            assert columns_of(inline.model, map(str, inline.fields or ())) <= theirs, inline
        assert columns_of(model, shown) <= marked, model


def columns_of(model: type, names: object) -> set[str]:
    fields = {field.name: field.column for field in model._meta.concrete_fields}  # type: ignore[attr-defined]
    return {fields[name] for name in names if name in fields}  # type: ignore[attr-defined]


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_ledger_is_explained(tmp_path: Path) -> None:
    Ledger(tmp_path).adopt()
    (file,) = tmp_path.glob("*.sqlite3")
    with sqlite3.connect(file) as book:
        names = {row[1] for (table,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                 for row in book.execute(f"PRAGMA table_info({table})")}  # fmt: skip
    assert explained("ledger") == names


def test_every_part_of_a_log_line_is_explained() -> None:
    written = set(parts_of_lines(ROOT / "backupweb" / "lib" / "logs.py", "line"))
    for path in (ROOT / "backupweb").rglob("*.py"):
        written |= set(parts_of_lines(path, "event"))
    # What the socket of open pages is told is no line of the log.
    assert explained("log") == written - {"kind"}


def parts_of_lines(path: Path, name: str) -> Iterator[str]:
    """The keys of every dictionary that is called `name`, or that stands under the key of that name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name == "event" and isinstance(value, ast.Dict):
                    yield from keys_of(value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id == name and isinstance(node.value, ast.Dict):
                    yield from keys_of(node.value)
                elif (
                    isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name
                ):
                    assert isinstance(target.slice, ast.Constant), f"{path}: a name that cannot be read here"
                    yield str(target.slice.value)


def keys_of(told: ast.Dict) -> Iterator[str]:
    for key, value in zip(told.keys, told.values, strict=True):
        if key is None:  # `**run.counts`: sums by name
            assert isinstance(value, ast.Attribute)
            yield value.attr
        else:
            assert isinstance(key, ast.Constant)
            yield str(key.value)


def test_every_cookie_is_explained() -> None:
    ours = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages"}
    assert explained("cookies") == ours
