"""Which web process takes the next connection: whoever holds fewest.

Left to themselves, the first one that wakes takes all that wait: one browser's four uploads lie with one process while
the next one idles. Here whoever holds more than another leaves a connection to it for a moment, and only then takes it.
"""

from __future__ import annotations

import asyncio
import logging
import mmap
import socket

import uvicorn

logger = logging.getLogger(__name__)

# So long somebody who holds more waits for who holds fewer; a process that is busy or dead keeps nobody waiting longer.
_MOMENT = 0.002
# No descriptor is free: until one may be.
_TROUBLE = 1.0


class Held:
    """How many connections each process holds; all of them see it."""

    def __init__(self, processes: int) -> None:
        self._numbers = memoryview(mmap.mmap(-1, processes * 4)).cast("I")

    def tell(self, process: int, number: int) -> None:
        """So many are held by this one now."""
        self._numbers[process] = number

    def fewest(self) -> int:
        """How many are held by who holds fewest."""
        return min(self._numbers)


class Server(uvicorn.Server):
    """uvicorn's own, but for how it takes connections."""

    def __init__(self, config: uvicorn.Config, held: Held, process: int) -> None:
        super().__init__(config)
        self._held, self._process = held, process
        self._listener: socket.socket | None = None
        self._taking: set[asyncio.Task[object]] = set()
        held.tell(process, 0)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=[])
        [self._listener] = sockets or []
        self._wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener = None
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        self._tell()
        return await super().on_tick(counter)

    def _tell(self) -> int:
        number = len(self.server_state.connections) + len(self._taking)
        self._held.tell(self._process, number)
        return number

    def _wait(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().add_reader(self._listener, self._somebody_waits)

    def _somebody_waits(self) -> None:
        if self._tell() > self._held.fewest():
            self._leave_it(_MOMENT)
        else:
            self._take()

    def _leave_it(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)  # type: ignore[arg-type]  # it is there as long as there is a reader
        loop.call_later(seconds, self._take_after_all)

    def _take_after_all(self) -> None:
        self._wait()
        self._take()

    def _take(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # somebody else was faster, or who knocked is gone
        except OSError:
            logger.exception("no connection can be taken")
            self._leave_it(_TROUBLE)
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        task: asyncio.Task[object] = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)
        self._tell()

    def _protocol(self) -> asyncio.Protocol:
        kind = self.config.http_protocol_class
        state = self.server_state
        return kind(config=self.config, server_state=state, app_state=self.lifespan.state)  # type: ignore[call-arg]
