"""Keeps the site's processes running: so many web processes on one socket, and one that works.

[Lifeline] Every child reads from a pipe that only the supervisor holds open for writing. Whatever becomes of the
supervisor, the children hear that it is gone, and end.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from backupweb.ops.web import LAST_ANSWERS

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_LOOK = 0.5
# Somebody who dies sooner than this was never well: the next start waits longer.
_WELL = 10.0
_LONGEST = 30.0
# After this, whoever has not ended is killed.
PATIENCE = LAST_ANSWERS + 5


@dataclass
class Child:
    """One process that has to be there."""

    name: str
    command: list[str]
    passes: tuple[int, ...]
    further: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = field(default=0.0)

    def start(self) -> None:
        # A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which asks everybody to end.
        self.process = subprocess.Popen(  # noqa: S603  # our own program
            self.command, cwd=_ROOT, pass_fds=self.passes, env=_surroundings(self.further), start_new_session=True
        )
        self.started = time.monotonic()
        logger.info("a process was started", extra={"event": {"process": self.name, "pid": self.process.pid}})

    def look_after(self, now: float) -> None:
        """Notices that it died, and starts it again when its time has come."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        status = self.process.poll()
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
        lifeline, self._held = os.pipe()
        listening = listener.fileno()
        told = ["--lifeline", str(lifeline)]
        web = [sys.executable, "-m", "backupweb.ops.web", "--socket", str(listening), *told]
        # Where the web processes count, so that whoever is asked can add up.
        counting = {} if counts is None else {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
        self.children = [
            Child(f"web-{number + 1}", web, (listening, lifeline), counting) for number in range(processes)
        ]
        if work:
            command = [sys.executable, str(_ROOT / "manage.py"), "work", *told]
            self.children.append(Child("work", command, (lifeline,), {}))

    def run(self) -> None:
        """Until it is asked to end, by SIGTERM, SIGINT or SIGHUP; asked twice, it does not wait."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            while not self._ending:
                for child in self.children:
                    child.look_after(time.monotonic())
                time.sleep(_LOOK)
        finally:
            self._end_all()

    def _end(self, number: int, frame: object) -> None:
        self._hurry, self._ending = self._ending, True

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last and not self._hurry and any(process.poll() is None for process in running):
            time.sleep(0.05)
        for process in running:
            if process.poll() is None:
                logger.error("a process did not end and was killed", extra={"event": {"pid": process.pid}})
                process.kill()
            process.wait()
        os.close(self._held)
        logger.info("everything ended")


def _surroundings(further: dict[str, str]) -> dict[str, str]:
    # The C library otherwise hoards the memory of every password that was checked.
    return {"MALLOC_ARENA_MAX": "2", **os.environ, **further}
