"""Four connections that send or fetch as fast as they are served; little of the processor is theirs.

    python -m bench.server.load PLAN.json

One process of its own, so that its processor time is not counted with anybody else's. Bodies are sent from one block
of memory and received into another: the kernel copies, nobody else does.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.site import ROOT

CONNECTIONS = 4


@dataclass(frozen=True)
class Plan:
    """`lines` are request heads without their end; each is sent once, with `body` of that many zero-free bytes."""

    url: str
    heads: Sequence[str]
    body: str | None = None
    """File with the body that follows every head."""
    most: int = 0
    """As many bytes as an answer's body has at most."""


@dataclass(frozen=True)
class Moved:
    """How long it took, and what did not go well."""

    seconds: float
    refused: int


def run(plan: Plan) -> Moved:
    """Carries out a plan in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asdict(plan), file)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.server.load", file.name], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
    return Moved(**json.loads(done.stdout))


class _Connection:
    def __init__(self, plan: Plan, body: bytes) -> None:
        parts = urlsplit(plan.url)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._body = body
        self._room = memoryview(bytearray(plan.most + 65536))

    def ask(self, head: str) -> int:
        """Sends one request, takes its whole answer; the status."""
        self._socket.sendall(head.encode() + b"\r\n\r\n")
        if self._body:
            self._socket.sendall(self._body)
        filled = 0
        while (end := bytes(self._room[:filled]).find(b"\r\n\r\n")) < 0:
            count = self._socket.recv_into(self._room[filled:], 65536)
            if not count:
                raise ConnectionError
            filled += count
        answer = bytes(self._room[:end]).decode("latin-1").lower().split("\r\n")
        length = next((int(line[15:]) for line in answer if line.startswith("content-length:")), 0)
        left = length - (filled - end - 4)
        while left > 0:
            count = self._socket.recv_into(self._room, min(left, len(self._room)), socket.MSG_WAITALL)
            if not count:
                raise ConnectionError
            left -= count
        return int(answer[0].split()[1])


def _carry_out(plan: Plan) -> Moved:
    body = Path(plan.body).read_bytes() if plan.body else b""
    left, lock, refused = list(reversed(plan.heads)), threading.Lock(), []

    def work() -> None:
        connection = _Connection(plan, body)
        while True:
            with lock:
                if not left:
                    return
                head = left.pop()
            status = connection.ask(head)
            if status >= 300:
                refused.append(status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Moved(time.perf_counter() - begun, len(refused) + len(left))


if __name__ == "__main__":
    print(json.dumps(asdict(_carry_out(Plan(**json.loads(Path(sys.argv[1]).read_text()))))))
