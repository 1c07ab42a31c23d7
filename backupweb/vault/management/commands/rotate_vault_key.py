"""`manage.py rotate_vault_key`: a new key-encryption key for every record of the vault, the old one is destroyed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from backupweb.vault import services


class Command(BaseCommand):
    help = "Moves the vault's key-encryption key to a new epoch and destroys the old one. Nothing is erased."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"epoch={services.rotate_key()}")
