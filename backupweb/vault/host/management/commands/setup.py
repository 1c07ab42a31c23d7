"""`manage.py setup` where the vault stands alone: its tables, and nobody to be made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from backupweb.lib.databases import tables_bring_up_to_date


class Command(BaseCommand):
    help = "Brings the vault's tables up to date. Running it again is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        tables_bring_up_to_date()
        self.stdout.write("The vault's tables are up to date.")
