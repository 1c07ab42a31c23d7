"""Around every request: the language a person prefers, the device that asks, and no key material through any door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.middleware import UserSessionsMiddleware
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone, translation

from backupweb.accounts.errors import KeyMaterialRefused
from backupweb.accounts.models import Account
from backupweb.accounts.sessions import acting, of_request
from backupweb.lib.http import error_response

Next = Callable[[HttpRequest], HttpResponse]

NOTED_EVERY = timedelta(minutes=10)
_MOST_REMEMBERED = 10_000
# `"prf"`, the same within a text within a text, or any of it written as \u0070.
_MAY_HOLD_PRF = re.compile(rb'prf\\*"|\\u')


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


def name_device(get_response: Next) -> Next:
    """What is written down about security while a request is answered is written down for the device that asked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting(of_request(request)):
            return get_response(request)

    return middleware


def note_session(get_response: Next) -> Next:
    """Notes when a session was last seen: by every page it opens, by calls of the API every ten minutes only. Each
    note writes and waits for the disk, and there are several calls for every pack."""
    noted: Next = UserSessionsMiddleware(get_response)
    lately: dict[str, datetime] = {}

    def middleware(request: HttpRequest) -> HttpResponse:
        enough = request.path_info.startswith("/api/") and _seen_lately(request.session.session_key, lately)
        return (get_response if enough else noted)(request)

    return middleware


def _seen_lately(session_key: str | None, lately: dict[str, datetime]) -> bool:
    if session_key is None:  # nobody is signed in: there is nothing to note, and no reason to ask
        return True
    since = timezone.now() - NOTED_EVERY
    # What the table said before is still true: nobody takes a note back.
    if lately.get(session_key, since) > since:
        return True
    seen = UserSession.objects.filter(session_key=session_key, last_seen_at__gt=since).first()
    if seen is None:
        return False
    if len(lately) >= _MOST_REMEMBERED:
        lately.clear()
    lately[session_key] = seen.last_seen_at
    return True


def refuse_key_material(get_response: Next) -> Next:
    """Refuses whatever still carries the PRF output of a passkey, to whichever address it is sent.

    A browser's `credential.toJSON()` holds it, and allauth keeps the whole credential in its table: without this, one
    careless line in a page would hand the server what opens a library.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in {"POST", "PUT", "PATCH", "DELETE"}:
            try:
                texts = [*request.POST.values()] if _is_form(request) else [_text(request)]
            except (RequestDataTooBig, UnreadablePostError):
                texts = []  # nobody can read it: whoever is asked will say so in the right shape
            if any(holds_prf_results(text) for text in texts if isinstance(text, str)):
                return error_response(KeyMaterialRefused())
        return get_response(request)

    return middleware


def _text(request: HttpRequest) -> str:
    # A commit carries megabytes: only what could hold the word as a key is read as text.
    return request.body.decode("utf-8", "replace") if _MAY_HOLD_PRF.search(request.body) else ""


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
