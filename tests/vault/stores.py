"""What an operator can copy and put back: the vault's database, whole or in rows, and its key folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from backupweb.lib.databases import VAULT
from backupweb.vault.ledger import ledger
from backupweb.vault.models import GuessBudget, Tombstone, VaultRecord

TABLES: tuple[Any, ...] = (VaultRecord, GuessBudget, Tombstone)


@dataclass(frozen=True)
class Dump:
    """Every row of the vault's tables, as any database's dump has them."""

    rows: dict[Any, list[dict[str, Any]]] = field(
        default_factory=lambda: {model: list(model.objects.values()) for model in TABLES}
    )

    def restore(self, *models: Any) -> None:
        """Puts these tables back as they were, or all."""
        for model in models or TABLES:
            model.objects.all().delete()
            for row in self.rows[model]:
                model.objects.create(**row)


class DatabaseFile:
    """A copy of the whole SQLite file, made and put back by SQLite's own backup."""

    def __init__(self, copy: Path) -> None:
        self._copy = copy
        with connections[VAULT].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])

    def restore(self) -> None:
        connections.close_all()
        here = Path(connections[VAULT].settings_dict["NAME"])
        for leftover in (here.with_name(here.name + "-wal"), here.with_name(here.name + "-shm")):
            leftover.unlink(missing_ok=True)
        here.unlink()
        shutil.copy(self._copy, here)


class LedgerFile:
    """A copy of the ledger alone. The KEKs stay where they are: in a token they could not be copied at all."""

    def __init__(self, copy: Path) -> None:
        self._copy, self._here = copy, Path(settings.BACKUPWEB_VAULT_KEYS) / "ledger.sqlite3"
        ledger().sweep()  # truncates the log, so that the file is whole
        shutil.copy(self._here, copy)

    def restore(self) -> None:
        for ending in ("-wal", "-shm"):
            self._here.with_name(self._here.name + ending).unlink(missing_ok=True)
        self._here.unlink()
        shutil.copy(self._copy, self._here)
