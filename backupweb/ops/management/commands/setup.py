"""`manage.py setup`: tables and the first admin, without a question on the terminal."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from backupweb.accounts import services
from backupweb.lib.databases import tables_bring_up_to_date
from backupweb.lib.env import Environment


class Command(BaseCommand):
    help = "Brings the tables up to date and makes the first admin from the environment. Running it again is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="instead of BACKUPWEB_ADMIN_NAME")
        parser.add_argument("--email", help="instead of BACKUPWEB_ADMIN_EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        tables_bring_up_to_date()
        env = Environment(os.environ)
        name = options["name"] or env.optional("BACKUPWEB_ADMIN_NAME")
        if name is None:
            self.stdout.write("The tables are up to date. No admin was asked for (BACKUPWEB_ADMIN_NAME).")
            return
        # Never as an argument: arguments stand in the list of processes.
        password = env.secret("BACKUPWEB_ADMIN_PASSWORD")
        if password is None:
            raise CommandError("BACKUPWEB_ADMIN_PASSWORD or BACKUPWEB_ADMIN_PASSWORD_FILE must be set")
        try:
            validate_password(password.expose().decode())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        email = options["email"] or env.text("BACKUPWEB_ADMIN_EMAIL", "")
        made = services.admin_ensure(name=name, email=email, password=password.expose().decode())
        self.stdout.write(f"The admin {name} was made." if made else f"{name} is there already.")
