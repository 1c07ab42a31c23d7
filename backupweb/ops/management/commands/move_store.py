"""`manage.py move_store --to <address>`: run before and after the two stores are swapped; docs/stores.md says when."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backupweb.lib.errors import DomainError
from backupweb.lib.locks import Taken
from backupweb.ops.moving import NoSuchStore, move, moves_for_good


class Command(BaseCommand):
    help = "Copies every stored object to the other store, checked on the way; goes on where it was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, help="one of the two addresses in the settings")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            final = moves_for_good(options["to"])
            run = move(to=options["to"])
        except NoSuchStore as error:
            raise CommandError("--to must be the address in BACKUPWEB_STORE or BACKUPWEB_STORE_OTHER") from error
        except Taken as error:
            raise CommandError("the store is being moved already") from error
        except DomainError as error:
            raise CommandError(f"{error}; run the command again, it goes on where it is") from error
        self.stdout.write(" ".join(f"{name}={number}" for name, number in sorted(run.counts.items())))
        if not run.well:
            raise CommandError("not everything could be moved: keep both stores, and run verify_store --all --hash")
        if final:
            self.stdout.write("Everything is there. BACKUPWEB_STORE_OTHER may be taken out of the settings.")
        else:
            self.stdout.write("New objects still go to the old store: swap the settings, restart, and run this again.")
