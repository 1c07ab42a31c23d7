"""`manage.py vault_certificates <folder> --host vault.example.org`: how a site and a vault of its own host begin."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backupweb.vault.certificates import make_certificates


class Command(BaseCommand):
    help = "Makes a private authority and a certificate each for the vault and for the site. Nothing is overwritten."
    requires_system_checks = ()  # before there are certificates the configuration that names them is not whole

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--host", required=True, help="the vault's name or address, as in BACKUPWEB_VAULT_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_certificates(options["folder"], options["host"])
        except FileExistsError as error:
            raise CommandError("There are certificates in this folder already. Choose an empty one.") from error
        except (ValueError, OSError) as error:
            raise CommandError(f"The certificates were not made: {type(error).__name__}.") from error
        for path in made:
            self.stdout.write(str(path))
