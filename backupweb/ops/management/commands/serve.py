"""`manage.py serve`: the whole site with one command: tables, static files, web processes and the worker."""

from __future__ import annotations

import logging
import socket
import time
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from backupweb.lib.databases import tables_bring_up_to_date
from backupweb.ops.checks import refuse_unsafe_start
from backupweb.ops.serving import Supervisor

logger = logging.getLogger("backupweb.ops.serving")

# Containers start in any order: so long may the database take to answer.
_DATABASE_STARTS = 60.0


class Command(BaseCommand):
    help = "Brings the tables up to date, then runs web processes and the worker until it is told to end."
    requires_system_checks = ()  # ours are asked below, and their refusal is one sentence

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at; 0.0.0.0 is every")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=1, help="web processes; more than one need Redis")
        parser.add_argument("--no-work", action="store_true", help="another host runs `manage.py work`")
        parser.add_argument("--lifeline", type=int, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            refuse_unsafe_start()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        _refuse_too_many(options["processes"])
        listener = _listen(options["host"], options["port"])
        _tables_when_the_database_answers()
        _collect_static_files()
        logger.info("serving", extra={"event": {"port": options["port"], "processes": options["processes"]}})
        with TemporaryDirectory(prefix="backupweb-counts-") as counts:
            Supervisor(
                listener,
                processes=options["processes"],
                work=not options["no_work"],
                counts=None if settings.BACKUPWEB_METRICS_TOKEN is None else Path(counts),
            ).run(options["lifeline"])


def _refuse_too_many(processes: int) -> None:
    if processes < 1:
        raise CommandError("At least one process has to serve: --processes 1.")
    if processes == 1:
        return
    missing = []
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        missing.append("PostgreSQL (DATABASE_URL=postgres://…)")
    if not settings.SEVERAL_PROCESSES:
        missing.append("Redis (BACKUPWEB_REDIS_URL=redis://…)")
    if missing:
        raise CommandError(
            f"{processes} processes need {' and '.join(missing)}: what one of them knows, the others must learn. "
            "Set that up, or serve with --processes 1."
        )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        said = f"Port {port} of {host} cannot be used ({error.strerror}): choose another one with --port."
        raise CommandError(said) from error
    listener.setblocking(False)
    return listener


def _tables_when_the_database_answers() -> None:
    last = time.monotonic() + _DATABASE_STARTS
    while True:
        try:
            tables_bring_up_to_date()
        except OperationalError as error:
            if time.monotonic() > last:
                raise CommandError("The database does not answer. Is it running, is DATABASE_URL right?") from error
            logger.warning("the database does not answer yet")
            time.sleep(1)
        else:
            return


def _collect_static_files() -> None:
    if settings.DEVELOPMENT:  # served from where they are built
        return
    name = "manifest.json"
    collected = Path(settings.STATIC_ROOT) / name
    built = next((folder / name for folder in map(Path, settings.STATICFILES_DIRS)), None)
    if built is None or not built.is_file():
        raise CommandError("The browser's side is not built: run `make build` first.")
    if not collected.is_file() or collected.read_bytes() != built.read_bytes():
        call_command("collectstatic", interactive=False, verbosity=0)
