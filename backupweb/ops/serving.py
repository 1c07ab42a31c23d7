"""Keeps the site's processes running: so many web processes on one socket, and one that works.

[Lifeline] Every child reads from a pipe that only the supervisor holds open for writing. Whatever becomes of the
supervisor, the children hear that it is gone, and end.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

from backupweb.ops import web
from backupweb.ops.turns import Held
from backupweb.ops.working import Work

logger = logging.getLogger(__name__)

_LOOK = 0.5
# Somebody who dies sooner than this was never well: the next start waits longer.
_WELL = 10.0
_LONGEST = 30.0
# After this, whoever has not ended is killed.
PATIENCE = web.LAST_ANSWERS + 5
_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_parting = get_context("fork")


@dataclass(frozen=True)
class Lifeline:
    """A pipe: children read from one end, the supervisor holds the other one."""

    read: int
    held: int

    @classmethod
    def open(cls) -> Lifeline:
        """Held until `close`, or until this process is gone."""
        return cls(*os.pipe())

    def close(self) -> None:
        """Whoever hangs on it ends."""
        os.close(self.held)

    def hang_on(self) -> None:
        """In a child: it is asked to end when nobody holds the pipe any more."""
        os.close(self.held)

        def watch() -> None:
            os.read(self.read, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=watch, name="lifeline", daemon=True).start()


@dataclass
class Child:
    """One process that has to be there."""

    name: str
    does: Callable[[], None]
    lifeline: Lifeline
    process: ForkProcess | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        web.ready_to_part()
        self.process = _parting.Process(target=self._live, name=self.name)
        # Asked to end before it could listen, it ends as soon as it can.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        self.process.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.started = time.monotonic()
        logger.info("a process was started", extra={"event": {"process": self.name, "pid": self.process.pid}})

    def _live(self) -> None:
        # A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which asks everybody to end.
        os.setsid()
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        self.lifeline.hang_on()
        self.does()

    def look_after(self, now: float) -> None:
        """Notices that it died, and starts it again when its time has come."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        status = self.process.exitcode
        if status is None:
            return
        self.delay = 1.0 if now - self.started > _WELL else min(max(1.0, self.delay * 2), _LONGEST)
        self.due, self.process = now + self.delay, None
        event = {"process": self.name, "status": status, "again_in_seconds": self.delay}
        logger.error("a process died", extra={"event": event})


class Supervisor:
    """Starts what has to be there, starts it again when it dies, and ends with all of it."""

    def __init__(self, listener: socket.socket, *, processes: int, work: bool, counts: Path | None = None) -> None:
        self._ending = False
        self._hurry = False
        self._lifeline = Lifeline.open()
        if counts is not None:
            # Where the web processes count, so that whoever is asked can add up.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)
        serve = partial(web.serve, web.load(), listener, Held(processes))
        self.children = [
            Child(f"web-{number + 1}", partial(serve, number), self._lifeline) for number in range(processes)
        ]
        if work:
            self.children.append(Child("work", lambda: Work().run(), self._lifeline))

    def run(self, lifeline: int | None = None) -> None:
        """Until it is asked to end, by SIGTERM, SIGINT or SIGHUP, or by the end of `lifeline`; asked twice, it does not
        wait."""
        for number in _ENDING:
            signal.signal(number, self._end)
        told = [] if lifeline is None else [lifeline]
        try:
            while not self._ending:
                for child in self.children:
                    child.look_after(time.monotonic())
                if select.select(told, [], [], _LOOK)[0]:
                    self._ending = True
        finally:
            self._end_all()

    def _end(self, number: int, frame: object) -> None:
        self._hurry, self._ending = self._ending, True

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last and not self._hurry and any(process.is_alive() for process in running):
            time.sleep(0.05)
        for process in running:
            if process.is_alive():
                logger.error("a process did not end and was killed", extra={"event": {"pid": process.pid}})
                process.kill()
            process.join()
        self._lifeline.close()
        logger.info("everything ended")
