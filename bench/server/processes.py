"""What a process and its children use, as the kernel counts it."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from types import TracebackType

_TICK = os.sysconf("SC_CLK_TCK")


def family(pids: list[int]) -> list[int]:
    """The processes and all that they started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], list(pids)
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """Processor time spent so far."""
    return sum(_cpu(pid) for pid in family(pids))


def pss_mib(pids: list[int]) -> float:
    """Memory, what is shared divided among those who share it."""
    return sum(_pss(pid) for pid in family(pids))


def parent(pid: int) -> int:
    """Who started it."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


class Watched:
    """The most memory that some processes had while it was entered, looked at five times a second."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._end = threading.Event()
        self.most = 0.0
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Watched:
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._end.wait(0.2):
            self.most = max(self.most, pss_mib(self._pids))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end.set()
        self._thread.join()
        self.most = max(self.most, pss_mib(self._pids))


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # And what its children used that have ended: each connection to PostgreSQL is such a child.
    return sum(map(int, fields[11:15])) / _TICK


def _pss(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
