"""A wire between a browser and a site that a test can listen to, cut, and change answers on.

It speaks HTTP/1.1 with both, one exchange at a time per connection; WebSockets pass through as they are. It runs in a
thread of its own, so that whoever drives the browser may wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import h11

from bench.site import free_port

PIECE: Final = 64 * 1024


@dataclass(frozen=True)
class Request:
    """What the browser asked, without the body."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What the site said."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def with_body(self, body: bytes) -> Answer:
        """Another body of the length it says."""
        headers = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        return replace(self, body=body, headers=[*headers, (b"Content-Length", str(len(body)).encode())])


#: Gives the answer that the browser shall have, or None for a connection that breaks.
Tamper = Callable[[Request, Answer], Answer | None]
#: Hears of every piece of a body on its way up, and of every whole answer before it goes down.
Listener = Callable[[Request, int], None]
Heard = Callable[[Request, Answer], None]


def untouched(_: Request, answer: Answer) -> Answer:
    """The wire as it should be."""
    return answer


@dataclass
class Ears:
    """Who listens; each is called in the wire's thread, and what it does is done before the wire goes on."""

    begun: Callable[[Request], None] = lambda _: None
    sent: Listener = lambda _, __: None
    answered: Heard = lambda _, __: None


class BrokenError(Exception):
    """The connection is no more."""


@dataclass(eq=False)
class _Connection:
    down: asyncio.StreamWriter
    up: asyncio.StreamWriter | None = None

    def cut(self) -> None:
        for writer in (self.down, self.up):
            if writer is not None:
                writer.transport.abort()


@dataclass
class Wire:
    """Listens on a port of its own for as long as the `with` block lasts."""

    to: int
    tamper: Tamper = untouched
    ears: Ears = field(default_factory=Ears)
    port: int = field(default_factory=free_port)
    is_cut: bool = False
    _open: set[_Connection] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where the browser finds the site."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Wire:
        self._loop = asyncio.new_event_loop()
        listening = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()
        listening.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def cut(self) -> None:
        """Breaks every connection and takes no new one. For the wire's own thread."""
        self.is_cut = True
        for connection in list(self._open):
            connection.cut()

    def mend(self) -> None:
        """Takes connections again."""
        self.is_cut = False

    def _run(self, listening: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._take, "127.0.0.1", self.port))
        listening.set()
        self._loop.run_forever()
        server.close()
        for connection in list(self._open):
            connection.cut()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer)
        if self.is_cut:
            connection.cut()
            return
        self._open.add(connection)
        # Whatever breaks on either side breaks the other: nothing else is promised.
        with contextlib.suppress(OSError, BrokenError, h11.ProtocolError, asyncio.CancelledError):
            await self._carry(connection, reader)
        self._open.discard(connection)
        connection.cut()

    async def _carry(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        upstream, connection.up = await asyncio.open_connection("127.0.0.1", self.to)
        down = h11.Connection(h11.SERVER)
        up = h11.Connection(h11.CLIENT)
        while True:
            asked = await _next_event(down, reader)
            if not isinstance(asked, h11.Request):
                return
            request = Request(
                asked.method.decode(),
                asked.target.decode(),
                {name.decode().lower(): value.decode("latin-1") for name, value in asked.headers},
            )
            self.ears.begun(request)
            # Nothing comes compressed, so that it can be looked into.
            headers = [(name, value) for name, value in asked.headers.raw_items() if name.lower() != b"accept-encoding"]
            await _write(connection.up, up.send(h11.Request(method=asked.method, target=asked.target, headers=headers)))
            if request.headers.get("upgrade"):
                await self._tunnel(connection, reader, upstream)
                return
            if not await self._exchange(connection, (down, reader), (up, upstream), request):
                return

    async def _exchange(
        self,
        connection: _Connection,
        below: tuple[h11.Connection, asyncio.StreamReader],
        above: tuple[h11.Connection, asyncio.StreamReader],
        request: Request,
    ) -> bool:
        """One request and its answer; whether another may follow on this connection."""
        (down, reader), (up, upstream) = below, above
        while isinstance(event := await _next_event(down, reader), h11.Data):
            self.ears.sent(request, len(event.data))
            await _write(connection.up, up.send(event))
        await _write(connection.up, up.send(h11.EndOfMessage()))
        while isinstance(head := await _next_event(up, upstream), h11.InformationalResponse):
            pass
        if not isinstance(head, h11.Response):
            return False
        body = bytearray()
        while isinstance(event := await _next_event(up, upstream), h11.Data):
            body += event.data
        answer = self.tamper(request, Answer(head.status_code, list(head.headers.raw_items()), bytes(body)))
        if answer is None:
            return False
        self.ears.answered(request, answer)
        told = h11.Response(status_code=answer.status, headers=answer.headers)
        await _write(connection.down, down.send(told))
        if request.method != "HEAD" and answer.body:
            await _write(connection.down, down.send(h11.Data(data=answer.body)))
        await _write(connection.down, down.send(h11.EndOfMessage()))
        if down.our_state is not h11.DONE or up.their_state is not h11.DONE or up.our_state is not h11.DONE:
            return False
        down.start_next_cycle()
        up.start_next_cycle()
        return True

    async def _tunnel(
        self, connection: _Connection, reader: asyncio.StreamReader, upstream: asyncio.StreamReader
    ) -> None:
        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter | None) -> None:
            while piece := await source.read(PIECE):
                await _write(sink, piece)
            raise BrokenError

        with contextlib.suppress(BrokenError):
            await asyncio.gather(pump(reader, connection.up), pump(upstream, connection.down))


async def _next_event(machine: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := machine.next_event()) is h11.NEED_DATA:
        machine.receive_data(await reader.read(PIECE))
    return event


async def _write(writer: asyncio.StreamWriter | None, piece: bytes | None) -> None:
    if writer is None:
        raise BrokenError
    if piece:
        writer.write(piece)
        await writer.drain()
