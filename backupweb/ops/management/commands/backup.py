"""`manage.py backup <file>`: a copy of all tables, which `restore` reads on any database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backupweb.ops import metadata


class Command(BaseCommand):
    help = "Copies the metadata, all of one moment, while the site runs. Without packs, key folder and sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contents = metadata.write(options["file"])
        except OSError as error:
            raise CommandError(f"The file cannot be written ({error.strerror}).") from error
        self.stdout.write(f"tables={len(contents.rows)} rows={sum(contents.rows.values())} sha256={contents.sha256}")
