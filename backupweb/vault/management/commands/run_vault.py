"""`manage.py run_vault`: a vault on its own host, behind TLS on both sides."""

from __future__ import annotations

import ssl
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backupweb.lib.sqlite import hold_all_open


class Command(BaseCommand):
    help = "Serves a site's vault messages. Whoever shows no certificate of the same authority gets nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen at; 0.0.0.0 is every")
        parser.add_argument("--port", type=int, default=8443)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_SITE:
            raise CommandError("This is a site. A vault on its own host has BACKUPWEB_ROLE=vault.")
        authority, certificate, key = (
            settings.BACKUPWEB_VAULT_CA,
            settings.BACKUPWEB_VAULT_CERTIFICATE,
            settings.BACKUPWEB_VAULT_CERTIFICATE_KEY,
        )
        if authority is None or certificate is None or key is None:
            raise CommandError("A vault on its own host needs certificates: `manage.py vault_certificates` makes them.")
        _held = hold_all_open()
        # One process: an exchange lives in its memory.
        uvicorn.run(
            "backupweb.asgi:application",
            host=options["host"],
            port=options["port"],
            ssl_context_factory=lambda *_: _both_sides(authority, certificate, key),
            # The connection itself says who is there: nothing that a header claims is believed.
            proxy_headers=False,
            # Longer than the site keeps a connection, so that it never sends into one that is just being closed.
            timeout_keep_alive=60,
            access_log=False,
            server_header=False,
            log_config=None,
            ws="none",
        )


def _both_sides(authority: Path, certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority)
    context.load_cert_chain(certificate, key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
