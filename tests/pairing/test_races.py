"""What two devices do at the same moment happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from backupweb.pairing.models import Letter, Mailbox
from tests.pairing.devices import Device, letter
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: list[Callable[[], Any]]) -> list[int]:
    """Runs them in threads that start together; the statuses of their answers."""
    start = threading.Barrier(len(works))
    statuses: list[int] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            start.wait()
            statuses.append(work().status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_many_that_join_at_once_one_wins(alice: Person) -> None:
    opener = Device(alice)
    opener.open()
    joiners = [Device(alice) for _ in range(8)]
    assert at_once([partial(one.join, "picture", opener.mailbox) for one in joiners]) == [200] + [409] * 7
    winners = [one for one in joiners if one.token]
    assert len(winners) == 1
    assert winners[0].read().status_code == 200


def test_of_two_different_letters_of_one_phase_one_is_written(alice: Person) -> None:
    opener = Device(alice)
    opener.open()
    bodies = [letter("picture", "public-key") for _ in range(6)]
    assert at_once([partial(opener.write, "public-key", body) for body in bodies]) == [204] + [409] * 5
    assert Letter.objects.count() == 1


def test_the_same_letter_many_times_at_once_is_written_once(alice: Person) -> None:
    opener = Device(alice)
    opener.open()
    body = letter("picture", "public-key")
    assert at_once([lambda: opener.write("public-key", body) for _ in range(6)]) == [204] * 6
    assert Letter.objects.count() == 1


def test_of_many_that_open_at_once_four_do(alice: Person) -> None:
    devices = [Device(alice) for _ in range(8)]
    assert at_once([one.open for one in devices]) == [201] * 4 + [409] * 4
    assert Mailbox.objects.count() == 4
