"""Locks hold between threads and processes, and do not outlive their holder."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from backupweb.lib.locks import Taken, lock
from tests.vault.processes import start

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lock_has_one_holder_and_comes_back() -> None:
    with lock("something", wait=False) as held:
        assert held()
        with pytest.raises(Taken), lock("something", wait=False):
            pass
        with lock("something-else", wait=False):
            pass
    with lock("something", wait=False):
        pass


def test_who_waits_gets_it_afterwards() -> None:
    order: list[str] = []

    def other() -> None:
        with lock("something", wait=True):
            order.append("second")

    with lock("something", wait=False):
        waiting = threading.Thread(target=other)
        waiting.start()
        order.append("first")
    waiting.join(20)
    assert order == ["first", "second"]


def test_a_holder_that_is_killed_holds_no_longer() -> None:
    def hold(mark: object) -> None:
        assert callable(mark)
        with lock("something", wait=False):
            mark()
            signal.pause()

    child = start(hold)
    assert os.read(child.pipe, 1) == b"."
    with pytest.raises(Taken), lock("something", wait=False):
        pass
    os.kill(child.process, signal.SIGKILL)
    assert child.wait().killed
    with lock("something", wait=True):
        pass
