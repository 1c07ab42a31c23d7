"""What a supervisor asks: `/healthz` (alive), `/readyz` (fit to serve); what a person asks: what happened lately."""

from __future__ import annotations

import csv
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backupweb.accounts.models import Account
from backupweb.lib.http import error_response
from backupweb.ops import health, selectors
from backupweb.ops.errors import NotReady
from backupweb.ops.kinds import GROUPS
from backupweb.ops.models import SecurityEventQuerySet
from backupweb.ops.selectors import PERIODS, Choice

ON_A_PAGE = 50
# What a spreadsheet takes for a formula, also behind white space.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


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


@require_safe
@never_cache
@login_required
def activity(request: HttpRequest) -> HttpResponse:
    """The person's security events, newest first."""
    choice, events = _asked(request)
    told = {
        "events": Paginator(events, ON_A_PAGE).get_page(request.GET.get("page")),
        "groups": GROUPS,
        "periods": PERIODS,
        "choice": choice,
        "filter": urlencode({"group": choice.group, "days": choice.days}),
    }
    return render(request, "ops/activity.html", told)


@require_safe
@never_cache
@login_required
def activity_file(request: HttpRequest) -> HttpResponse:
    """The same list, all of it, for a spreadsheet."""
    # The mark at the beginning is how spreadsheets know UTF-8.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="backupweb-activity.csv"'
    rows = csv.writer(response)
    rows.writerow([_("Time (UTC)"), _("Event"), _("Device")])
    _choice, events = _asked(request)
    for event in events.iterator():
        rows.writerow([f"{event.at:%Y-%m-%d %H:%M:%S}", harmless(str(event)), harmless(event.device)])
    return response


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: a device's name is whatever a browser says of itself."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULAS) else cell


def _asked(request: HttpRequest) -> tuple[Choice, SecurityEventQuerySet]:
    choice = Choice.of(request.GET.get("group", ""), request.GET.get("days", ""))
    account = request.user
    if not isinstance(account, Account):  # `login_required` saw to it
        raise TypeError
    return choice, selectors.events_of(account, choice)
