"""A device that speaks with the vault, whatever carries its messages: each conversation yields what it says."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import opaque_snake
from asgiref.testing import ApplicationCommunicator

from backupweb.asgi import application
from backupweb.lib.wire import read_bytes, write_bytes
from tests.people import Person

Spoken = dict[str, Any]
Result = TypeVar("Result")
Talk = Generator[Spoken, Spoken, Result]

PARAMETERS = bytes([1, 0, 1, 0, 0, 3, 4])  # scheme 1, 65,536 KiB, 3 passes, 4 lanes
PASSWORD = "correct horse battery staple"
STATE: Spoken = {"kind": "state"}


@dataclass(frozen=True)
class RefusedError(Exception):
    """The vault said no."""

    code: str
    params: dict[str, int]


def expect(answer: Spoken, kind: str) -> Spoken:
    """The answer, if it is of this kind."""
    if answer["kind"] == "refused":
        raise RefusedError(answer["error"]["code"], answer["error"].get("params", {}))
    assert answer["kind"] == kind, answer
    return answer


def first_message(record: str | None = None, password: str = PASSWORD) -> Spoken:
    """A login-begin, which costs a guess when it is answered."""
    ke1, _ = opaque_snake.OpaqueClient().start_login(password)
    return {"kind": "login-begin", "ke1": write_bytes(ke1.to_bytes()), "record": record}


def enrol(password: str = PASSWORD) -> Talk[str]:
    """Sets the password and proves it; the record's id."""
    client = opaque_snake.OpaqueClient()
    request, state = client.start_registration(password)
    begun = expect((yield {"kind": "enrol-begin", "request": write_bytes(request.to_bytes())}), "enrol-response")
    response = opaque_snake.RegistrationResponse.from_bytes(read_bytes(begun["response"]))
    result = client.finish_registration(response, state, password)
    sealed = write_bytes(secrets.token_bytes(61))
    upload = {
        "kind": "enrol-upload",
        "exchange": begun["exchange"],
        "upload": write_bytes(result.upload.to_bytes()),
        "parameters": write_bytes(PARAMETERS),
        "sealed": sealed,
    }
    record = str(expect((yield upload), "enrol-stored")["record"])
    opened = yield from log_in(password, record)
    assert opened is not None
    assert (opened["enrolled"], opened["sealed"]) == (True, sealed)
    return record


def log_in(password: str = PASSWORD, record: str | None = None) -> Talk[Spoken | None]:
    """What opens, or None when the client sees that the password is wrong, and says nothing more."""
    client = opaque_snake.OpaqueClient()
    ke1, state = client.start_login(password)
    begin = {"kind": "login-begin", "ke1": write_bytes(ke1.to_bytes()), "record": record}
    answered = expect((yield begin), "login-answer")
    response = opaque_snake.CredentialResponse.from_bytes(read_bytes(answered["ke2"]))
    try:
        result = client.finish_login(response, state, password)
    except opaque_snake.OpaqueError:
        return None
    ke3 = write_bytes(result.finalization.to_bytes())
    finish = {"kind": "login-finish", "exchange": answered["exchange"], "ke3": ke3}
    return expect((yield finish), "opened")


def carry(talk: Talk[Result], say: Callable[[Spoken], Spoken]) -> Result:
    """Runs a conversation over whatever answers at once."""
    try:
        said = next(talk)
        while True:
            said = talk.send(say(said))
    except StopIteration as end:
        result: Result = end.value
        return result


async def carry_over(talk: Talk[Result], say: Callable[[Spoken], Awaitable[Spoken]]) -> Result:
    """The same over a socket."""
    try:
        said = next(talk)
        while True:
            said = talk.send(await say(said))
    except StopIteration as end:
        result: Result = end.value
        return result


def by_http(person: Person) -> Callable[[Spoken], Spoken]:
    """Messages one by one over HTTP."""

    def say(message: Spoken) -> Spoken:
        answer = person.post("/api/vault", message)
        body: Spoken = answer.json()
        return body if answer.status_code == 200 else {"kind": "refused", **body}

    return say


class VaultSocket(ApplicationCommunicator):
    """One conversation over `/ws/vault`, as the server hears it."""

    def __init__(self, person: Person | None, origin: str = "http://localhost", **headers: str) -> None:
        told = {"origin": origin, "host": "localhost", **headers}
        if person is not None:
            told["cookie"] = person.cookies + told.get("cookie", "")
        scope = {
            "type": "websocket",
            "path": "/ws/vault",
            "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()],
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(5))["type"] == "websocket.accept")

    async def push(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def say(self, message: Spoken) -> Spoken:
        await self.push(json.dumps(message))
        return await self.hear()

    async def hear(self) -> Spoken:
        heard: Spoken = json.loads((await self.receive_output(20))["text"])
        return heard

    async def closed(self, seconds: float = 5) -> int:
        """The code with which the server hung up."""
        heard = await self.receive_output(seconds)
        assert heard["type"] == "websocket.close", heard
        return int(heard.get("code", 1000))

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()
