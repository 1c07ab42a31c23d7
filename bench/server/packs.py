"""Packs come in: 8 MiB, four at a time, by this site and by nginx's WebDAV, round by round in turn."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import statistics
import time
from pathlib import Path
from typing import Any

from bench.server.guest import Guest
from bench.server.load import Plan, run
from bench.server.nginx import Bare
from bench.server.processes import Watched, cpu_seconds
from bench.server.served import Served

SIZE = 8 * 1024 * 1024


class Body:
    """The one pack that is sent again and again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pack"
        content = secrets.token_bytes(SIZE)
        self.path.write_bytes(content)
        self.sha256 = hashlib.sha256(content).hexdigest()


def _put(url: str, heads: list[str], body: Body) -> float:
    """Bytes a second."""
    moved = run(Plan(url=url, heads=heads, body=str(body.path)))
    if moved.refused:
        raise RuntimeError(f"{moved.refused} packs were refused")
    return len(heads) * SIZE / moved.seconds


def to_nginx(nginx: Bare, body: Body, packs: int) -> float:
    """The peer: nothing is asked, nothing is hashed."""
    folder = secrets.token_hex(4)
    (nginx.store / folder).mkdir()
    head = f"Host: localhost\r\nContent-Length: {SIZE}"
    try:
        return _put(nginx.url, [f"PUT /{folder}/{number} HTTP/1.1\r\n{head}" for number in range(packs)], body)
    finally:
        shutil.rmtree(nginx.store / folder)


def to_site(guest: Guest, url: str, body: Body, packs: int) -> tuple[float, list[str]]:
    """Signed in, announced, within the quota, and hashed where the site carries the bytes."""
    ids = guest.announce(packs, size=SIZE, sha256=body.sha256)
    head = f"Host: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {SIZE}{guest.head}"
    return _put(url, [f"PUT /objects/{one} HTTP/1.1\r\n{head}" for one in ids], body), ids


def measure(
    served: Served, nginx: Bare, *, packs: int, rounds: int, via: str | None = None, pids: list[int] | None = None
) -> dict[str, Any]:
    """Medians over the rounds; a ratio is one of neighbours, never of medians. `via`: an nginx before the site."""
    body, guest = Body(served.folder), Guest.of(served.site)
    pids = pids or served.pids
    speeds: dict[str, list[float]] = {"nginx": [], "site": [], "finished": []}
    memory: list[float] = []
    spent = 0.0
    for number in range(rounds + 1):  # the first one warms up
        peer = to_nginx(nginx, body, packs)
        before = cpu_seconds(pids)
        with Watched(pids) as watched:
            speed, ids = to_site(guest, via or served.site.url, body, packs)
            begun = time.perf_counter()
            if guest.finish(ids) != packs:
                raise RuntimeError("not everything that was sent is stored")
            finishing = time.perf_counter() - begun
        if number:
            spent += cpu_seconds(pids) - before
            speeds["nginx"].append(peer)
            speeds["site"].append(speed)
            speeds["finished"].append(packs * SIZE / (packs * SIZE / speed + finishing))
            memory.append(watched.most)
        guest.give_back(ids)
    return {
        "gb_per_second": round(statistics.median(speeds["site"]) / 1e9, 3),
        "nginx_gb_per_second": round(statistics.median(speeds["nginx"]) / 1e9, 3),
        "ratio_to_nginx": _ratio(speeds["site"], speeds["nginx"]),
        "ratio_with_finish": _ratio(speeds["finished"], speeds["nginx"]),
        "cpu_seconds_per_gb": round(spent / (rounds * packs * SIZE / 1e9), 2),
        "memory_mib": [round(one) for one in memory],
    }


def _ratio(mine: list[float], theirs: list[float]) -> float:
    return round(statistics.median(one / other for one, other in zip(mine, theirs, strict=True)), 2)
