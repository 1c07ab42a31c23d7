"""`manage.py restore <file>`: puts a copy of the metadata in the place of what is there."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backupweb.accounts.models import Account
from backupweb.backups.models import SealedObject
from backupweb.lib.databases import tables_bring_up_to_date
from backupweb.lib.locks import Taken, lock
from backupweb.ops import metadata
from backupweb.ops.working import LOCK


class Command(BaseCommand):
    help = "Restores the metadata from a file of `manage.py backup`, on SQLite or PostgreSQL. Stop the site before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace the accounts that are there")
        parser.add_argument(
            "--check", action="store_true", help="only say whether the file is whole, and what it holds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contents = metadata.check(options["file"])
        except metadata.NotABackup as error:
            raise CommandError(str(error)) from error
        told = f"made={contents.made} tables={len(contents.rows)} rows={sum(contents.rows.values())}"
        if options["check"]:
            self.stdout.write(f"{told} sha256={contents.sha256}")
            return
        tables_bring_up_to_date()
        _refuse_another_schema(contents)
        if not options["yes"] and (Account.objects.exists() or SealedObject.objects.exists()):
            raise CommandError(
                "There are accounts in this database. Say --yes to put those of the file in their place."
            )
        try:
            with lock(LOCK, wait=False):
                metadata.restore(options["file"])
        except Taken:
            raise CommandError("The site is running (its worker is). Stop it first, then restore.") from None
        self.stdout.write(told)
        self.stdout.write(
            "Everybody signs in anew. Now `manage.py doctor`, and `manage.py verify_store --all`: what was uploaded or "
            "deleted since the copy was made is not as it says."
        )


def _refuse_another_schema(contents: metadata.Contents) -> None:
    if contents.vault != (settings.BACKUPWEB_VAULT_URL is None):
        raise CommandError(
            "In the file the vault is embedded, and here it is not, or the other way round: the same first."
        )
    here = metadata.schema()
    other = sorted(app for app in here.keys() | contents.schema.keys() if here.get(app) != contents.schema.get(app))
    if other:
        raise CommandError(
            f"The file was made by another version of Backupweb (different: {', '.join(other)}). Restore it with that "
            "version, then bring the program up to date: `manage.py setup` takes the tables along."
        )
