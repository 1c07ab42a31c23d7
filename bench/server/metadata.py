"""What packs cost beside their bytes: `begin` and `finish` in batches of 64, then one commit of a thousand."""

from __future__ import annotations

import base64
import hashlib
import secrets
import statistics
import time
from typing import Any

import psycopg

from bench.server.guest import Guest
from bench.server.load import Plan, run
from bench.server.processes import cpu_seconds, parent
from bench.server.served import Served

BATCHES = 16
PACKS = 1000
# The least that a sealed object may have: bytes are not what is measured.
_CONTENT = bytes(4096)
_HASH = hashlib.sha256(_CONTENT).hexdigest()


def database_pids(served: Served) -> list[int]:
    """The PostgreSQL that a site uses; none where the database is part of the site's own processes."""
    home = served.site.environment.get("DATABASE_URL", "")
    if not home.startswith("postgres"):
        return []
    with psycopg.connect(home) as connection:
        return [parent(connection.info.backend_pid)]


def measure(served: Served, *, rounds: int) -> dict[str, Any]:
    """Processor time of the web processes and, apart from it, of PostgreSQL; walls as medians."""
    guest, database = Guest.of(served.site), database_pids(served)
    body = served.folder / "small"
    body.write_bytes(_CONTENT)
    count = BATCHES * 64
    spent: dict[str, list[float]] = {name: [] for name in ("begin", "finish", "commit")}
    asked: dict[str, list[float]] = {name: [] for name in spent}
    walls: dict[str, list[float]] = {name: [] for name in spent}

    def timed(name: str, work: Any) -> Any:
        web, base, begun = cpu_seconds(served.pids), cpu_seconds(database), time.perf_counter()
        done = work()
        walls[name].append(time.perf_counter() - begun)
        spent[name].append(cpu_seconds(served.pids) - web)
        asked[name].append(cpu_seconds(database) - base)
        return done

    for number in range(rounds + 1):  # the first one warms up
        ids = timed("begin", lambda: guest.announce(count, size=len(_CONTENT), sha256=_HASH))
        put(guest, ids, str(body))
        if timed("finish", lambda ids=ids: guest.finish(ids)) != count:
            raise RuntimeError("not everything that was sent is stored")
        snapshot = secrets.token_hex(16)
        facts = {"id": snapshot, "kind": "snapshot", "size": len(_CONTENT), "sha256": _HASH}
        guest.post("/api/objects/begin", {"objects": [facts]})
        put(guest, [snapshot], str(body))
        head = base64.urlsafe_b64encode(secrets.token_bytes(4096)).rstrip(b"=").decode()
        addition = {"snapshot": snapshot, "objects": ids[:PACKS]}
        timed(
            "commit",
            lambda head=head, addition=addition, number=number: guest.post(
                "/api/commit", {"sequence": number + 1, "sealed": head, "add": [addition]}
            ),
        )

    def per_pack(found: dict[str, list[float]]) -> float:
        return round(1000 * sum(statistics.mean(found[name][1:]) for name in ("begin", "finish")) / count, 3)

    return {
        "web_ms_per_pack": per_pack(spent),
        "database_ms_per_pack": per_pack(asked),
        "begin_ms_of_64": round(1000 * statistics.median(walls["begin"][1:]) / BATCHES, 1),
        "finish_ms_of_64": round(1000 * statistics.median(walls["finish"][1:]) / BATCHES, 1),
        "commit_ms": round(1000 * statistics.median(walls["commit"][1:])),
        "commit_web_ms": round(1000 * statistics.mean(spent["commit"][1:])),
        "commit_database_ms": round(1000 * statistics.mean(asked["commit"][1:])),
    }


def put(guest: Guest, ids: list[str], body: str) -> None:
    """Sends the same small body for each of them."""
    head = f"Host: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(_CONTENT)}{guest.head}"
    moved = run(Plan(guest.site.url, [f"PUT /objects/{one} HTTP/1.1\r\n{head}" for one in ids], body=body))
    if moved.refused:
        raise RuntimeError(f"{moved.refused} packs were refused")
