"""Asks the whole ASGI application, byte for byte, as a server would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backupweb.asgi import application


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> str:
        """The code of a refusal; the shape is checked on the way."""
        answer = json.loads(self.body)
        assert set(answer) == {"error"}
        assert set(answer["error"]) <= {"code", "message", "params"}
        return str(answer["error"]["code"])


async def ask(
    method: str, address: str, body: Sequence[bytes], headers: dict[str, str], *, cut_off: bool = False
) -> Answer:
    """Sends `body` in the given pieces; with `cut_off` the client is gone after them."""
    path, _, query = address.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in {"host": "testserver", **headers}.items()
        ],
        "client": ("127.0.0.1", 40000),
        "server": ("testserver", 80),
    }
    pieces = list(body) or [b""]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces) or cut_off}
        if not cut_off:
            await asyncio.Event().wait()  # the client stays and waits for its answer
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    if not sent:
        return Answer(0, {}, b"")
    assert sent[0]["type"] == "http.response.start"
    assert not sent[-1].get("more_body", False)
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:]))
