"""Children of the test's process: several at once, and some that are killed in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar
from unittest import mock

from django.db import connections, transaction

from backupweb.vault.kek import FileKeks
from backupweb.vault.ledger import Ledger

Result = TypeVar("Result")


@dataclass(frozen=True)
class Ended:
    """How a child ended, and the marks it left before: one byte each, so that a kill takes none back."""

    killed: bool
    marks: int


@dataclass(frozen=True)
class Child:
    """A child that runs."""

    process: int
    pipe: int

    def wait(self) -> Ended:
        marks = 0
        while piece := os.read(self.pipe, 4096):
            marks += len(piece)
        os.close(self.pipe)
        _, status = os.waitpid(self.process, 0)
        killed = os.WIFSIGNALED(status)
        assert not killed or os.WTERMSIG(status) == signal.SIGKILL
        assert killed or os.WEXITSTATUS(status) == 0, "the child failed; its words are above"
        return Ended(killed, marks)


def start(work: Callable[[Callable[[], None]], None]) -> Child:
    """Forks. `work` is handed the function that leaves a mark."""
    connections.close_all()  # no connection is shared with a child
    reader, writer = os.pipe()
    process = os.fork()
    if process:
        os.close(writer)
        return Child(process, reader)
    failed = 1
    try:
        os.close(reader)
        work(lambda: _mark(writer))
        failed = 0
    except BaseException:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        raise
    finally:
        os._exit(failed)


def _mark(writer: int) -> None:
    os.write(writer, b".")


def cut_at(step: int, work: Callable[[Callable[[], None]], None]) -> Ended:
    """Runs `work` in a child that is killed at this step: a commit of ledger or database, a KEK made or destroyed,
    and the moment before each."""

    def cut_off(mark: Callable[[], None]) -> None:
        with _steps(step):
            work(mark)

    return start(cut_off).wait()


@contextmanager
def _steps(last: int) -> Iterator[None]:
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(function: Callable[..., Result]) -> Callable[..., Result]:
        def stepped(*args: object, **kwargs: object) -> Result:
            step()
            result = function(*args, **kwargs)
            step()
            return result

        return stepped

    opened = Ledger._transaction

    @contextmanager
    def ledger_transaction(self: Ledger) -> Iterator[object]:
        step()
        with opened(self) as book:
            yield book
            step()
        step()

    left = transaction.Atomic.__exit__

    def atomic_exit(
        self: transaction.Atomic,
        kind: type[BaseException] | None,
        value: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        step()
        left(self, kind, value, where)
        step()

    with (
        mock.patch.object(Ledger, "_transaction", ledger_transaction),
        mock.patch.object(transaction.Atomic, "__exit__", atomic_exit),
        mock.patch.object(FileKeks, "make", around(FileKeks.make)),
        mock.patch.object(FileKeks, "destroy", around(FileKeks.destroy)),
    ):
        yield


def in_threads(number: int, work: Callable[[], Result], *, at_once: int) -> list[Result]:
    """So many calls, so many of them at once, each with a database connection of its own."""

    def once(_: int) -> Result:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(once, range(number)))
