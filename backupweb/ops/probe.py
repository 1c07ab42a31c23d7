"""Asks the site on this machine whether it is alive, as containers and units do: exit status 0, or 1 and why."""

from __future__ import annotations

import http.client
import os
import sys
from argparse import ArgumentParser
from urllib.parse import urlsplit


def alive(port: int, host: str, path: str = "/healthz") -> str | None:
    """None when it answers well, else the reason. `host` is the name that people type: it answers to no other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path, headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        return error.strerror or type(error).__name__
    finally:
        connection.close()
    return None if status == http.client.OK else f"status {status}"


def main() -> int:
    """For `python -m backupweb.ops.probe`."""
    parser = ArgumentParser(prog="backupweb.ops.probe", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--ready", action="store_true", help="asks for store and databases too")
    told = parser.parse_args()
    host = urlsplit(os.environ.get("BACKUPWEB_URL") or "http://localhost").netloc
    reason = alive(told.port, host, "/readyz" if told.ready else "/healthz")
    if reason is not None:
        sys.stderr.write(f"the site is not well: {reason}\n")
    return 0 if reason is None else 1


if __name__ == "__main__":
    sys.exit(main())
