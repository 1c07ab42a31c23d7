"""Two processes of the site, one for each side: what is written at one is heard at once at the other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from django.conf import settings
from django.db import connection
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from backupweb.pairing.messages import PHASES
from bench.site import Site
from tests.pairing.devices import letter
from tests.people import Person

BEHIND = os.environ.get("DATABASE_URL", ""), os.environ.get("BACKUPWEB_REDIS_URL", "")

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.skipif(
        not BEHIND[0].startswith("postgres") or not BEHIND[1], reason="needs PostgreSQL and Redis: `make services`"
    ),
]


@pytest.fixture
def sites(db: None, tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    database = urlunsplit(urlsplit(BEHIND[0])._replace(path=f"/{connection.settings_dict['NAME']}"))
    shared = {
        "DATABASE_URL": database,
        "BACKUPWEB_REDIS_URL": BEHIND[1],
        "BACKUPWEB_SECRET_KEY": settings.SECRET_KEY,
    }
    started = [Site(tmp_path / name, **shared) for name in ("one", "two")]
    try:
        for site in started:
            site.start()
        yield started[0], started[1]
    finally:
        for site in started:
            site.kill()


class Device:
    """A browser of a person that knows one process only."""

    def __init__(self, person: Person, site: Site) -> None:
        self.person, self.site = Person(person.account), site
        self.cookies = self.person.cookies
        self.mailbox = self.token = ""

    def post(self, address: str, body: dict[str, Any]) -> httpx.Response:
        headers = {"Cookie": self.cookies, "X-CSRFToken": self.person.token}
        return httpx.post(f"{self.site.url}/api/pairing{address}", json=body, headers=headers, timeout=20)

    def place(self, address: str, **body: Any) -> None:
        answer = self.post(address, {"way": "picture", **body})
        assert answer.status_code < 300, answer.text
        self.mailbox, self.token = answer.json()["mailbox"], answer.json()["token"]

    def listen(self) -> ClientConnection:
        address = f"ws://localhost:{self.site.port}/ws/pairing/{self.mailbox}?token={self.token}"
        return connect(address, origin=Origin(self.site.url), additional_headers={"Cookie": self.cookies})

    def write(self, phase: str, body: str) -> int:
        return self.post(f"/{self.mailbox}/letters", {"token": self.token, "phase": phase, "body": body}).status_code


def test_each_serves_one_side(alice: Person, sites: tuple[Site, Site]) -> None:
    new, old = Device(alice, sites[0]), Device(alice, sites[1])
    new.place("")
    with new.listen() as hers:
        assert json.loads(hers.recv(timeout=5)) == {"letters": [], "joined": None, "over": False}
        old.place("/join", mailbox=new.mailbox)
        # Sooner than the socket would look by itself: the news came through the channel layer.
        assert json.loads(hers.recv(timeout=1.5))["joined"] is not None
        with old.listen() as his:
            assert json.loads(his.recv(timeout=5))["letters"] == []
            for phase in PHASES["picture"]:
                writer, ear = (new, his) if phase.writer == "opener" else (old, hers)
                body = letter("picture", phase.name)
                assert writer.write(phase.name, body) == 204
                assert json.loads(ear.recv(timeout=1.5))["letters"][-1] == {"phase": phase.name, "body": body}
            assert new.post(f"/{new.mailbox}/end", {"token": new.token}).status_code == 204
            for ear in (hers, his):
                assert json.loads(ear.recv(timeout=1.5))["over"] is True
