"""Whatever both sides and a stranger do in whatever order: no letter reaches the wrong side, nothing happens twice."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import get_args

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backupweb.accounts.models import Account
from backupweb.accounts.sessions import Device
from backupweb.lib.secret import SecretBytes
from backupweb.pairing import selectors, services
from backupweb.pairing.errors import MailboxTaken, NoMailbox, OutOfTurn, PairingOver, WrongSize
from backupweb.pairing.messages import PHASES, Phase, PhaseName, Side, Way
from backupweb.pairing.models import Letter, Mailbox
from tests.people import Person

ACTORS = ["opener", "joiner", "stranger", "bob"]
PHASE_NAMES: tuple[PhaseName, ...] = get_args(PhaseName)

# Those who may end it do so seldom, or few runs would come far.
ENDERS = ["stranger", "stranger", "stranger", "bob", "bob", "opener", "joiner"]
ONE_TOO_MANY_OR_FEW = [0, 0, 0, 0, 1, -1]

actions = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from(ACTORS)),
        st.tuples(
            st.just("write"),
            st.sampled_from(ACTORS),
            st.sampled_from(PHASE_NAMES),
            st.sampled_from(ONE_TOO_MANY_OR_FEW),
        ),
        # What fits next.
        st.tuples(st.just("go-on")),
        st.tuples(st.just("repeat")),
        st.tuples(st.just("read"), st.sampled_from(ACTORS)),
        st.tuples(st.just("end"), st.sampled_from(ENDERS)),
    ),
    max_size=25,
)


@dataclass
class Run:
    """What the test knows to be true of one mailbox."""

    way: Way
    mailbox: services.Place
    tokens: dict[str, SecretBytes]
    accounts: dict[str, Account]
    joined: list[str] = field(default_factory=list)
    written: list[tuple[Phase, bytes]] = field(default_factory=list)
    over: bool = False

    def side(self, actor: str) -> Side | None:
        if actor == "opener":
            return "opener"
        return "joiner" if self.joined == [actor] else None

    def join(self, actor: str) -> None:
        try:
            place = services.mailbox_join(
                account=self.accounts[actor], way=self.way, mailbox=self.mailbox.mailbox, device=session(actor)
            )
        except (NoMailbox, MailboxTaken):
            assert self.over or self.joined or actor in {"opener", "bob"}
            return
        self.tokens[actor] = place.token
        self.joined.append(actor)

    def write(self, actor: str, phase: PhaseName, more: int) -> None:
        size = next((one.size for one in PHASES[self.way] if one.name == phase), 1)
        self.put(actor, phase, secrets.token_bytes(max(0, size + more)))

    def put(self, actor: str, phase: PhaseName, body: bytes) -> None:
        place = len(self.written)
        due = PHASES[self.way][place] if place < len(PHASES[self.way]) else None
        before = {one.name: sent for one, sent in self.written}
        try:
            services.letter_write(
                account=self.accounts[actor],
                mailbox=self.mailbox.mailbox,
                token=self.tokens[actor],
                phase=phase,
                body=body,
            )
        except NoMailbox:
            assert self.side(actor) is None
        except PairingOver:
            assert self.over
        except (OutOfTurn, WrongSize):
            fits = due is not None and due.name == phase and due.size == len(body) and due.writer == self.side(actor)
            assert not fits
        else:
            if before.get(phase) == body:
                return
            assert due is not None
            assert (due.name, due.size, due.writer) == (phase, len(body), self.side(actor))
            assert not self.over
            self.written.append((due, body))

    def go_on(self) -> None:
        if len(self.written) < len(PHASES[self.way]):
            due = PHASES[self.way][len(self.written)]
            actor = "opener" if due.writer == "opener" else (self.joined or ["joiner"])[0]
            self.write(actor, due.name, 0)

    def repeat(self) -> None:
        if self.written:
            due, body = self.written[-1]
            self.put("opener" if due.writer == "opener" else self.joined[0], due.name, body)

    def read(self, actor: str) -> None:
        side = self.side(actor)
        try:
            news = selectors.news_for(self.accounts[actor], self.mailbox.mailbox, self.tokens[actor])
        except NoMailbox:
            assert side is None
            return
        assert side is not None
        others = [(phase.name, body) for phase, body in self.written if phase.writer != side]
        assert [(one.phase, one.body) for one in news.letters] == others
        assert (news.joined is not None, news.over) == (bool(self.joined), self.over)

    def end(self, actor: str) -> None:
        services.mailbox_end(account=self.accounts[actor], mailbox=self.mailbox.mailbox, token=self.tokens[actor])
        self.over = self.over or self.side(actor) is not None


def session(actor: str) -> Device:
    return Device(SessionStore(f"session-of-{actor}"), "")


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=st.sampled_from(["picture", "code"]), steps=actions)
def test_nothing_goes_astray(alice: Person, bob: Person, way: Way, steps: list[tuple[str, ...]]) -> None:
    cache.clear()
    Mailbox.objects.all().delete()
    accounts = {"opener": alice.account, "joiner": alice.account, "stranger": alice.account, "bob": bob.account}
    mailbox = services.mailbox_open(account=alice.account, way=way, device=session("opener"))
    tokens = {actor: SecretBytes(secrets.token_bytes(16)) for actor in ("joiner", "stranger")}
    # Bob has even got hold of the opener's token.
    run = Run(way, mailbox, tokens | {"opener": mailbox.token, "bob": mailbox.token}, accounts)
    for name, *rest in steps:
        getattr(run, name.replace("-", "_"))(*rest)
        kept = list(Letter.objects.order_by("pk").values_list("phase", "writer"))
        assert kept == [(phase.name, phase.writer) for phase in PHASES[way][: len(run.written)]]
        assert len(run.joined) <= 1
