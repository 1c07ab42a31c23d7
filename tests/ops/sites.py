"""A site in processes of its own, as an admin starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from bench.site import free_port

ROOT = Path(__file__).parents[2]


def surroundings(folder: Path, **settings: str) -> dict[str, str]:
    """An environment that knows nothing of the test's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BACKUPWEB_", "DATABASE_"))}
    return {**kept, "BACKUPWEB_DATA": str(folder / "data"), **settings}


def manage(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=surroundings(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
    )


def until(found: Callable[[], Any], *, seconds: float = 60.0) -> Any:
    """What `found` gives as soon as it gives something."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


class Served:
    """`manage.py serve`, and what it started."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self._log = (folder / f"log-{self.port}").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port), *arguments],
            cwd=ROOT,
            env=surroundings(folder, **settings),
            stderr=self._log,
        )

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self._log.close()

    def ask(self, path: str) -> int:
        """The status, or 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log()
        return self.ask("/healthz") == 200

    def children(self) -> list[psutil.Process]:
        return [child for child in psutil.Process(self.process.pid).children() if child.status() != "zombie"]

    def log(self) -> list[dict[str, Any]]:
        self._log.seek(0)
        return [json.loads(line) for line in self._log.read().decode().splitlines()]

    def told(self, message: str, **event: object) -> list[dict[str, Any]]:
        """The log lines of this message."""
        lines = [line for line in self.log() if line.get("message") == message]
        return [line for line in lines if event.items() <= line.items()]
