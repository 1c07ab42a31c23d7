"""What the server bears, in one line of JSON: every figure beside its peer, round by round in turn.

    python -m bench.server [--only put,get] [--rounds 5] [--packs 96]

Bodies lie in a memory-backed folder, for the site and for the peer alike: it is programs that are compared, not disks.
Where `deploy/dev/with-services.sh` provides PostgreSQL and Redis, the site runs on them with two processes, as it must.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.server import metadata, packs, people, ranges, sockets
from bench.server.nginx import Bare, Carrying
from bench.server.served import Served

MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Given:
    """What every figure may use."""

    folder: Path
    bare: Bare
    rounds: int
    packs: int


def put(given: Given) -> dict[str, Any]:
    """Packs come in, carried and hashed by the site."""
    with Served(given.folder / "put") as served:
        return packs.measure(served, given.bare, packs=given.packs, rounds=given.rounds)


def get(given: Given) -> dict[str, Any]:
    """Ranges go out, carried by the site."""
    with Served(given.folder / "get") as served:
        return ranges.measure(served, given.bare, rounds=given.rounds)


@contextmanager
def _carried(given: Given, name: str) -> Iterator[tuple[Served, Carrying]]:
    with (
        Served(given.folder / name, BACKUPWEB_TRANSFER="nginx") as served,
        Carrying(given.folder / f"{name}-nginx", served.site) as nginx,
    ):
        yield served, nginx


def put_nginx(given: Given) -> dict[str, Any]:
    """Packs come in, carried by nginx; the site says yes before and hashes afterwards."""
    with _carried(given, "put") as (served, nginx):
        pids = [*served.pids, nginx.pid]
        return packs.measure(served, given.bare, packs=given.packs, rounds=given.rounds, via=nginx.url, pids=pids)


def get_nginx(given: Given) -> dict[str, Any]:
    """Ranges go out, carried by nginx."""
    with _carried(given, "get") as (served, nginx):
        return ranges.measure(served, given.bare, rounds=given.rounds, via=nginx.url)


def metadata_sqlite(given: Given) -> dict[str, Any]:
    """What packs cost beside their bytes, on SQLite and one process."""
    with Served(given.folder / "meta", DATABASE_URL=f"sqlite:///{given.folder}/meta/data/db.sqlite3") as served:
        return metadata.measure(served, rounds=given.rounds)


def metadata_postgresql(given: Given) -> dict[str, Any]:
    """The same on PostgreSQL and two processes."""
    with Served(given.folder / "meta") as served:
        return metadata.measure(served, rounds=given.rounds)


def many_people(given: Given) -> dict[str, Any]:
    """Five hundred people at once."""
    with Served(given.folder / "people") as served:
        return people.measure(served)


def sockets_memory(given: Given) -> dict[str, Any]:
    """Idle sockets with the channel layer in memory, one process."""
    with Served(given.folder / "sockets", DATABASE_URL=f"sqlite:///{given.folder}/sockets/data/db.sqlite3") as served:
        return sockets.measure(served)


def sockets_redis(given: Given) -> dict[str, Any]:
    """Idle sockets with the channel layer in Redis, two processes."""
    with Served(given.folder / "sockets") as served:
        return sockets.measure(served)


FIGURES: dict[str, Callable[[Given], dict[str, Any]]] = {
    "put": put,
    "get": get,
    "put-nginx": put_nginx,
    "get-nginx": get_nginx,
    "metadata-sqlite": metadata_sqlite,
    "metadata-postgresql": metadata_postgresql,
    "people": many_people,
    "sockets-memory": sockets_memory,
    "sockets-redis": sockets_redis,
}


def main() -> None:
    """One line."""
    parser = argparse.ArgumentParser(prog="bench.server")
    parser.add_argument("--only", default=",".join(FIGURES), help="some of: " + ", ".join(FIGURES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--packs", type=int, default=96)
    told = parser.parse_args()
    found: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    for name in told.only.split(","):
        with (
            tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder,
            Bare(Path(folder) / "bare", Path(folder) / "store") as bare,
        ):
            found[name] = FIGURES[name](Given(Path(folder), bare, told.rounds, told.packs))
    print(json.dumps(found | {"load_after": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
