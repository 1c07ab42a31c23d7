"""What a supervisor asks: `/healthz` (alive), `/readyz` (fit to serve)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backupweb.lib.http import error_response
from backupweb.ops import health
from backupweb.ops.errors import NotReady


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: database, tables and store do what they should."""
    missing = health.unready()
    return error_response(NotReady(**missing)) if missing else JsonResponse({"ready": True})
