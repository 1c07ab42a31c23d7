"""Small pages' worth of work: an invitation's link, the choice of a language, the end of one session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from backupweb.accounts import services
from backupweb.accounts.adapters import INVITATION_KEY
from backupweb.accounts.models import Account


@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address into the session, and goes on to sign up."""
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
