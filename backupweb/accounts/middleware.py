"""Between allauth and us: the language a person prefers, and no key material through any door of signing in."""

from __future__ import annotations

import json
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from backupweb.accounts.errors import KeyMaterialRefused
from backupweb.accounts.models import Account
from backupweb.lib.http import error_response

Next = Callable[[HttpRequest], HttpResponse]


def preferred_language(get_response: Next) -> Next:
    """A device that has not chosen a language gets the account's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chosen and settings.SESSION_COOKIE_NAME in request.COOKIES:
            account = request.user
            if isinstance(account, Account) and account.language:
                translation.activate(account.language)
        return get_response(request)

    return middleware


def note_session(get_response: Next) -> Next:
    """Notes when a session was last seen by the pages it opens. Calls of the API are not noted: each would write, and
    wait for the disk, several times for every pack."""
    noted: Next = UserSessionsMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        return (get_response if request.path_info.startswith("/api/") else noted)(request)

    return middleware


def refuse_key_material(get_response: Next) -> Next:
    """Refuses credentials that still carry the PRF output of a passkey.

    A browser's `credential.toJSON()` holds it, and allauth keeps the whole credential in its table: without this, one
    careless line in a page would hand the server what opens a library.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in {"POST", "PUT", "PATCH", "DELETE"} and request.path_info.startswith(
            ("/_allauth/", "/accounts/")
        ):
            texts = [*request.POST.values()] if _is_form(request) else [request.body.decode("utf-8", "replace")]
            if any(holds_prf_results(text) for text in texts if isinstance(text, str)):
                return error_response(KeyMaterialRefused())
        return get_response(request)

    return middleware


def _is_form(request: HttpRequest) -> bool:
    return (request.content_type or "") in {"application/x-www-form-urlencoded", "multipart/form-data"}


def holds_prf_results(text: str) -> bool:
    """Whether a JSON text holds a `prf` object with `results`, at any depth."""
    if "prf" not in text and "\\u" not in text:
        return False
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            prf = value.get("prf")
            if isinstance(prf, dict) and prf.get("results"):
                return True
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and value.startswith(("{", "[")):
            try:  # a credential as text within a body
                waiting.append(json.loads(value))
            except (ValueError, RecursionError):
                continue
    return False
