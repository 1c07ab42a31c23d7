"""Which table lives where: the vault's behind an alias of their own, everything else in the site's database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command

from backupweb.lib.locks import lock

VAULT = "vault"


class Rooms:
    """Django's router."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return VAULT if model._meta.app_label == VAULT else None  # noqa: SLF001  # Django's own way

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        # No foreign key leads into the vault or out of it: it must be able to live on another host.
        labels: list[bool] = [model._meta.app_label == VAULT for model in (one, other)]  # noqa: SLF001
        return labels[0] == labels[1]

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        # Where both aliases are one database, its list of applied migrations is one too: the site's alias does it all.
        apart = app_label == VAULT and not settings.VAULT_SHARES_DATABASE
        return db == (VAULT if apart else "default")


def databases_in_use() -> list[str]:
    """The aliases that have tables of their own here: the vault's shares, has its own, or is on another host."""
    apart = not settings.VAULT_SHARES_DATABASE and settings.BACKUPWEB_VAULT_URL is None
    return ["default", VAULT] if apart else ["default"]


def tables_bring_up_to_date() -> None:
    """Makes the tables what this version of the program expects. Of several processes one does it, the others wait."""
    with lock("tables", wait=True):
        for alias in databases_in_use():
            call_command("migrate", database=alias, interactive=False, verbosity=0)
