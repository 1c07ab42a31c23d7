"""A vault on its own host, for tests: a process of its own, with certificates made by the command."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

from backupweb.vault.certificates import make_certificates
from bench.site import ROOT, free_port


class VaultHost:
    """The vault as `manage.py run_vault` starts it, with its own folder, database and keys."""

    def __init__(self, folder: Path, certificates: Path | None = None) -> None:
        self.folder = folder
        self.certificates = certificates or folder / "certificates"
        if certificates is None:
            make_certificates(self.certificates, "localhost")
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.log = folder / "vault.log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("BACKUPWEB_", "DATABASE_"))},
            "BACKUPWEB_ROLE": "vault",
            "BACKUPWEB_MODE": "production",
            "BACKUPWEB_DATA": str(folder / "data"),
            **self.identity("vault"),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.manage("setup")

    def identity(self, side: str) -> dict[str, str]:
        """The three settings by which one side knows the other."""
        return {
            "BACKUPWEB_VAULT_CA": str(self.certificates / "authority.pem"),
            "BACKUPWEB_VAULT_CERTIFICATE": str(self.certificates / f"{side}.pem"),
            "BACKUPWEB_VAULT_CERTIFICATE_KEY": str(self.certificates / f"{side}-key.pem"),
        }

    def manage(self, *arguments: str) -> str:
        """Runs a management command in this vault's surroundings."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def start(self) -> VaultHost:
        """Starts it and waits until it takes connections."""
        command = [sys.executable, str(ROOT / "manage.py"), "run_vault", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"the vault did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """Ends it at once, as a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def asked_by(self, identity: tuple[Path, Path] | None, request: bytes) -> bytes:
        """What comes back over TLS with this certificate and key, or with none; nothing when the vault hangs up."""
        context = ssl.create_default_context(cafile=self.certificates / "authority.pem")
        if identity is not None:
            context.load_cert_chain(*identity)
        try:
            with (
                socket.create_connection(("localhost", self.port), timeout=10) as plain,
                context.wrap_socket(plain, server_hostname="localhost") as line,
            ):
                line.sendall(request)
                return b"".join(iter(lambda: line.recv(4096), b""))
        except (ssl.SSLError, ConnectionError):
            return b""
