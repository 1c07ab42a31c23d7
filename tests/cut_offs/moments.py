"""When to strike, and what the wire has heard up to then."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.wire import Answer, Ears, Request

Sort = Literal["begun", "sent", "answered"]
SORTS: tuple[Sort, ...] = ("begun", "sent", "answered")


@dataclass(frozen=True)
class Moment:
    """Before the n-th request goes on, in its n-th piece of a body, or before the n-th answer comes back."""

    sort: Sort
    number: int

    def __str__(self) -> str:
        return f"{self.sort} {self.number}"


def by_chance(random: Random, heard: Counter[Sort]) -> Moment:
    """One of those that an operation has: each sort as often, each moment of it as likely."""
    sort = random.choice([sort for sort in SORTS if heard[sort]])
    return Moment(sort, random.randint(1, heard[sort]))


@dataclass
class Score:
    """What was sent of one operation."""

    #: Bytes of each object's body that left, as often as it was sent.
    put: Counter[str] = field(default_factory=Counter)
    #: Objects that the site has said to have, and their sizes.
    confirmed: dict[str, int] = field(default_factory=dict)


class Listener:
    """Counts what passes, and strikes once when the moment is there."""

    def __init__(self) -> None:
        self.heard: Counter[Sort] = Counter()
        self.score = Score()
        self.struck = threading.Event()
        self._striking = threading.Lock()
        self._moment: Moment | None = None
        self._strike: Callable[[], None] = lambda: None
        self.ears = Ears(self._begun, self._sent, self._answered)

    def arm(self, moment: Moment | None, strike: Callable[[], None]) -> None:
        """Begins to count anew."""
        self.heard.clear()
        self.score = Score()
        self.struck.clear()
        self._moment, self._strike = moment, strike

    def disarm(self) -> Score:
        """What was counted up to now, and begins anew. No strike begins any more, and one that did is over."""
        with self._striking:
            before, self.score = self.score, Score()
            self._moment = None
        return before

    def _hear(self, sort: Sort) -> None:
        self.heard[sort] += 1
        with self._striking:
            if self._moment == Moment(sort, self.heard[sort]):
                self._moment = None
                self._strike()
                self.struck.set()

    def _begun(self, request: Request) -> None:
        if request.path.startswith(("/api/", "/objects/")):
            self._hear("begun")

    def _sent(self, request: Request, length: int) -> None:
        if request.method == "PUT":
            self.score.put[request.path.rsplit("/", 1)[-1]] += length
        if request.path.startswith(("/api/", "/objects/")):
            self._hear("sent")

    def _answered(self, request: Request, answer: Answer) -> None:
        if request.path.startswith(("/api/", "/objects/")):
            self._hear("answered")
        if request.path == "/api/objects/finish" and answer.status == 200 and not self.struck.is_set():
            for one in json.loads(answer.body)["objects"]:
                if one["state"] == "stored":
                    self.score.confirmed[one["id"]] = one["size"]
