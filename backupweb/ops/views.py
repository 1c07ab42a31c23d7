"""What a supervisor asks: `/healthz` (alive), `/readyz` (fit to serve); what a person asks: what happened lately, and
what the server has about them."""

from __future__ import annotations

import csv
import math
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backupweb.accounts import leaving
from backupweb.accounts.models import Account
from backupweb.accounts.selectors import room_of
from backupweb.lib.env import Rate
from backupweb.lib.errors import NotAllowed, TooManyRequests
from backupweb.lib.http import error_response
from backupweb.lib.secret import SecretBytes
from backupweb.lib.threads import in_thread
from backupweb.lib.throttle import throttle
from backupweb.ops import exporting, health, selectors
from backupweb.ops.errors import NotReady
from backupweb.ops.kinds import GROUPS
from backupweb.ops.models import SecurityEventQuerySet
from backupweb.ops.selectors import PERIODS, Choice

ON_A_PAGE = 50
# Each reads everything that the person keeps.
_DOWNLOADS = Rate(6, 3600)
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
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus's form, for whoever shows the token."""
    token = settings.BACKUPWEB_METRICS_TOKEN
    if token is None:
        raise Http404
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if SecretBytes(shown.encode()) != token:
        return error_response(NotAllowed())
    from backupweb.ops import metrics as kept  # noqa: PLC0415  # counts from when it is imported

    return HttpResponse(kept.exposed(), content_type=kept.FORM)


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
    return choice, selectors.events_of(_person(request), choice)


def _person(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):  # `login_required` saw to it
        raise TypeError
    return request.user


# ---------------------------------------------------------------- what the server has about a person


@require_safe
@never_cache
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """What a person can take along, what they are reminded of, and the way out."""
    told = {"room": room_of(_person(request)), "old_days": settings.BACKUPWEB_OLD_BACKUP_DAYS}
    return render(request, "ops/data.html", told)


@require_POST
@never_cache
@login_required
def data_file(request: HttpRequest) -> HttpResponseBase:
    """Everything that the server has about the person, as a zip."""
    account = _person(request)
    try:
        throttle(f"export:{account.pk.hex}", _DOWNLOADS)
    except TooManyRequests as refusal:
        minutes = math.ceil(refusal.params["seconds"] / 60)
        return render(request, "errors/429.html", {"minutes": minutes}, status=refusal.status)
    made = exporting.export(account, objects="objects" in request.POST)
    response = StreamingHttpResponse(_as_they_come(made), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="backupweb-data-{timezone.now():%Y-%m-%d}.zip"'
    return response


async def _as_they_come(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    # Handed an ordinary iterator, Django would collect the whole file before it sends the first byte.
    while (block := await in_thread(next, blocks, None)) is not None:
        if block:
            yield block


@require_POST
@login_required
def reminders(request: HttpRequest) -> HttpResponse:
    """Whether the person is reminded of old backups."""
    leaving.reminders_set(account=_person(request), wanted="wanted" in request.POST)
    messages.success(request, _("That is noted."))
    return redirect("account_data")
