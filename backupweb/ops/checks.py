"""Refuses an unsafe configuration: as system checks, and once more when the server starts."""

from __future__ import annotations

import os
from difflib import get_close_matches
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from backupweb.lib import objectstore

TAG = "backupweb"
_SHORTEST_KEY = 32
_OPERATOR = {
    "BACKUPWEB_IMPRINT_URL": "A site for others needs an imprint in many countries (in Germany § 5 DDG).",
    "BACKUPWEB_PRIVACY_URL": "People must be told what is kept of them (in the EU Art. 13 GDPR).",
    "BACKUPWEB_CONTACT": "People who cannot sign in do not know whom to ask.",
}


@register(TAG)
def safe_in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What must not be on the internet."""
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is never on: its pages show what people sent.", id="backupweb.E001"))
    if settings.DEVELOPMENT or not settings.IS_SITE:
        return found
    if len(settings.SECRET_KEY) < _SHORTEST_KEY:
        found.append(Error(f"BACKUPWEB_SECRET_KEY is shorter than {_SHORTEST_KEY} characters.", id="backupweb.E002"))
    if not settings.BACKUPWEB_URL.startswith("https://"):
        found.append(Error("BACKUPWEB_URL must begin with https:// in production.", id="backupweb.E003"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("BACKUPWEB_HOSTS names hosts; * would believe any.", id="backupweb.E004"))
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        hint = "Codes for signing in would only be written to the log. Set BACKUPWEB_EMAIL_URL."
        found.append(Caution("No mail is sent.", hint=hint, id="backupweb.W001"))
    found += [
        Caution(f"{name} is not set.", hint=hint, id="backupweb.W003")
        for name, hint in _OPERATOR.items()
        if not getattr(settings, name)
    ]
    return found


@register(TAG)
def vault_and_site_know_each_other(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A site that relays, and a vault on its own host, both prove who they are."""
    if settings.IS_SITE and settings.BACKUPWEB_VAULT_URL is None:
        return []
    names = ("BACKUPWEB_VAULT_CA", "BACKUPWEB_VAULT_CERTIFICATE", "BACKUPWEB_VAULT_CERTIFICATE_KEY")
    hint = "`manage.py vault_certificates` makes them."
    return [
        Error(f"{name} must be set: vault and site speak over TLS on both sides.", hint=hint, id="backupweb.E005")
        for name in names
        if getattr(settings, name) is None
    ]


@register(TAG)
def stores_are_described(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Addresses and secrets of the stores have the form they need. Nobody is asked yet: a store may be down."""
    if not settings.IS_SITE:
        return []
    try:
        objectstore.open_stores()
    except ImproperlyConfigured as error:
        return [Error(f"{error}.", hint="docs/stores.md lists every kind.", id="backupweb.E007")]
    return []


@register(TAG)
def known_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A misspelt setting must not silently be the default."""
    known = settings.ENV.known
    return [
        Caution(
            f"{name} is no setting.",
            hint="Did you mean " + " or ".join(get_close_matches(name, known)) + "?",
            id="backupweb.W002",
        )
        for name in sorted(os.environ)
        if name.startswith("BACKUPWEB_") and name not in known
    ]


def refuse_unsafe_start() -> None:
    """Called by `asgi.py`: servers do not run Django's checks by themselves."""
    errors = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("; ".join(str(message.msg) for message in errors))
