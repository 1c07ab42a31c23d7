"""Two small pages' worth of work: an invitation's link, and the choice of a language."""

from __future__ import annotations

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
