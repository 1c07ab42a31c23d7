"""`manage.py vault_new_ledger`: the key folder is lost for good, and the vault goes on with the one that is there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backupweb.vault import services


class Command(BaseCommand):
    help = "Goes on with the ledger that is in the key folder now. Passwords that it has no key for are erased."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="the old key folder will never come back")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError(
                "Is the key folder only not mounted, or BACKUPWEB_VAULT_KEYS another one than before? Then put that "
                "right: nothing is lost. If it is gone for good, say --yes: every backup password of which the ledger "
                "has no key is erased, and has to be set anew. The other ways to unlock still open everything."
            )
        services.ledger_adopt()
        self.stdout.write("The vault goes on with the ledger in its key folder.")
