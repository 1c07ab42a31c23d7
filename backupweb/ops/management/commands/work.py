"""`manage.py work`: does the jobs, and sees to the duties when they are due."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backupweb.ops.working import Work, do_all


class Command(BaseCommand):
    help = "Sends letters, does other jobs, and sees to the duties when they are due. `manage.py serve` runs it too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do the jobs that are ready, then end; no duties")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            do_all()
            return
        Work().run()
