"""`manage.py doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from backupweb.lib.objectstore import direct
from backupweb.ops.doctor import Examination, Finding, State, examine
from backupweb.ops.doctor.around import letter_is_taken, seen_from_outside

_SIGNS = {State.WELL: "✓", State.CARE: "!", State.TROUBLE: "✗"}


class Command(BaseCommand):
    help = "Examines settings, databases, store, vault, mail, worker and duties. Ends with 1 where something is wrong."
    requires_system_checks = ()  # they are among what is examined

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", help="also ask the site from outside, for example https://backup.example.org")
        parser.add_argument("--mail", help="also send a letter to this address")
        parser.add_argument(
            "--fix", action="store_true", help="first let this site's pages, and no others, use the store"
        )
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fix"]:
            direct.set_cors()
        further: dict[str, Examination] = {}
        if options["url"]:
            further["outside"] = partial(seen_from_outside, options["url"].rstrip("/"))
        if options["mail"]:
            further["letter"] = partial(letter_is_taken, options["mail"])
        found = list(self._shown(examine(further), as_json=options["json"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
        if any(finding.state is State.TROUBLE for finding in found):
            sys.exit(1)

    def _shown(self, findings: Iterator[Finding], *, as_json: bool) -> Iterator[Finding]:
        for finding in findings:
            if not as_json:
                after = f"\n    → {finding.next}" if finding.next else ""
                self.stdout.write(f"{_SIGNS[finding.state]} {finding.about}: {finding.says}{after}")
            yield finding
