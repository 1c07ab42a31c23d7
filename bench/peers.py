"""The native backup tools that figures are held against: restic and borg, each with an empty repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Taken:
    """One run of a tool: wall and processor time (seconds), bytes by which its repository grew."""

    seconds: float
    cpu_seconds: float
    added: int


def size_of(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Peer(ABC):
    """A tool that backs up folders into `repository`, which must not exist yet."""

    name: str
    _environment: dict[str, str]

    def __init__(self, repository: Path) -> None:
        if shutil.which(self.name) is None:
            raise RuntimeError(f"{self.name} is missing: apt-get install restic borgbackup")
        self.repository = repository
        self._run(*self._init(), folder=repository.parent)

    def back_up(self, folder: Path) -> Taken:
        """Everything below `folder`."""
        before = size_of(self.repository)
        seconds, cpu = self._run(*self._back_up(folder.name), folder=folder)
        return Taken(seconds, cpu, size_of(self.repository) - before)

    def restore(self, folder: Path, into: Path) -> Taken:
        """What was last backed up of `folder`, written to `into`, which is made."""
        into.mkdir(parents=True)
        seconds, cpu = self._run(*self._restore(folder.name, into), folder=into)
        return Taken(seconds, cpu, size_of(into))

    def forget(self) -> None:
        """Takes the repository away."""
        shutil.rmtree(self.repository)

    @abstractmethod
    def _init(self) -> list[str]:
        """The command that makes the repository."""

    @abstractmethod
    def _back_up(self, name: str) -> list[str]:
        """The command that backs a folder up, run inside it."""

    @abstractmethod
    def _restore(self, name: str, into: Path) -> list[str]:
        """The command that writes it out, run inside `into`."""

    def _run(self, *arguments: str, folder: Path) -> tuple[float, float]:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [self.name, *arguments],
            cwd=folder,
            env={**os.environ, **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = process.stderr.read() if process.stderr else ""
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if status:
            raise RuntimeError(f"{self.name} {arguments[0]}: {said[-800:]}")
        return seconds, used.ru_utime + used.ru_stime


class Restic(Peer):
    """As it is out of the box: compression `auto`, a cache beside its repository."""

    name = "restic"

    def __init__(self, repository: Path) -> None:
        cache = repository.parent / f"{repository.name}-cache"
        self._environment = {
            "RESTIC_PASSWORD": "figures",
            "RESTIC_REPOSITORY": str(repository),
            "RESTIC_CACHE_DIR": str(cache),
        }
        super().__init__(repository)

    def _init(self) -> list[str]:
        return ["init", "--quiet"]

    def _back_up(self, name: str) -> list[str]:
        return ["backup", "--quiet", "--tag", name, "."]

    def _restore(self, name: str, into: Path) -> list[str]:
        return ["restore", "--quiet", "latest", "--tag", name, "--target", str(into)]


class Borg(Peer):
    """Compression zstd,3: the nearest to what this project does."""

    name = "borg"

    def __init__(self, repository: Path) -> None:
        self._environment = {
            "BORG_PASSPHRASE": "figures",
            "BORG_REPO": str(repository),
            "BORG_BASE_DIR": str(repository.parent / f"{repository.name}-base"),
        }
        super().__init__(repository)

    def _init(self) -> list[str]:
        return ["init", "--encryption", "repokey-blake2"]

    def _back_up(self, name: str) -> list[str]:
        return ["create", "--compression", "zstd,3", f"::{name}", "."]

    def _restore(self, name: str, into: Path) -> list[str]:  # it writes where it is run
        return ["extract", f"::{name}"]
