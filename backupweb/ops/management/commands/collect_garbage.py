"""`manage.py collect_garbage`: to be run by a timer, every hour or so."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backupweb.ops.collection import collect


class Command(BaseCommand):
    help = "Deletes sealed objects that no snapshot has referred to for the grace time, and gives their room back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--grace-hours", type=float, default=settings.BACKUPWEB_GRACE_HOURS)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        collected = collect(grace=timedelta(hours=options["grace_hours"]), dry_run=options["dry_run"])
        self.stdout.write(" ".join(f"{name}={number}" for name, number in asdict(collected).items()))
