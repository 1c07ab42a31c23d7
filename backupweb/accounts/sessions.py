"""Which device a session is: what it is called, whether it still stands, and for which one the code runs just now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib import import_module
from types import SimpleNamespace
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from ua_parser import parse

from backupweb.accounts.models import Account

LONGEST_GIVEN_NAME = 60
LONGEST_NAME = 100
_GIVEN_NAME = "name"


def described(user_agent: str) -> str:
    """Browser and system, `Firefox, Linux`; what says neither is shown as it came, without what cannot be seen."""
    told = parse(user_agent)
    parts = [part.family for part in (told.user_agent, told.os) if part is not None]
    return "".join(sign for sign in ", ".join(parts) or user_agent if sign.isprintable())[:LONGEST_NAME]


def system_of(user_agent: str) -> str:
    """The system alone, `Linux`; empty when it does not tell."""
    system = parse(user_agent).os
    return "" if system is None else system.family


def name_of(session: UserSession) -> str:
    """What the person calls this device, or what it says about itself."""
    given = session.data.get(_GIVEN_NAME)
    return given if isinstance(given, str) else described(session.user_agent)


def give_name(session: UserSession, name: str) -> None:
    """Puts the person's own name beside what allauth knows of the session; the caller saves it."""
    session.data = {**session.data, _GIVEN_NAME: name}


def signed_in(session_key: str | None) -> Account | None:
    """Whose session this is, asked anew: it may have been ended, or outlived by a changed sign-in password."""
    if not session_key:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    # Django asks the request for nothing but its session.
    account = get_user(cast("HttpRequest", SimpleNamespace(session=store)))
    return account if isinstance(account, Account) else None


# ---------------------------------------------------------------- the device at hand


@dataclass(frozen=True)
class Device:
    """Where a request or a socket comes from."""

    # Not its key: signing in gives the session another one.
    session: SessionBase
    user_agent: str

    def name(self) -> str:
        """As `name_of`, also for a session that nobody has noted yet."""
        key = self.session.session_key
        noted = UserSession.objects.filter(session_key=key).first() if key else None
        return described(self.user_agent) if noted is None else name_of(noted)


_at_hand: ContextVar[Device | None] = ContextVar("device", default=None)


def of_request(request: HttpRequest) -> Device:
    """The device that asks."""
    return Device(request.session, request.headers.get("User-Agent", ""))


def of_scope(scope: Mapping[str, Any]) -> Device:
    """The device behind a socket."""
    headers = dict(scope["headers"])
    return Device(scope["session"], headers.get(b"user-agent", b"").decode("latin-1"))


@contextmanager
def acting(device: Device) -> Iterator[None]:
    """While this lasts, what is written down about security is written down for this device."""
    token = _at_hand.set(device)
    try:
        yield
    finally:
        _at_hand.reset(token)


def name_at_hand() -> str:
    """What the device is called for which this code runs; empty where it runs for none."""
    device = _at_hand.get()
    return "" if device is None else device.name()
