"""The pages: each renders a template and hands the browser what it needs to begin. The work is done over there."""

from __future__ import annotations

import logging
import math
import sys

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from backupweb.accounts.models import Account
from backupweb.lib import errors
from backupweb.lib.http import error_response, wants_json

logger = logging.getLogger(__name__)


def _page(request: HttpRequest) -> dict[str, object]:
    account = request.user if isinstance(request.user, Account) else None
    return {
        "page": {
            "language": get_language(),
            "signedIn": account is not None,
            "accountId": account.pk.hex if account else None,
            "accountName": account.username if account else None,
            "csrfCookie": "csrftoken",
        }
    }


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is."""
    return render(request, "landing.html", _page(request))


@require_safe
def try_it(request: HttpRequest) -> HttpResponse:
    """A sample chat, wholly in the browser."""
    return render(request, "try.html", _page(request))


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def app(request: HttpRequest) -> HttpResponse:
    """The library: one page, routes in the hash."""
    return render(request, "app.html", _page(request))


@require_safe
@never_cache
@ensure_csrf_cookie
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """Keys, devices, room."""
    return render(request, "settings.html", _page(request))


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that opens encrypted copies without any site: to be saved, and never to be run at this address."""
    try:
        page = (django_settings.BASE_DIR / "frontend" / "dist" / "offline" / "backupweb-open.html").read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="backupweb-open.html"'
    response["Cache-Control"] = "no-cache"
    return response


# ---------------------------------------------------------------- refusals, for people or for programs


def _refuse(request: HttpRequest, error: errors.DomainError, template: str) -> HttpResponse:
    if wants_json(request):
        return error_response(error)
    return render(request, f"errors/{template}.html", {"error": error, **_page(request)}, status=error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    error = errors.UnknownHost() if isinstance(exception, DisallowedHost) else errors.MalformedRequest()
    # No template: pages ask for the host, which may be what is wrong.
    if wants_json(request):
        return error_response(error)
    return HttpResponse(str(error.message), status=error.status, content_type="text/plain; charset=utf-8")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _refuse(request, errors.NotAllowed(), "403")


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the check against forgery refused."""
    return _refuse(request, errors.ForgeryRefused(), "403")


# Whose patience each page of allauth's may run out of; it does not tell which limit was met.
_LIMITS = {
    "account_signup": "BACKUPWEB_LIMIT_SIGN_UP",
    "account_reauthenticate": "BACKUPWEB_LIMIT_CONFIRM",
    "account_change_password": "BACKUPWEB_LIMIT_CONFIRM",
    "account_email": "BACKUPWEB_LIMIT_CONFIRM",
}


def too_many(request: HttpRequest) -> HttpResponse:
    """429: allauth asks for this."""
    page = request.resolver_match.url_name if request.resolver_match else None
    seconds = getattr(django_settings, _LIMITS.get(page or "", "BACKUPWEB_LIMIT_SIGN_IN")).seconds
    error = errors.TooManyRequests(seconds=seconds)
    if wants_json(request):
        return error_response(error)
    told = {"minutes": math.ceil(seconds / 60), **_page(request)}
    response = render(request, "errors/429.html", told, status=error.status)
    response["Retry-After"] = str(seconds)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _refuse(request, errors.NotFound(), "404")


def fault(request: HttpRequest) -> HttpResponse:
    """500: no session and no database is asked, they may be what is broken. A database that is busy is 503."""
    error = errors.fault_of(sys.exc_info()[1])
    if wants_json(request):
        return error_response(error)
    try:
        return HttpResponse(render_to_string("errors/500.html"), status=error.status)
    except Exception:
        # The page itself may be what is broken, as when the browser's build is missing.
        logger.exception("the page for faults could not be made")
        return HttpResponse(str(error.message), status=error.status, content_type="text/plain; charset=utf-8")
