"""A body is handed on in large pieces, whole, whatever the pieces in which it came."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
import uvicorn

from backupweb.lib.gathering import GATHERED, Gathering


async def exchange(body: bytes, *, cut_at: int | None = None) -> tuple[list[dict[str, Any]], bytes]:
    """What the application was handed, and what was answered."""
    handed: list[dict[str, Any]] = []
    over = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        try:
            more = True
            while more:
                handed.append(await receive())
                more = handed[-1].get("more_body", False)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
        finally:
            over.set()

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, http=Gathering, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    writer.write(b"PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body))
    writer.write(body[:cut_at])
    await writer.drain()
    answer = b"" if cut_at is not None else await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await asyncio.wait_for(over.wait(), 30)
    server.should_exit = True
    await serving
    return handed, answer


@pytest.mark.parametrize("size", [0, 1, GATHERED - 1, GATHERED, GATHERED + 1, 5 * GATHERED + 7])
def test_a_body_arrives_whole_in_large_pieces(size: int) -> None:
    body = bytes(range(256)) * (size // 256) + bytes(size % 256)
    handed, answer = asyncio.run(exchange(body))
    assert b"".join(piece["body"] for piece in handed) == body
    assert len(handed) <= size // GATHERED + 2
    assert answer.startswith(b"HTTP/1.1 204")


def test_the_application_hears_that_a_body_was_cut_off() -> None:
    handed, _ = asyncio.run(exchange(bytes(2 * GATHERED), cut_at=GATHERED // 2))
    assert handed[-1]["type"] == "http.disconnect"
