"""Five hundred people upload at once; some with two devices that want the same commit. Nothing may go wrong.

    python -m bench.server.people PLAN.json

They come over half a minute, as people do after a reminder, and stop to think between two backups. The driver is a
process of its own and shares the cores with the server: what it takes is told beside the figures.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.server.metadata import database_pids
from bench.server.processes import Watched, cpu_seconds
from bench.server.served import Served
from bench.site import ROOT

BACKUPS = 2
_KIB = 1024
_SIZES = (64 * _KIB, 96 * _KIB, 160 * _KIB, 256 * _KIB, 448 * _KIB, 704 * _KIB, 1024 * _KIB)
# Every tenth person has two devices.
_TWO_DEVICES = 10
_ARRIVE = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from importlib import import_module
from backupweb.accounts.models import Account
keys = []
for number in range({number}):
    account = Account.objects.create(username=f"person-{{number}}", password="!")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    keys.append(session.session_key)
sys.stdout.write("keys:" + json.dumps(keys))
"""
# Every sum is held against the rows, every head against the commits that were answered.
_LOOK = """
import json, sys
from django.db.models import Sum
from backupweb.accounts.models import Account, Quota
from backupweb.backups.models import Head, SealedObject, Snapshot, SnapshotPart
wrong, heads = 0, {}
for account in Account.objects.filter(username__startswith="person-"):
    sums = {row["state"]: row["size"] for row in
            SealedObject.objects.filter(account=account).order_by().values("state").annotate(size=Sum("size"))}
    quota = Quota.objects.of(account)
    wrong += (quota.used, quota.reserved) != (sums.get("stored", 0), sums.get("expected", 0))
    sequences = list(Head.objects.filter(account=account).order_by("sequence").values_list("sequence", flat=True))
    wrong += sequences != list(range(1, len(sequences) + 1))
    wrong += len(sequences) != Snapshot.objects.filter(account=account).count()
    heads[account.username] = len(sequences)
print("found:" + json.dumps({"wrong": wrong, "heads": heads, "objects": SealedObject.objects.count(),
                             "parts": SnapshotPart.objects.count(),
                             "bytes": SealedObject.objects.aggregate(size=Sum("size"))["size"]}))
"""


@dataclass(frozen=True)
class Plan:
    """Sessions, and over how many seconds they come."""

    url: str
    keys: Sequence[str]
    arrival: float


