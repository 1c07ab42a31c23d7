"""`manage.py export_openapi`: the API's schema as `frontend/openapi.json` keeps it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.test import RequestFactory
from django.urls import resolve


class Command(BaseCommand):
    help = "Prints the schema of the API."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        # By its address, as everybody else: operations do not know the API's rooms.
        match = resolve("/api/openapi.json")
        answer = match.func(RequestFactory().get("/api/openapi.json"), *match.args, **match.kwargs)
        self.stdout.write(json.dumps(json.loads(answer.content), indent=2, ensure_ascii=False))
