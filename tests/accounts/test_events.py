"""Open pages hear of a new head, and of nothing that is not theirs; the socket listens to nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings as django_settings

from backupweb.asgi import application
from tests.people import Person, Thing, head

pytestmark = pytest.mark.django_db(transaction=True)


class Socket(ApplicationCommunicator):
    """One open page, as the server speaks to it."""

    def __init__(self, person: Person | None, origin: str = "http://localhost") -> None:
        headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
        if person is not None:
            headers.append((b"cookie", person.cookies.encode()))
        scope = {"type": "websocket", "path": "/ws/events", "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(application, scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output())["type"] == "websocket.accept")

    async def hears(self) -> Any:
        return json.loads((await self.receive_output())["text"])

    async def closed(self) -> bool:
        return bool((await self.receive_output())["type"] == "websocket.close")

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


async def test_a_commit_is_told_to_its_owner_only(alice: Person, bob: Person) -> None:
    hers, his = Socket(alice), Socket(bob)
    assert await hers.connect()
    assert await his.connect()
    await sync_to_async(alice.commit)(1, head())
    assert await hers.hears() == {"kind": "head", "sequence": 1}
    assert await his.receive_nothing()
    await sync_to_async(alice.commit)(1, head())  # refused
    assert await hers.receive_nothing()
    await hers.leave()
    await his.leave()


async def test_who_is_not_signed_in_hears_nothing() -> None:
    assert not await Socket(None).connect()


async def test_a_page_of_another_site_hears_nothing(alice: Person) -> None:
    assert not await Socket(alice, "https://elsewhere.example").connect()


async def test_a_session_that_was_ended_hears_nothing_more(alice: Person) -> None:
    hers = Socket(alice)
    await hers.connect()
    await sync_to_async(alice.client.session.flush)()
    from backupweb.accounts.events import announce  # noqa: PLC0415

    await sync_to_async(announce)(alice.account.pk, {"kind": "head", "sequence": 1})
    assert (await hers.receive_output())["type"] == "websocket.close"


async def test_whoever_says_something_is_shown_the_door(alice: Person) -> None:
    hers = Socket(alice)
    await hers.connect()
    await hers.send_input({"type": "websocket.receive", "text": "{}"})
    assert (await hers.receive_output())["code"] == 1008


def test_a_broken_channel_layer_does_not_undo_a_commit(alice: Person, settings: Any) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]},
        }
    }
    alice.store(thing := Thing.make("snapshot"))
    assert alice.commit(1, head(), [(thing, [])]).status_code == 201


@pytest.mark.skipif(not django_settings.SEVERAL_PROCESSES, reason="needs Redis: `make services`")
async def test_a_page_that_hears_nothing_for_long_stays_connected(alice: Person) -> None:
    hers = Socket(alice)
    assert await hers.connect()
    # Longer than the channel layer waits at a time, and than the client of Redis waits by default: both are 5 seconds.
    assert await hers.receive_nothing(timeout=11)
    await hers.leave()
