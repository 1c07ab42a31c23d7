"""Around all answers: which route, how long, how many bytes; for the log and for whoever counts. Never a path, which
may be a one-time link or hold an id, and never an address."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve

logger = logging.getLogger("backupweb.requests")


@dataclass(frozen=True)
class Answered:
    """One answer. `route` is a name out of our own program."""

    route: str
    method: str
    status: int
    seconds: float
    bytes: int


Listener = Callable[[Answered], None]
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def watched(application: Any, *listeners: Listener) -> Any:
    """The application, with every answer told to the listeners."""
    if not listeners:
        return application

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        began, status, size = time.perf_counter(), 0, 0

        async def noting(message: Any) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await application(scope, receive, noting)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            # Nobody heard an answer that was not begun.
            told = Answered(route_of(scope["path"]), method, status or 499, time.perf_counter() - began, size)
            for listener in listeners:
                listener(told)

    return watching


def route_of(path: str) -> str:
    """What the address is called here; everything that is no address of ours is one."""
    if path.startswith("/objects/"):
        return "objects"
    if path.startswith("/static/"):
        return "static"
    try:
        found = resolve(path)
    except Resolver404:
        return "unknown"
    return found.url_name or "unnamed"


def log(answered: Answered) -> None:
    """One line."""
    event = {
        "route": answered.route,
        "method": answered.method,
        "status": answered.status,
        "milliseconds": round(answered.seconds * 1000),
        "bytes": answered.bytes,
    }
    logger.info("answered", extra={"event": event})
