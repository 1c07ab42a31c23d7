"""Somebody with an account, a session and much room, who talks to a site without a browser."""

from __future__ import annotations

import json
import secrets
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bench.site import Site

_AT_ONCE = 64
# Prints the session's key; run inside the site, because signing in is not what is measured.
_ARRIVE = """
import sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from importlib import import_module
from backupweb.accounts.models import Account, Quota
account = Account.objects.create_user(username="guest-{name}")
Quota.objects.of(account)
Quota.objects.filter(account=account).update(limit=10**15)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(account.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = account.get_session_auth_hash()
session.create()
sys.stdout.write("key:" + session.session_key)
"""


@dataclass(frozen=True)
class Guest:
    """The headers of a signed-in browser, and the calls that figures need."""

    site: Site
    headers: dict[str, str]

    @classmethod
    def of(cls, site: Site) -> Guest:
        """Makes the account and its session."""
        printed = site.manage("shell", "-c", _ARRIVE.format(name=secrets.token_hex(4)))
        key, token = printed.rpartition("key:")[2].strip(), secrets.token_hex(16)
        return cls(site, {"Cookie": f"sessionid={key}; csrftoken={token}", "X-CSRFToken": token})

    @property
    def head(self) -> str:
        """The headers as lines of a request."""
        return "".join(f"\r\n{name}: {value}" for name, value in self.headers.items())

    def post(self, address: str, body: object) -> Any:
        """Asks the API."""
        request = urllib.request.Request(
            self.site.url + address,
            json.dumps(body).encode(),
            {**self.headers, "Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def announce(self, count: int, *, size: int, sha256: str) -> list[str]:
        """Reserves room for so many packs of the same bytes; their ids."""
        ids = [secrets.token_hex(16) for _ in range(count)]
        for some in _portions(ids):
            facts = {"kind": "pack", "size": size, "sha256": sha256}
            self.post("/api/objects/begin", {"objects": [{"id": one, **facts} for one in some]})
        return ids

    def finish(self, ids: list[str]) -> int:
        """How many of them are stored."""
        answers = [self.post("/api/objects/finish", {"ids": some})["objects"] for some in _portions(ids)]
        return sum(one["state"] == "stored" for objects in answers for one in objects)

    def give_back(self, ids: list[str]) -> None:
        """Their bytes go."""
        for some in _portions(ids):
            self.post("/api/abandon", {"ids": some})


def _portions(ids: list[str]) -> Iterable[list[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
