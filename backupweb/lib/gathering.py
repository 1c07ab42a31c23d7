"""uvicorn's reader of HTTP, which hands on a body in larger pieces: it wakes the application for every 64 KiB, and that
costs more than hashing them."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

GATHERED = 1024 * 1024


class Gathering(HttpToolsProtocol):
    """Waits for a MiB, or for the end of the body."""

    def on_body(self, body: bytes) -> None:
        cycle = self.cycle
        if cycle is None or cycle.response_complete or len(cycle.body) + len(body) >= GATHERED:
            super().on_body(body)
        else:
            cycle.body += body
