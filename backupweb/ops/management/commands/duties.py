"""`manage.py duties`: sees to what is due. The worker does it by itself; without one, a timer calls this every hour."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backupweb.ops.duties import duties, run_due


class Command(BaseCommand):
    help = "Sees to the duties that are due, or to those that are named, due or not. One line each: what was counted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", nargs="+", default=[], choices=[duty.name.value for duty in duties()])

    def handle(self, *args: Any, **options: Any) -> None:
        runs = run_due(options["only"])
        for run in runs:
            counted = " ".join(f"{name}={number}" for name, number in run.counts.items())
            self.stdout.write(f"{run.duty}: {counted if run.well else 'failed, the log knows more'}")
        if not all(run.well for run in runs):
            raise CommandError("Not everything went well.")
