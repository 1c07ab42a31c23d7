"""`manage.py invite`: prints a link that makes one account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backupweb.accounts import services


class Command(BaseCommand):
    help = "Prints a link with which one person can sign up. It is told once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="for whom it is; shown in the admin")
        parser.add_argument("--days", type=int, default=14, help="how long the link works")

    def handle(self, *args: Any, **options: Any) -> None:
        _, link = services.invitation_create(note=options["note"], days=options["days"])
        self.stdout.write(link)
