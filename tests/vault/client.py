"""A whole client of the vault: it enrols and logs in through the services, by the library's own client half."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import opaque_snake as library

from backupweb.vault import services
from backupweb.vault.ledger import ledger
from backupweb.vault.messages import (
    Answer,
    AskState,
    EnrolBegin,
    EnrolResponse,
    EnrolStored,
    EnrolUpload,
    LoginAnswer,
    LoginBegin,
    LoginFinish,
    Message,
    Opened,
    Remove,
    State,
)

# The library's client half knows one set of costs; these parameters are only carried along.
PARAMETERS = bytes.fromhex("01" + "00010000" + "03" + "04")
WRONG = "not this one"


@dataclass(frozen=True)
class Begun:
    """A login between KE2 and KE3."""

    answer: LoginAnswer
    ke1: bytes
    state: library.ClientLoginState
    password: str

    def prove(self) -> LoginFinish:
        """KE3; raises the library's `AuthenticationError` where the password is wrong."""
        response = library.CredentialResponse.from_bytes(self.answer.ke2)
        result = library.OpaqueClient().finish_login(response, self.state, self.password)
        return LoginFinish(kind="login-finish", exchange=self.answer.exchange, ke3=result.finalization.to_bytes())

    def fake(self) -> LoginFinish:
        """A KE3 that proves nothing."""
        return LoginFinish(kind="login-finish", exchange=self.answer.exchange, ke3=secrets.token_bytes(64))


@dataclass
class VaultClient:
    """One account's client."""

    account: UUID = field(default_factory=uuid4)
    slot: bytes = field(default_factory=lambda: secrets.token_bytes(61))

    def say(self, message: Message) -> Answer:
        return services.answer(self.account, message)

    def state(self) -> State:
        answer = self.say(AskState(kind="state"))
        assert isinstance(answer, State)
        return answer

    def upload(self, password: str) -> EnrolStored:
        """Enrols as far as a pending record."""
        client = library.OpaqueClient()
        request, state = client.start_registration(password)
        response = self.say(EnrolBegin(kind="enrol-begin", request=request.to_bytes()))
        assert isinstance(response, EnrolResponse)
        read = library.RegistrationResponse.from_bytes(response.response)
        upload = client.finish_registration(read, state, password).upload.to_bytes()
        stored = self.say(
            EnrolUpload(
                kind="enrol-upload",
                exchange=response.exchange,
                upload=upload,
                parameters=PARAMETERS,
                sealed=self.slot,
            )
        )
        assert isinstance(stored, EnrolStored)
        assert stored.record == response.record
        return stored

    def begin(self, password: str, record: UUID | None = None) -> Begun:
        """A login as far as KE2."""
        request, state = library.OpaqueClient().start_login(password)
        ke1 = request.to_bytes()
        answer = self.say(LoginBegin(kind="login-begin", ke1=ke1, record=record))
        assert isinstance(answer, LoginAnswer)
        return Begun(answer, ke1, state, password)

    def finish(self, message: LoginFinish) -> Opened:
        answer = self.say(message)
        assert isinstance(answer, Opened)
        return answer

    def enrol(self, password: str) -> UUID:
        """A whole enrolment with its proof."""
        record = self.upload(password).record
        opened = self.finish(self.begin(password, record).prove())
        assert (opened.enrolled, opened.sealed) == (True, self.slot)
        return record

    def login(self, password: str) -> Opened:
        """A whole login."""
        return self.finish(self.begin(password).prove())

    def guess_wrong(self, times: int = 1) -> None:
        """So many KE2 that nobody can use: what a wrong password costs, without its Argon2."""
        for _ in range(times):
            self.begin(WRONG)

    def tries(self, record: UUID) -> int | None:
        """What the ledger alone says."""
        return ledger().left(account=self.account, record=record)

    def remove(self, record: UUID) -> State:
        answer = self.say(Remove(kind="remove", record=record))
        assert isinstance(answer, State)
        return answer
