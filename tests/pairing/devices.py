"""A device of somebody, as the post office sees it: a session of its own, and one side of a mailbox."""

from __future__ import annotations

import secrets
from typing import Any

from backupweb.lib.wire import write_bytes
from backupweb.pairing.messages import PHASES, PhaseName, Way
from tests.people import Person

AGENTS = {
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Chrome": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari",
}


def letter(way: Way, name: PhaseName) -> str:
    """A letter of the right size."""
    return write_bytes(secrets.token_bytes(next(phase.size for phase in PHASES[way] if phase.name == name)))


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["error"]["code"])


class Device:
    """One browser of a person, with its place in a mailbox once it has one."""

    def __init__(self, person: Person, browser: str = "Firefox") -> None:
        self.person = Person(person.account)
        self.person.client.defaults["HTTP_USER_AGENT"] = AGENTS[browser]
        self.way: Way = "picture"
        self.mailbox = ""
        self.token = ""

    def open(self, way: Way = "picture") -> Any:
        self.way = way
        return self._placed(self.person.post("/api/pairing", {"way": way}))

    def join(self, way: Way = "picture", mailbox: str | None = None) -> Any:
        self.way = way
        return self._placed(self.person.post("/api/pairing/join", {"way": way, "mailbox": mailbox}))

    def write(self, phase: PhaseName, body: str | None = None) -> Any:
        return self._call("letters", phase=phase, body=letter(self.way, phase) if body is None else body)

    def read(self) -> Any:
        return self._call("read")

    def end(self) -> Any:
        return self._call("end")

    def _placed(self, answer: Any) -> Any:
        if answer.status_code < 300:
            self.mailbox, self.token = answer.json()["mailbox"], answer.json()["token"]
        return answer

    def _call(self, what: str, **body: str) -> Any:
        return self.person.post(f"/api/pairing/{self.mailbox}/{what}", {"token": self.token, **body})
