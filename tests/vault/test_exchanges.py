"""An exchange: for a minute, for one account, used once, and never so many that memory runs full."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from backupweb.lib.secret import SecretBytes
from backupweb.vault import exchanges as room
from backupweb.vault.errors import ExchangeGone
from backupweb.vault.exchanges import AT_MOST, LIFETIME, PER_ACCOUNT, Enrolling, Exchanges, LoggingIn
from tests.vault.processes import in_threads, start

ALICE, BOB = uuid4(), uuid4()


class Clock:
    """A stopped clock."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def enrolling(account: UUID = ALICE) -> Enrolling:
    return Enrolling(account, uuid4(), SecretBytes(bytes(128)))


def test_it_is_used_once() -> None:
    found = Exchanges()
    exchange = enrolling()
    name = found.open(exchange)
    assert found.take(name, ALICE, Enrolling) is exchange
    with pytest.raises(ExchangeGone):
        found.take(name, ALICE, Enrolling)


def test_of_many_that_take_it_at_once_one_gets_it() -> None:
    found = Exchanges()
    name = found.open(enrolling())

    def taken() -> bool:
        try:
            found.take(name, ALICE, Enrolling)
        except ExchangeGone:
            return False
        return True

    assert sum(in_threads(200, taken, at_once=20)) == 1


def test_another_account_and_another_kind_neither_get_it_nor_end_it() -> None:
    found = Exchanges()
    name = found.open(enrolling())
    for account, kind in ((BOB, Enrolling), (ALICE, LoggingIn)):
        with pytest.raises(ExchangeGone):
            found.take(name, account, kind)  # type: ignore[type-var]
    assert found.take(name, ALICE, Enrolling)


def test_it_lives_for_a_minute() -> None:
    clock = Clock()
    found = Exchanges(clock)
    early, late = found.open(enrolling()), found.open(enrolling())
    clock.now = LIFETIME - 0.001
    assert found.take(early, ALICE, Enrolling)
    clock.now = LIFETIME
    with pytest.raises(ExchangeGone):
        found.take(late, ALICE, Enrolling)
    assert len(found) == 0


def test_an_account_s_oldest_makes_room_and_nobody_else_s() -> None:
    found = Exchanges()
    bobs = found.open(enrolling(BOB))
    names = [found.open(enrolling()) for _ in range(PER_ACCOUNT + 1)]
    with pytest.raises(ExchangeGone):
        found.take(names[0], ALICE, Enrolling)
    assert found.take(names[1], ALICE, Enrolling)
    assert found.take(bobs, BOB, Enrolling)


def test_a_process_holds_only_so_many() -> None:
    found = Exchanges()
    for _ in range(AT_MOST + 50):
        found.open(enrolling(uuid4()))
    assert len(found) == AT_MOST


def test_a_forked_child_has_none_of_its_parent_s() -> None:
    name = room.exchanges.open(enrolling())

    def look(mark: object) -> None:
        assert callable(mark)
        try:
            room.exchanges.take(name, ALICE, Enrolling)
        except ExchangeGone:
            mark()

    assert start(look).wait().marks == 1
    assert room.exchanges.take(name, ALICE, Enrolling)
