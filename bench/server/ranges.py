"""Packs are read: ranges of 1 and of 8 MiB, four at a time, from this site and from nginx's static files."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.server.guest import Guest
from bench.server.load import Plan, run
from bench.server.nginx import Bare
from bench.server.packs import SIZE, Body, to_site
from bench.server.processes import Watched, cpu_seconds
from bench.server.served import Served

MIB = 1024 * 1024
LENGTHS = (MIB, 8 * MIB)
PACKS = 16
AT_ONCE = 128 * 8 * MIB


@dataclass
class Line:
    """Somebody who is read from: where, and with which headers."""

    url: str
    paths: Sequence[str]
    headers: str
    pids: list[int]
    speeds: dict[int, list[float]] = field(default_factory=lambda: {length: [] for length in LENGTHS})
    spent: dict[int, float] = field(default_factory=lambda: dict.fromkeys(LENGTHS, 0.0))
    memory: float = 0.0

    def read(self, length: int) -> float:
        """Bytes a second."""
        heads = []
        for number in range(AT_ONCE // length):
            path = self.paths[number % len(self.paths)]
            start = number * length % SIZE
            span = f"Range: bytes={start}-{start + length - 1}"
            heads.append(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{span}{self.headers}")
        moved = run(Plan(url=self.url, heads=heads, most=length))
        if moved.refused:
            raise RuntimeError(f"{moved.refused} ranges were refused by {self.url}")
        return AT_ONCE / moved.seconds

    def turn(self, length: int, *, counts: bool) -> None:
        """One round."""
        before = cpu_seconds(self.pids)
        with Watched(self.pids) as watched:
            speed = self.read(length)
        if counts:
            self.speeds[length].append(speed)
            self.spent[length] += cpu_seconds(self.pids) - before
            self.memory = max(self.memory, watched.most)


def measure(served: Served, bare: Bare, *, rounds: int, via: str | None = None) -> dict[str, Any]:
    """Medians over the rounds, which go in turn; `via`: the address of an nginx before the site."""
    body, guest = Body(served.folder), Guest.of(served.site)
    speed_and_ids = to_site(guest, via or served.site.url, body, PACKS)
    if guest.finish(speed_and_ids[1]) != PACKS:
        raise RuntimeError("not everything that was sent is stored")
    for number in range(PACKS):
        shutil.copy(body.path, bare.store / f"pack-{number}")
    peer = Line(bare.url, [f"/pack-{number}" for number in range(PACKS)], "", [bare.pid])
    site = Line(via or served.site.url, [f"/objects/{one}" for one in speed_and_ids[1]], guest.head, served.pids)
    for number in range(rounds + 1):  # the first one warms up
        for length in LENGTHS:
            for line in (peer, site):
                line.turn(length, counts=number > 0)
    return {
        f"{length // MIB}_mib": {
            "gb_per_second": round(statistics.median(site.speeds[length]) / 1e9, 3),
            "nginx_gb_per_second": round(statistics.median(peer.speeds[length]) / 1e9, 3),
            "ratio_to_nginx": round(
                statistics.median(a / b for a, b in zip(site.speeds[length], peer.speeds[length], strict=True)), 2
            ),
            "cpu_seconds_per_gb": round(site.spent[length] / (rounds * AT_ONCE / 1e9), 2),
        }
        for length in LENGTHS
    } | {"memory_mib": round(site.memory)}