@dataclass
class Told:
    """What the driver saw."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    commits: dict[str, int] = field(default_factory=dict)
    overtaken: int = 0
    cpu: float = 0.0
    wall: float = 0.0


def measure(served: Served, *, number: int = 500, arrival: float = 30.0) -> dict[str, Any]:
    """Everything of everybody, and what is true afterwards."""
    keys = json.loads(served.site.manage("shell", "-c", _ARRIVE.format(number=number)).rpartition("keys:")[2])
    database = database_pids(served)
    web, base = cpu_seconds(served.pids), cpu_seconds(database)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file, Watched(served.pids) as watched:
        json.dump(asdict(Plan(served.site.url, keys, arrival)), file)
        file.flush()
        command = [sys.executable, "-m", "bench.server.people", file.name]
        told = Told(**json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout))
    web, base = cpu_seconds(served.pids) - web, cpu_seconds(database) - base
    found = json.loads(served.site.manage("shell", "-c", _LOOK).rpartition("found:")[2])
    lying = sum(path.stat().st_size for path in served.site.stored_objects())
    metadata = [each for name in ("begin", "finish", "commit") for each in told.seconds.get(name, [])]
    return {
        "people": number,
        "errors": len(told.errors),
        "first_errors": told.errors[:3],
        "lost_updates": found["wrong"] + sum(found["heads"].get(name) != count for name, count in told.commits.items()),
        "bytes_missing_in_the_store": found["bytes"] - lying,
        "objects": found["objects"],
        "commits": sum(told.commits.values()),
        "overtaken_commits": told.overtaken,
        "metadata_calls": len(metadata),
        "metadata_ms": _spread(metadata),
        "put_ms": _spread(told.seconds.get("put", [])),
        "wall_seconds": round(told.wall, 1),
        "web_cpu_seconds": round(web, 1),
        "database_cpu_seconds": round(base, 1),
        "driver_cpu_seconds": round(told.cpu, 1),
        "memory_mib": round(watched.most),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}
    return {name: round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]) for name, share in at.items()}


# ---------------------------------------------------------------- the driver


class _Device:
    """One connection of one person's browser."""

    def __init__(self, plan: Plan, key: str, told: Told) -> None:
        parts = urlsplit(plan.url)
        self._at = (parts.hostname, parts.port)
        token = secrets.token_hex(16)
        self._head = f"Host: localhost\r\nCookie: sessionid={key}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        self._told = told
        self.sequence = 0
        """Of the newest head that it knows."""

    async def arrive(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(*self._at)

    async def ask(self, name: str, first: str, body: bytes | memoryview, *, fine: tuple[int, ...] = (200,)) -> Any:
        """One call, timed as `name`; None for an answer that is not `fine`, which is noted."""
        begun = time.perf_counter()
        kind = f"Content-Type: application/{'octet-stream' if name == 'put' else 'json'}"
        head = f"{first} HTTP/1.1\r\n{self._head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode())
        self._writer.write(body)
        await self._writer.drain()
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next((int(line[15:]) for line in answer if line.startswith("content-length:")), 0)
        content = await self._reader.readexactly(length)
        self._told.seconds.setdefault(name, []).append(time.perf_counter() - begun)
        status = int(answer[0].split()[1])
        if status not in fine:
            self._told.errors.append(f"{name}: {status}")
            return None
        return status, json.loads(content) if content else None

    async def post(self, name: str, address: str, body: object, *, fine: tuple[int, ...] = (200,)) -> Any:
        return await self.ask(name, f"POST {address}", json.dumps(body).encode(), fine=fine)


class _Contents:
    """The bytes of all packs: prefixes of one block."""

    def __init__(self) -> None:
        self._block = memoryview(secrets.token_bytes(_SIZES[-1]))
        self._hashes = {size: hashlib.sha256(self._block[:size]).hexdigest() for size in (4096, *_SIZES)}

    def announcement(self, kind: str, size: int) -> dict[str, Any]:
        return {"id": secrets.token_hex(16), "kind": kind, "size": size, "sha256": self._hashes[size]}

    def of(self, announcement: dict[str, Any]) -> memoryview:
        return self._block[: announcement["size"]]


async def _back_up(device: _Device, contents: _Contents, person: str, told: Told) -> None:
    packs = [contents.announcement("pack", random.choice(_SIZES)) for _ in range(random.randint(2, 5))]
    snapshot = contents.announcement("snapshot", 4096)
    everything = [*packs, snapshot]
    await device.post("begin", "/api/objects/begin", {"objects": everything})
    for one in everything:
        await device.ask("put", f"PUT /objects/{one['id']}", contents.of(one), fine=(204,))
    _, answer = await device.post("finish", "/api/objects/finish", {"ids": [one["id"] for one in everything]})
    if any(one["state"] != "stored" for one in answer["objects"]):
        told.errors.append("not stored")
    head = base64.urlsafe_b64encode(secrets.token_bytes(4096)).rstrip(b"=").decode()
    addition = {"snapshot": snapshot["id"], "objects": [one["id"] for one in packs]}
    while True:
        body = {"sequence": device.sequence + 1, "sealed": head, "add": [addition]}
        status, answer = await device.post("commit", "/api/commit", body, fine=(201, 409))
        if status == 201:
            told.commits[person] = told.commits.get(person, 0) + 1
            device.sequence += 1
            return
        if answer["error"]["code"] != "backups.head_moved":
            told.errors.append(answer["error"]["code"])
            return
        device.sequence = answer["error"]["params"]["sequence"]
        told.overtaken += 1


async def _live(plan: Plan, key: str, person: str, contents: _Contents, told: Told) -> None:
    await asyncio.sleep(random.uniform(0, plan.arrival))
    device = _Device(plan, key, told)
    try:
        await device.arrive()
        for _ in range(BACKUPS):
            await _back_up(device, contents, person, told)
            await asyncio.sleep(random.uniform(0, 3))
    except (OSError, EOFError, TypeError) as error:  # what was no answer cannot be taken apart
        told.errors.append(f"{type(error).__name__}: {error}")


async def _all(plan: Plan) -> Told:
    told, contents = Told(), _Contents()
    lives = []
    for number, key in enumerate(plan.keys):
        for _ in range(1 if number % _TWO_DEVICES else 2):
            lives.append(_live(plan, key, f"person-{number}", contents, told))
    begun = time.perf_counter()
    await asyncio.gather(*lives)
    told.wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    told.cpu = used.ru_utime + used.ru_stime
    return told


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_all(Plan(**json.loads(Path(sys.argv[1]).read_text())))))))
