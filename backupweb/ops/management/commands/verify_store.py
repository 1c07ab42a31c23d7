"""`manage.py verify_store`: what the tables say against what the store has; exits with 1 when they differ."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backupweb.lib.errors import DomainError
from backupweb.lib.locks import Taken
from backupweb.ops.models import Run
from backupweb.ops.verifying import delete_orphans, verify_all, verify_sample

_TOLD = 1000  # findings by name; all are counted


class Command(BaseCommand):
    help = "Compares tables and store, both ways. What is lost may be sent again; nothing is deleted unasked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--sample", type=int, default=200, metavar="N", help="so many objects by chance (200)")
        which.add_argument("--all", action="store_true", help="every object, and every name in the store")
        parser.add_argument("--hash", action="store_true", help="reads everything, too")
        parser.add_argument("--give-up-damaged", action="store_true", help="bytes with a wrong hash are expected again")
        parser.add_argument("--delete-orphans", action="store_true", help="with --all: bytes without a row")
        parser.add_argument("--although-most", action="store_true", help="even if most of what lies there would go")
        parser.add_argument("--grace-hours", type=float, default=settings.BACKUPWEB_GRACE_HOURS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["delete_orphans"] and not options["all"]:
            raise CommandError("--delete-orphans needs --all")
        try:
            run = self._run(options)
        except Taken as error:
            raise CommandError("the store is being verified already") from error
        except DomainError as error:
            raise CommandError(f"{error}; run the command again, it goes on where it is") from error
        self.stdout.write(" ".join(f"{name}={number}" for name, number in sorted(run.counts.items())))
        if run.counts.get("not_believed"):
            raise CommandError("so much is missing that it looks like the wrong store: nothing more was given up")
        if not run.well:
            raise CommandError("store and tables differ")

    def _run(self, options: dict[str, Any]) -> Run:
        told = 0

        def say(finding: str, name: str) -> None:
            nonlocal told
            told += 1
            if told <= _TOLD:
                self.stdout.write(f"{finding} {name}")

        asked = {"hashed": options["hash"], "give_up_damaged": options["give_up_damaged"], "say": say}
        if not options["all"]:
            return verify_sample(number=options["sample"], **asked)
        grace = timedelta(hours=options["grace_hours"])
        run = verify_all(grace=grace, **asked)
        if options["delete_orphans"] and not delete_orphans(run, grace=grace, although_most=options["although_most"]):
            raise CommandError("most of what lies there has no row: is it this site's store? (--although-most)")
        return run
