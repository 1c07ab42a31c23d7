"""`manage.py collect_garbage`: the duty `collect`, now; or what it would do."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backupweb.ops.collection import collect
from backupweb.ops.duties import collecting, run


class Command(BaseCommand):
    help = "Deletes sealed objects that no snapshot has referred to for the grace time, and gives their room back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--grace-hours", type=float, default=settings.BACKUPWEB_GRACE_HOURS)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        grace = timedelta(hours=options["grace_hours"])
        if options["dry_run"]:
            counts = asdict(collect(grace=grace, dry_run=True))
        else:
            done = run(collecting(grace))
            if done is None:
                raise CommandError("Garbage is being collected already.")
            if not done.well:
                raise CommandError("It did not end well; the log has the place. What was collected stays collected.")
            counts = done.counts
        self.stdout.write(" ".join(f"{name}={number}" for name, number in counts.items()))
