"""What a person of the cast can do: ask the API, send an object, commit."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.test import Client

from backupweb.accounts.models import Account, Quota
from backupweb.backups.models import SealedObject
from backupweb.lib.wire import write_bytes
from tests.raw import Answer, ask

PASSWORD = "a sign-in password 7"


@dataclass(frozen=True)
class Thing:
    """A sealed object and its bytes."""

    id: str
    kind: str
    content: bytes

    @classmethod
    def make(cls, kind: str = "pack", size: int = 4096) -> Thing:
        return cls(secrets.token_hex(16), kind, secrets.token_bytes(size))

    @property
    def announcement(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


class Person:
    """Somebody with an account and an open session."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.token = "a" * 32
        self.client.cookies["csrftoken"] = self.token

    @classmethod
    def named(cls, name: str) -> Person:
        return cls(Account.objects.create_user(username=name, email=f"{name}@example.org", password=PASSWORD))

    # ------------------------------------------------------------ the API

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def post(self, address: str, body: object) -> Any:
        return self.client.post(address, json.dumps(body), "application/json", headers={"X-CSRFToken": self.token})

    def delete(self, address: str) -> Any:
        return self.client.delete(address, headers={"X-CSRFToken": self.token})

    def begin(self, *things: Thing) -> Any:
        return self.post("/api/objects/begin", {"objects": [thing.announcement for thing in things]})

    def finish(self, *things: Thing) -> dict[str, str]:
        answer = self.post("/api/objects/finish", {"ids": [thing.id for thing in things]})
        assert answer.status_code == 200, answer.content
        return {one["id"]: one["state"] for one in answer.json()["objects"]}

    def abandon(self, *things: Thing) -> int:
        answer = self.post("/api/abandon", {"ids": [thing.id for thing in things]})
        assert answer.status_code == 200, answer.content
        return int(answer.json()["abandoned"])

    def commit(
        self,
        sequence: int,
        sealed: bytes,
        add: Iterable[tuple[Thing, Sequence[Thing]]] = (),
        remove: Iterable[Thing] = (),
    ) -> Any:
        body = {
            "sequence": sequence,
            "sealed": write_bytes(sealed),
            "add": [{"snapshot": snapshot.id, "objects": [one.id for one in needed]} for snapshot, needed in add],
            "remove": [one.id for one in remove],
        }
        return self.post("/api/commit", body)

    # ------------------------------------------------------------ the raw application

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items())

    async def ask(self, method: str, address: str, body: Sequence[bytes] = (), **headers: str) -> Answer:
        mine = {"cookie": self.cookies, "x-csrftoken": self.token, **headers}
        return await ask(method, address, body, mine)

    def put(self, thing: Thing, content: bytes | None = None) -> Answer:
        return asyncio.run(self.ask("PUT", f"/objects/{thing.id}", [thing.content if content is None else content]))

    def fetch(self, thing: Thing, **headers: str) -> Answer:
        return asyncio.run(self.ask("GET", f"/objects/{thing.id}", (), **headers))

    def store(self, *things: Thing) -> None:
        """Announces and puts."""
        answer = self.begin(*things)
        assert answer.status_code == 200, answer.content
        for thing in things:
            assert self.put(thing).status == 204

    # ------------------------------------------------------------ the truth

    @property
    def room(self) -> tuple[int, int]:
        """Bytes used and reserved, as the quota says; held against the rows."""
        quota = Quota.objects.of(self.account)
        rows = SealedObject.objects.visible_to(self.account)
        used = sum(row.size for row in rows if row.state == "stored")
        reserved = sum(row.size for row in rows if row.state == "expected")
        assert (quota.used, quota.reserved) == (used, reserved)
        return quota.used, quota.reserved

    def limit_to(self, size: int) -> None:
        Quota.objects.of(self.account)
        Quota.objects.filter(account=self.account).update(limit=size)


def head(text: str = "") -> bytes:
    """Bytes that pass for a sealed head."""
    return hashlib.sha256(text.encode()).digest() * 128 if text else secrets.token_bytes(4096)
