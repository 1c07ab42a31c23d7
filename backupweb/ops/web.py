"""One web process below `manage.py serve`: uvicorn on the socket that it was handed."""

from __future__ import annotations

import os
import signal
import socket
import threading
from argparse import ArgumentParser

import uvicorn

# A person's page may wait for an upload of 64 MiB to end; what is still running then is cut off, and resumes.
LAST_ANSWERS = 25


def end_with(lifeline: int) -> None:
    """Asks this process to end when the other end of the pipe is closed: also a supervisor that was killed ends all."""

    def watch() -> None:
        os.read(lifeline, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def main() -> None:
    """Serves until it is told to end."""
    parser = ArgumentParser(prog="backupweb.ops.web")
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--lifeline", type=int, required=True)
    told = parser.parse_args()
    end_with(told.lifeline)
    config = uvicorn.Config(
        "backupweb.asgi:application",
        # Django counts the proxies that it believes (BACKUPWEB_PROXIES); nothing else reads their headers.
        proxy_headers=False,
        # Longer than proxies keep a connection, so that none sends into one that is just being closed.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=LAST_ANSWERS,
        ws_max_size=64 * 1024,
        lifespan="off",
        access_log=False,
        server_header=False,
        log_config=None,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=told.socket)])


if __name__ == "__main__":
    main()
