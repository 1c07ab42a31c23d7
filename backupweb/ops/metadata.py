"""A copy of all tables in one file that every database reads: compressed lines of JSON, with a checksum at the end.

    {"backupweb": "metadata", "version": 1, "made": …, "schema": {app: newest migration}, "vault": embedded or not}
    {"table": "accounts.Account", "columns": […]}      then one line per row: a list of values
    {"end": {table: rows}, "sha256": of all lines before}

[What is left out] Sessions: one that was ended since must not come back to life. Jobs: their letters were sent. The
vault's key folder: who had both could guess at backup passwords offline, and a count of guesses that is turned back
would give guesses back (docs/vault.md §7).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connections, router, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

from backupweb.lib.databases import VAULT

VERSION = 1
_LEFT_OUT = {"sessions", "usersessions", "django_tasks_database"}
_AT_ONCE = 500
_LONGEST_LINE = 2**26


class NotABackup(Exception):
    """The file is none, or not whole. Its text says what is wrong, for whoever runs the site."""


@dataclass(frozen=True)
class Contents:
    """What a file holds, after all of it was read and its checksum found right."""

    made: str
    schema: dict[str, str]
    vault: bool
    rows: dict[str, int]
    sha256: str


def tables() -> list[type[Model]]:
    """Every table that is copied, in an order that does not change."""
    return sorted((model for model in _all() if model._meta.app_label not in _LEFT_OUT), key=_label)  # noqa: SLF001


def schema() -> dict[str, str]:
    """The newest migration of every app: what this version of the program expects."""
    leaves = MigrationLoader(None).graph.leaf_nodes()
    return {app: name for app, name in sorted(leaves) if app not in _LEFT_OUT}


# ---------------------------------------------------------------- writing


def write(path: Path) -> Contents:
    """Writes the file; under its name there is never half of one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
                contents = _write(file)
            raw.flush()
            os.fsync(raw.fileno())
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    return contents


def _write(file: gzip.GzipFile) -> Contents:
    digest, rows = hashlib.sha256(), dict[str, int]()

    def line(value: object) -> None:
        # Sorted: PostgreSQL keeps the names in a JSON column in an order of its own.
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)
        told = text.encode() + b"\n"
        digest.update(told)
        file.write(told)

    with _as_of_now():
        made, vault = timezone.now().isoformat(timespec="seconds"), settings.BACKUPWEB_VAULT_URL is None
        line({"backupweb": "metadata", "version": VERSION, "made": made, "schema": schema(), "vault": vault})
        for model in tables():
            columns = [field.attname for field in model._meta.local_concrete_fields]  # noqa: SLF001  # Django's own way
            line({"table": _label(model), "columns": columns})
            rows[_label(model)] = 0
            found = model._base_manager.using(_alias(model)).order_by("pk").values_list(*columns)  # noqa: SLF001
            for row in found.iterator(_AT_ONCE):
                line(row)
                rows[_label(model)] += 1
        sha256 = digest.hexdigest()
        line({"end": rows, "sha256": sha256})
    return Contents(made, schema(), vault, rows, sha256)


@contextmanager
def _as_of_now() -> Iterator[None]:
    """One moment for each database, the vault's first: every account that it knows is then in the other one too."""
    with ExitStack() as held:
        for alias in _aliases():
            connection = connections[alias]
            connection.close()
            if connection.vendor == "sqlite":
                # Only reading: nobody has to wait. (It is written anew at every connect.)
                held.callback(connection.close)
                connection.ensure_connection()
                connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # of SQLite's connections
            held.enter_context(transaction.atomic(using=alias))
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT count(*) FROM django_migrations")  # the moment is that of the first look
        yield


# ---------------------------------------------------------------- reading


def check(path: Path) -> Contents:
    """Reads all of a file, and believes nothing before its end."""
    digest, rows, table = hashlib.sha256(), dict[str, int](), ""
    header: dict[str, Any] | None = None
    try:
        for raw, value in _lines(path):
            if isinstance(value, dict) and "end" in value:
                if header is None or value != {"end": rows, "sha256": digest.hexdigest()}:
                    raise NotABackup("The file was changed or damaged: its checksum is another one.")
                return Contents(header["made"], header["schema"], header["vault"], rows, value["sha256"])
            digest.update(raw)
            if header is None:
                header = _header(value)
            elif isinstance(value, dict):
                table = value["table"]
                rows[table] = 0
            else:
                rows[table] += 1
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NotABackup("This is no backup of the metadata, or only a part of one.") from error
    raise NotABackup("The file ends too early: it is only a part of a backup.")


def _lines(path: Path) -> Iterator[tuple[bytes, Any]]:
    with gzip.open(path, "rb") as file:
        while raw := file.readline(_LONGEST_LINE):
            yield raw, json.loads(raw)


def _header(value: Any) -> dict[str, Any]:
    if value["backupweb"] != "metadata":
        raise ValueError
    if value["version"] != VERSION:
        raise NotABackup(f"The file has form {value['version']}, and this program reads form {VERSION}.")
    return dict(value)


def restore(path: Path) -> None:
    """Puts the copied tables in the place of those that are there: all of them, or nothing."""
    models = {_label(model): model for model in tables()}
    with ExitStack() as held:
        for alias in _aliases():
            held.enter_context(transaction.atomic(using=alias))
        for model in _all():
            model._base_manager.using(_alias(model))._raw_delete(_alias(model))  # noqa: SLF001  # no signals, no cascade
        _fill(path, models)
        for alias in _aliases():
            mine = [model for model in models.values() if _alias(model) == alias]
            with connections[alias].cursor() as cursor:
                for statement in connections[alias].ops.sequence_reset_sql(no_style(), mine):
                    cursor.execute(statement)
    ContentType.objects.clear_cache()


def _fill(path: Path, models: dict[str, type[Model]]) -> None:
    model: type[Model] | None = None
    columns: list[str] = []
    waiting: list[Model] = []
    for _raw, value in _lines(path):
        if isinstance(value, list) and model is not None:
            waiting.append(_row(model, columns, value))
        if isinstance(value, dict) or len(waiting) >= _AT_ONCE:
            if model is not None and waiting:
                _insert(model, waiting)
            waiting = []
        if isinstance(value, dict) and "table" in value:
            model, columns = models[value["table"]], value["columns"]


def _row(model: type[Model], columns: list[str], values: list[Any]) -> Model:
    fields = {field.attname: field for field in model._meta.local_concrete_fields}  # noqa: SLF001
    told = zip(columns, values, strict=True)
    return model(**{column: None if value is None else fields[column].to_python(value) for column, value in told})


def _insert(model: type[Model], rows: list[Model]) -> None:
    # As `loaddata` does it: nothing is computed anew, such as the time when a row was made.
    manager, fields = model._base_manager, model._meta.local_concrete_fields  # noqa: SLF001
    most = connections[_alias(model)].ops.bulk_batch_size([field.name for field in fields], rows)
    for start in range(0, len(rows), most):
        manager._insert(rows[start : start + most], fields=fields, using=_alias(model), raw=True)  # type: ignore[attr-defined]  # noqa: SLF001


def _all() -> list[type[Model]]:
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]  # noqa: SLF001
    return [model for model in found if _alias(model) in _aliases()]


def _aliases() -> list[str]:
    """The vault's first; a vault on its own host has its database there."""
    return [VAULT, "default"] if settings.BACKUPWEB_VAULT_URL is None else ["default"]


def _label(model: type[Model]) -> str:
    return model._meta.label  # noqa: SLF001


def _alias(model: type[Model]) -> str:
    return router.db_for_write(model)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(type(value).__name__)
