"""Connections go to the web process that holds fewest, and to another one where that one does not take them."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from backupweb.ops.turns import Held, Server

Address = tuple[str, int]


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def ask(address: Address) -> asyncio.StreamWriter:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
    return writer


def beside_each_other(
    running: int, held: Held, during: Callable[[Address, list[Server]], Awaitable[None]]
) -> list[Server]:
    async def run() -> list[Server]:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setblocking(False)
        config = uvicorn.Config(application, lifespan="off", log_config=None)
        servers = [Server(config, held, number) for number in range(running)]
        serving = [asyncio.create_task(server.serve([listener.dup()])) for server in servers]
        await during(listener.getsockname(), servers)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*serving)
        listener.close()
        return servers

    return asyncio.run(run())


def test_two_share_what_comes() -> None:
    async def during(address: Address, servers: list[Server]) -> None:
        kept = [await ask(address) for _ in range(8)]
        assert [len(server.server_state.connections) for server in servers] == [4, 4]
        for writer in kept:
            writer.close()

    beside_each_other(2, Held(2), during)


def test_nobody_waits_for_one_that_takes_nothing() -> None:
    async def during(address: Address, servers: list[Server]) -> None:
        for writer in [await asyncio.wait_for(ask(address), 10) for _ in range(3)]:
            writer.close()

    # The second one has died: it holds nothing and takes nothing.
    [server] = beside_each_other(1, Held(2), during)
    assert server.server_state.total_requests == 3
