"""A whole site of its own on a free port, in a folder of its own: for figures and for journeys.

Where `DATABASE_URL` names a PostgreSQL and `BACKUPWEB_REDIS_URL` a Redis (`deploy/dev/with-services.sh`), the site has
a database of its own in either, and two processes behind one port.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def own_services() -> dict[str, str]:
    """An empty database in the PostgreSQL and one in the Redis that the surroundings name, if they do."""
    home, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("BACKUPWEB_REDIS_URL", "")
    found = {}
    if home.startswith("postgres"):
        import psycopg  # noqa: PLC0415

        name = f"site_{secrets.token_hex(8)}"
        with psycopg.connect(home, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        found["DATABASE_URL"] = urlunsplit(urlsplit(home)._replace(path=f"/{name}"))
    if redis:
        from redis import Redis  # noqa: PLC0415

        # Number 0 is the tests' own.
        own = urlunsplit(urlsplit(redis)._replace(path=f"/{random.SystemRandom().randrange(1, 4096)}"))
        Redis.from_url(own).flushdb()
        found["BACKUPWEB_REDIS_URL"] = own
    return found


class Site:
    """The server's own web processes, with their files below `folder`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.port = free_port()
        # `localhost`, because WebAuthn takes no address for a relying party.
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BACKUPWEB_")},
            "BACKUPWEB_DATA": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "backupweb.settings",
            "PYTHONUNBUFFERED": "1",
            **({} if "DATABASE_URL" in settings else own_services()),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.manage("setup")

    @property
    def supervisor(self) -> psutil.Process:
        """Who started the web processes, and shares memory with them."""
        if self._process is None:
            raise RuntimeError("the site does not run")
        return psutil.Process(self._process.pid)

    @property
    def pids(self) -> list[int]:
        """The ids of its web processes."""
        return [child.pid for child in self.supervisor.children()]

    @property
    def pid(self) -> int:
        """The id of the first of them."""
        return self.pids[0]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Runs a management command in this site's surroundings and returns what it printed."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def start(self) -> Site:
        """Starts the server and waits until it answers."""
        lifeline, self._lifeline = os.pipe()
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--no-work", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--lifeline", str(lifeline)]
        command += ["--processes", "2" if "BACKUPWEB_REDIS_URL" in self.environment else "1"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, pass_fds=[lifeline]
            )
        os.close(lifeline)
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                    return self
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the site did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server at once, as a power cut does."""
        if self._process is not None:
            if self._process.poll() is None:
                # Who starts them again first.
                family = [self.supervisor, *self.supervisor.children()]
                for process in family:
                    process.send_signal(how)
                psutil.wait_procs(family[1:])
            self._process.wait()
            self._process = None
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def restart(self) -> Site:
        """Kills and starts again on the same port and data."""
        self.kill()
        return self.start()

    def stored_objects(self) -> list[Path]:
        """The files of the object store."""
        return sorted(path for path in (self.folder / "data" / "packs").rglob("*") if path.is_file())

    def database(self) -> bytes:
        """Everything that the site's database holds, in the form in which a thief would have it."""
        home = self.environment.get("DATABASE_URL", "")
        if home.startswith("postgres"):
            dump = max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
            return subprocess.run([str(dump), "--dbname", home], check=True, stdout=subprocess.PIPE).stdout
        return b"".join(path.read_bytes() for path in (self.folder / "data").glob("db.sqlite3*"))
