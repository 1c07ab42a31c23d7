"""Small pages' worth of work: an invitation's link, a language, the end of one session, the end of the account."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from backupweb.accounts import leaving, selectors, services
from backupweb.accounts.adapters import INVITATION_KEY
from backupweb.accounts.errors import DeletionNotYours, LastAdmin
from backupweb.accounts.models import Account, Invitation


@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address into the session, and goes on to sign up; says so where it does not work."""
    if not Invitation.objects.open_for(token).exists():
        told = {"open": settings.BACKUPWEB_SIGNUP == "open"}
        return render(request, "accounts/invitation_over.html", told, status=HTTPStatus.GONE)
    if not request.user.is_authenticated:
        request.session[INVITATION_KEY] = token
    return redirect("account_signup")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Django's choice of language, remembered for the account too."""
    response: HttpResponse = set_language(request)
    if isinstance(request.user, Account):
        services.language_set(account=request.user, language=request.POST.get("language", ""))
    return response


@require_POST
@login_required
def session_end(request: HttpRequest, number: int) -> HttpResponse:
    """Signs one device out; allauth's own page ends all others at once only."""
    if isinstance(request.user, Account):
        services.session_end(account=request.user, number=number)
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def delete(request: HttpRequest) -> HttpResponse:
    """Says what goes with the account, and plans that it goes."""
    account = request.user
    if not isinstance(account, Account):  # `login_required` saw to it
        raise TypeError
    if request.method == "POST":
        try:
            leaving.deletion_plan(account=account, by=account)
        except LastAdmin as refusal:
            messages.error(request, str(refusal.message))
        return redirect("account_delete")
    told = {
        "room": selectors.room_of(account),
        "days": settings.BACKUPWEB_DELETION_DAYS,
        "day": timezone.now() + timedelta(days=settings.BACKUPWEB_DELETION_DAYS),
    }
    return render(request, "accounts/delete.html", told)


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """The account stays: one click, wherever one is."""
    account = request.user
    if isinstance(account, Account):
        try:
            leaving.deletion_cancel(account=account, by=account)
        except DeletionNotYours as refusal:
            messages.error(request, str(refusal.message))
            return redirect("account_delete")
        messages.success(request, _("Your account stays. Nothing of it was touched."))
    return redirect("account_data")
