"""nginx on a free port: the peer that does nothing but move bytes, and the way of `deploy/nginx`."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from bench.site import ROOT, Site, free_port

# One worker, bodies gathered in memory up to a MiB before they are written: its best on this kind of machine.
_BARE = """
    server {{
        listen 127.0.0.1:{port};
        access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
        client_max_body_size 64m;
        client_body_buffer_size 1m;
        client_body_temp_path {store}/.body;
        location / {{ root {store}; dav_methods PUT; }}
    }}
"""
_WHOLE = """
{user}
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {servers}
}}
"""


def require_nginx() -> None:
    """Installs it where it is missing."""
    if shutil.which("nginx") is None:
        subprocess.run([str(ROOT / "deploy" / "dev" / "debian.sh"), "nginx-light"], check=True)


class Nginx:
    """One worker with its files below `folder`."""

    def __init__(self, folder: Path, port: int, servers: str) -> None:
        require_nginx()
        folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://localhost:{port}"
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(_WHOLE.format(user=user, folder=folder, servers=servers))
        self._process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])
        self._wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    @property
    def pid(self) -> int:
        """Of the process that watches the worker."""
        return self._process.pid

    def _wait(self) -> None:
        for _ in range(100):
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.__exit__()
        raise RuntimeError("nginx did not start")


class Bare(Nginx):
    """Nobody is asked and nothing is hashed: WebDAV `PUT` and static files below `store`."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.store = store
        store.mkdir(parents=True, exist_ok=True)
        port = free_port()
        super().__init__(folder, port, _BARE.format(port=port, store=store))


class Carrying(Nginx):
    """`deploy/nginx` before a site, with this site's folders and ports."""

    def __init__(self, folder: Path, site: Site) -> None:
        port = free_port()
        written = (ROOT / "deploy" / "nginx" / "backupweb.conf").read_text(encoding="utf-8")
        for theirs, ours in (
            ("listen 80;", f"listen 127.0.0.1:{port};"),
            ("127.0.0.1:8000", f"127.0.0.1:{site.port}"),
            ("/data/", f"{site.folder / 'data'}/"),
        ):
            if theirs not in written:
                raise RuntimeError(f"deploy/nginx has no {theirs}")
            written = written.replace(theirs, ours)
        super().__init__(folder, port, written)
