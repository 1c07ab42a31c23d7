"""Who asks: requests that know their account, and the check that lets them through."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security.apikey import APIKeyCookie
from ninja.utils import check_csrf

from backupweb.accounts.models import Account
from backupweb.lib.errors import ForgeryRefused, NotSignedIn


class SignedInRequest(HttpRequest):
    """A request whose account is certain."""

    user: Account


class SessionAuth(APIKeyCookie):
    """The session of django-allauth; what changes something must come from our own page."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Account:
        if not isinstance(request.user, Account):
            raise NotSignedIn
        if check_csrf(request) is not None:
            raise ForgeryRefused
        return request.user

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        raise NotImplementedError  # `__call__` decides
