"""`manage.py invite`: prints a link that makes one account, or sends it by mail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backupweb.accounts import services
from backupweb.accounts.models import Plan


class Command(BaseCommand):
    help = "Prints a link with which one person can sign up. It is told once and kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--note", default="", help="for whom it is; shown in the admin")
        parser.add_argument("--days", type=int, default=14, help="how long the link works")
        parser.add_argument("--plan", help="the name of a plan for the account")
        parser.add_argument("--email", help="sends the link there, too; the address is not kept")
        languages = list(dict(settings.LANGUAGES))
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the letter")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = None
        if options["plan"] is not None:
            plan = Plan.objects.filter(name=options["plan"]).first()
            if plan is None:
                raise CommandError("no plan has this name")
        invitation, link = services.invitation_create(note=options["note"], days=options["days"], plan=plan)
        self.stdout.write(link)
        if options["email"] and not services.invitation_send(
            invitation=invitation, link=link, address=options["email"], language=options["language"]
        ):
            raise CommandError("the letter could not be sent; pass the link on by another way")
