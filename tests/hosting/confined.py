"""The installed program as a container runs it, where there is no container engine: somebody without a name and without
a right, every file system read-only but for /data and a small /tmp, and Caddy with TLS in front."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx

from bench.site import ROOT, free_port
from tests.hosting.compose import Service

# What the image's user has; nobody has an entry for it on this machine either.
USER = 10001
_INSIDE = f"""
set -e
mount --bind "$1" "$1"
mount --make-private -o remount,bind,ro /
mount -o remount,bind,rw "$1"
mount -t tmpfs -o size=64m,mode=1777 tmpfs /tmp
shift
cd "$1"
shift
exec setpriv --reuid={USER} --regid={USER} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
"""


class Confined:
    """One site from `program`, with its data below `folder`, which is outside of /tmp."""

    def __init__(self, program: Path, folder: Path, service: Service, **settings: str) -> None:
        self.program, self.folder = program, folder
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        os.chown(self.data, USER, USER)
        self.port, self._caddy_port = free_port(), free_port()
        self.url = f"https://localhost:{self._caddy_port}"
        self.log = folder / "log"
        # The command of the compose file, on a port of this machine.
        self._command = [str(self.port) if word == "8000" else word for word in service["command"]]
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "BACKUPWEB_MODE": "production",
            "BACKUPWEB_URL": self.url,
            "BACKUPWEB_SECRET_KEY": "k" * 50,
            "BACKUPWEB_PROXIES": "1",
            **{name: str(value) for name, value in service["environment"].items()},
            **settings,
            "BACKUPWEB_DATA": str(self.data),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._caddy: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> Path:
        """The certificate that Caddy made for this machine."""
        return self.folder / "caddy" / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def _confine(self, *command: str) -> list[str]:
        inside = ["sh", "-c", _INSIDE, "confined", str(self.data), str(self.program), *command]
        return ["unshare", "--mount", *inside]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs something inside, to its end."""
        return subprocess.run(
            self._confine(*command), env=self.environment, capture_output=True, text=True, check=False
        )

    def manage(self, *arguments: str) -> str:
        """One of the program's commands."""
        done = self.run(str(self.program / ".venv" / "bin" / "python"), "manage.py", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def probe(self, *arguments: str) -> int:
        """What the image's HEALTHCHECK says."""
        python = str(self.program / ".venv" / "bin" / "python")
        return self.run(python, "-m", "backupweb.ops.probe", "--port", str(self.port), *arguments).returncode

    def start(self, caddyfile: str = "Caddyfile", **upstreams: str) -> Confined:
        """The site and Caddy, until both answer."""
        with self.log.open("ab") as log:
            command = self._confine(str(self.program / ".venv" / "bin" / "python"), "manage.py", *self._command)
            self._process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
            if self._caddy is None:
                self._caddy = subprocess.Popen(
                    ["caddy", "run", "--adapter", "caddyfile", "--config", ROOT / "deploy" / "caddy" / caddyfile],
                    env={
                        **os.environ,
                        "XDG_DATA_HOME": str(self.folder / "caddy"),
                        "XDG_CONFIG_HOME": str(self.folder / "caddy"),
                        "BACKUPWEB_URL": self.url,
                        "BACKUPWEB_UPSTREAM": f"127.0.0.1:{self.port}",
                        "HTTP_PORT": str(free_port()),
                        **upstreams,
                    },
                    stdout=log,
                    stderr=log,
                )
        for _ in range(600):
            try:
                if self.authority.exists() and self.get("/readyz").status_code == 200:
                    return self
            except httpx.HTTPError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.2)
        said = self.log.read_text()[-3000:]
        self.kill()
        raise AssertionError(f"the site did not start:\n{said}")

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Asks through Caddy."""
        trusted = ssl.create_default_context(cafile=self.authority)
        return httpx.get(self.url + address, headers=headers, verify=trusted, timeout=20)

    def processes(self) -> list[int]:
        """The site's own processes."""
        if self._process is None:
            raise RuntimeError("the site does not run")
        import psutil  # noqa: PLC0415

        family = psutil.Process(self._process.pid)
        return [one.pid for one in (family, *family.children(recursive=True))]

    def stop(self) -> int:
        """As an engine does it; the exit status."""
        if self._process is None:
            raise RuntimeError("the site does not run")
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(timeout=40)
        self._process = None
        return status

    def kill(self) -> None:
        """Everything, at once."""
        for process in (self._process, self._caddy):
            if process is not None:
                process.kill()
                process.wait()
        self._process = self._caddy = None


def missing() -> str | None:
    """Why it cannot be done here, if it cannot."""
    if os.geteuid() != 0:
        return "only root can make a mount namespace and become nobody"
    for tool in ("unshare", "setpriv", "caddy"):
        if shutil.which(tool) is None:
            return f"{tool} is not here: `make hosting` installs it"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "mount namespaces are not allowed here"
    return None


def python_for_everybody() -> str:
    """A Python that somebody without a name may run: one below /root is not."""
    return "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
