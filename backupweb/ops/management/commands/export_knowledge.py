"""`manage.py export_knowledge`: prints what the server knows, for docs/what-the-server-knows.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from backupweb.ops.knowledge import document


class Command(BaseCommand):
    help = "Prints what every column is, why it is kept and who can see it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")
