"""uvicorn's reader of HTTP, which hands on a body in larger pieces: it wakes the application for every 64 KiB, and that
costs more than hashing them."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Smaller pieces cost more in hand-overs than in hashing; larger ones only memory, for every body that comes in.
GATHERED = 512 * 1024


class Gathering(HttpToolsProtocol):
    """Waits for `GATHERED` bytes, or for the end of the body. Pieces wait as they came, and are joined once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pieces: list[bytes] = []
        self._gathered = 0

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)
        self._gathered += len(body)
        if self._gathered >= GATHERED:
            self._hand_on()

    def on_message_complete(self) -> None:
        self._hand_on()
        super().on_message_complete()

    def _hand_on(self) -> None:
        pieces, self._pieces, self._gathered = self._pieces, [], 0
        if pieces:
            super().on_body(b"".join(pieces))
