"""Two thousand open pages that hear nothing: what each of them keeps in the server's memory."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from bench.server.guest import Guest
from bench.server.processes import cpu_seconds, pss_mib
from bench.server.served import Served

# So many shake hands at once, as after a restart.
_AT_ONCE = 50
_WARM = 50


def measure(served: Served, *, number: int = 2000) -> dict[str, Any]:
    """Growth of the web processes' memory, while the sockets are open and after they were closed."""
    return asyncio.run(_measure(served, Guest.of(served.site), number))


async def _measure(served: Served, guest: Guest, number: int) -> dict[str, Any]:
    warm = await _open(guest, _WARM)  # what is loaded by the first ones is loaded once
    await asyncio.sleep(2)
    before, spent, begun = pss_mib(served.pids), cpu_seconds(served.pids), time.perf_counter()
    opened = await _open(guest, number)
    opening, spent = time.perf_counter() - begun, cpu_seconds(served.pids) - spent
    await asyncio.sleep(5)
    idle, quiet = pss_mib(served.pids), cpu_seconds(served.pids)
    await asyncio.sleep(20)
    quiet = cpu_seconds(served.pids) - quiet
    alive = sum(one.close_code is None for one in opened)
    for each in (*opened, *warm):
        await each.close()
    await asyncio.sleep(3)
    return {
        "sockets": number,
        "still_open": alive,
        "kib_each": round((idle - before) * 1024 / number, 1),
        "kib_each_after_closing": round((pss_mib(served.pids) - before) * 1024 / number, 1),
        "web_ms_to_open_one": round(1000 * spent / number, 2),
        "opened_a_second": round(number / opening),
        "idle_cpu_share": round(quiet / 20, 3),
    }


async def _open(guest: Guest, number: int) -> list[ClientConnection]:
    room = asyncio.Semaphore(_AT_ONCE)
    address = guest.site.url.replace("http", "ws", 1) + "/ws/events"
    headers, origin = {"Cookie": guest.headers["Cookie"]}, Origin(guest.site.url)

    async def one() -> ClientConnection:
        async with room:
            # Offers compression, as browsers do; the driver's own pings are not the server's business.
            return await connect(
                address, additional_headers=headers, origin=origin, ping_interval=None, open_timeout=60
            )

    return await asyncio.gather(*(one() for _ in range(number)))
