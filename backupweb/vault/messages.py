"""What a client and the vault say to each other: shapes and sizes (docs/vault.md §4), the same by every way."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from backupweb.lib.wire import Bytes, HexId, Wire

LARGEST_FRAME = 4096

Request = Annotated[Bytes, Field(min_length=32, max_length=32)]
Response = Annotated[Bytes, Field(min_length=64, max_length=64)]
Upload = Annotated[Bytes, Field(min_length=192, max_length=192)]
Ke1 = Annotated[Bytes, Field(min_length=96, max_length=96)]
Ke2 = Annotated[Bytes, Field(min_length=320, max_length=320)]
Ke3 = Annotated[Bytes, Field(min_length=64, max_length=64)]
Parameters = Annotated[Bytes, Field(min_length=7, max_length=7)]
SealedSlot = Annotated[Bytes, Field(min_length=61, max_length=61)]

# ---------------------------------------------------------------- what a client says


class AskState(Wire):
    """How the account's password stands."""

    kind: Literal["state"]


class EnrolBegin(Wire):
    """The client's registration request."""

    kind: Literal["enrol-begin"]
    request: Request


class EnrolUpload(Wire):
    """The client's registration record, and the root key sealed under the export key."""

    kind: Literal["enrol-upload"]
    exchange: HexId
    upload: Upload
    parameters: Parameters
    sealed: SealedSlot


class LoginBegin(Wire):
    """KE1, against the record in use (`record` null) or against a pending one."""

    kind: Literal["login-begin"]
    ke1: Ke1
    record: HexId | None


class LoginFinish(Wire):
    """KE3."""

    kind: Literal["login-finish"]
    exchange: HexId
    ke3: Ke3


class Remove(Wire):
    """Takes the record away."""

    kind: Literal["remove"]
    record: HexId


Message = AskState | EnrolBegin | EnrolUpload | LoginBegin | LoginFinish | Remove
Said = Annotated[Message, Field(discriminator="kind")]
read_message: TypeAdapter[Message] = TypeAdapter(Said)

# ---------------------------------------------------------------- what the vault answers


class RecordFacts(Wire):
    """The record in use."""

    id: HexId
    parameters: Parameters
    created: datetime


class TombstoneFacts(Wire):
    """What guesses destroyed, when, and how many there were."""

    at: datetime
    guesses: int


class State(Wire):
    """How the account's password stands."""

    kind: Literal["state"] = "state"
    record: RecordFacts | None
    left: int
    of: int
    tombstone: TombstoneFacts | None


class EnrolResponse(Wire):
    """The vault's registration response, and the id the record will have."""

    kind: Literal["enrol-response"] = "enrol-response"
    exchange: HexId
    record: HexId
    response: Response


class EnrolStored(Wire):
    """The record is kept as pending: now prove it."""

    kind: Literal["enrol-stored"] = "enrol-stored"
    record: HexId


class LoginAnswer(Wire):
    """KE2, and how many guesses are left after this one."""

    kind: Literal["login-answer"] = "login-answer"
    exchange: HexId
    record: HexId
    parameters: Parameters
    ke2: Ke2
    left: int


class Opened(Wire):
    """KE3 held: the sealed slot. `enrolled`: the pending record is in use now. `erased`: it was the last guess."""

    kind: Literal["opened"] = "opened"
    sealed: SealedSlot
    left: int
    enrolled: bool
    erased: bool


Answer = State | EnrolResponse | EnrolStored | LoginAnswer | Opened
Answered = Annotated[Answer, Field(discriminator="kind")]
read_answer: TypeAdapter[Answer] = TypeAdapter(Answered)

# ---------------------------------------------------------------- what the site itself says to a vault on its own host


class AskUntold(Wire):
    """Whether guesses erased the record, and the person has not been told yet."""

    kind: Literal["untold"]


class Told(Wire):
    """The person has been told."""

    kind: Literal["told"]


class Drop(Wire):
    """The account is gone: so goes everything of it."""

    kind: Literal["drop"]


class AskAccounts(Wire):
    """Which accounts the vault knows, in order, after the one that the message is sent for."""

    kind: Literal["accounts"]


class Untold(Wire):
    """How many guesses erased the record; null: there is nothing to tell."""

    kind: Literal["untold"] = "untold"
    guesses: int | None


class Noted(Wire):
    """It is done."""

    kind: Literal["noted"] = "noted"


class Accounts(Wire):
    """At most a thousand; none: those were all."""

    kind: Literal["accounts"] = "accounts"
    accounts: list[HexId]


Errand = AskUntold | Told | Drop | AskAccounts
Reply = Untold | Noted | Accounts


class Relayed(Wire):
    """What a vault on its own host takes. A client cannot send errands: the site reads its messages as `Said`."""

    account: HexId
    message: Annotated[Message | Errand, Field(discriminator="kind")]


RelayedAnswer = Annotated[Answer | Reply, Field(discriminator="kind")]
read_relayed_answer: TypeAdapter[Answer | Reply] = TypeAdapter(RelayedAnswer)
