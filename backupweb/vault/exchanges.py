"""Exchanges under way: in the memory of one process, for a minute, for one account, used once: nothing to replay."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import ExchangeGone

LIFETIME = 60.0
# What an account may have open at once, and what a process holds at most: memory is not for whoever asks most often.
PER_ACCOUNT = 16
AT_MOST = 4096


@dataclass(frozen=True)
class Enrolling:
    """Between `enrol-begin` and `enrol-upload`."""

    account: UUID
    record: UUID
    setup: SecretBytes


@dataclass(frozen=True)
class LoggingIn:
    """Between KE2 and KE3. `last`: this was the last guess, and the record is destroyed already."""

    account: UUID
    record: UUID
    started: Any
    slot: bytes
    pending: bool
    last: bool
    left: int


Exchange = Enrolling | LoggingIn
Wanted = TypeVar("Wanted", Enrolling, LoggingIn)


class Exchanges:
    """The exchanges of one process. The oldest make room."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        """Ends every exchange."""
        self._lock = threading.Lock()
        self._open: dict[UUID, tuple[float, Exchange]] = {}  # in the order of their beginning

    def open(self, exchange: Exchange) -> UUID:
        """Keeps an exchange; returns its id."""
        name = UUID(bytes=secrets.token_bytes(16))
        with self._lock:
            self._expire()
            own = [key for key, (_, other) in self._open.items() if other.account == exchange.account]
            for key in own[: max(0, len(own) - PER_ACCOUNT + 1)]:
                del self._open[key]
            if len(self._open) >= AT_MOST:
                del self._open[next(iter(self._open))]
            self._open[name] = (self._clock(), exchange)
        return name

    def take(self, name: UUID, account: UUID, kind: type[Wanted]) -> Wanted:
        """Takes an exchange out: nobody gets it a second time."""
        with self._lock:
            self._expire()
            found = self._open.get(name)
            # Another account's exchange stays where it is: a guessed id must not end it.
            if found is None or found[1].account != account or not isinstance(found[1], kind):
                raise ExchangeGone
            del self._open[name]
            return found[1]

    def expire(self) -> None:
        """Lets go of what is too old."""
        with self._lock:
            self._expire()

    def __len__(self) -> int:
        return len(self._open)

    def _expire(self) -> None:
        # They stand in the order of their beginning, so the first young one ends the search.
        now = self._clock()
        while self._open:
            name = next(iter(self._open))
            if now - self._open[name][0] < LIFETIME:
                return
            del self._open[name]


exchanges = Exchanges()
# Two processes that know the same exchange could use it twice.
os.register_at_fork(after_in_child=exchanges.forget)
