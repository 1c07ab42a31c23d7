"""The pairing socket tells what `read` tells, at once and whenever it changes, and only to who may read it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator

from backupweb.asgi import application
from backupweb.pairing import consumers
from backupweb.pairing.models import Mailbox
from tests.pairing.devices import Device
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)


class Socket(ApplicationCommunicator):
    """One side's socket."""

    def __init__(self, device: Device, mailbox: str | None = None, token: str | None = None) -> None:
        path = f"/ws/pairing/{mailbox or device.mailbox}"
        headers = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
        headers.append((b"cookie", device.person.cookies.encode()))
        query = f"token={device.token if token is None else token}".encode()
        scope = {"type": "websocket", "path": path, "query_string": query, "headers": headers, "subprotocols": []}
        super().__init__(application, scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output())["type"] == "websocket.accept")

    async def hears(self) -> Any:
        return json.loads((await self.receive_output(timeout=5))["text"])

    async def is_closed(self) -> bool:
        return bool((await self.receive_output(timeout=5))["type"] == "websocket.close")

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


class Pair:
    """Two devices of Alice, one of which has opened a mailbox."""

    def __init__(self, alice: Person) -> None:
        self.opener, self.joiner = Device(alice, "Chrome"), Device(alice)
        self.opener.open()


@pytest.fixture
def pair(alice: Person) -> Pair:
    return Pair(alice)


async def test_both_sides_hear_what_the_other_does(pair: Pair) -> None:
    hers = Socket(pair.opener)
    assert await hers.connect()
    assert await hers.hears() == {"letters": [], "joined": None, "over": False}
    await sync_to_async(pair.joiner.join)()
    assert (await hers.hears())["joined"] == "Firefox, Linux"
    other = Socket(pair.joiner)
    await other.connect()
    assert (await other.hears())["letters"] == []
    await sync_to_async(pair.opener.write)("public-key")
    assert [one["phase"] for one in (await other.hears())["letters"]] == ["public-key"]
    assert await hers.receive_nothing()
    await sync_to_async(pair.joiner.end)()
    assert (await hers.hears())["over"] is True
    assert await hers.is_closed()
    assert (await other.hears())["over"] is True
    assert await other.is_closed()


async def test_it_closes_when_the_time_is_up(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "LOOKS_EVERY", 0.05)
    hers = Socket(pair.opener)
    await hers.connect()
    await hers.hears()
    await sync_to_async(Mailbox.objects.update)(expires="2026-01-01T00:00:00Z")
    assert (await hers.hears())["over"] is True
    assert await hers.is_closed()


@pytest.mark.parametrize("layers", [{}, {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}])
async def test_news_that_the_channel_layer_loses_come_a_little_later(
    pair: Pair, layers: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHANNEL_LAYERS = layers
    monkeypatch.setattr(consumers, "LOOKS_EVERY", 0.05)
    monkeypatch.setattr("backupweb.pairing.services.announce", lambda mailbox: None)
    hers = Socket(pair.opener)
    assert await hers.connect()
    await hers.hears()
    await sync_to_async(pair.joiner.join)()
    assert (await hers.hears())["joined"] == "Firefox, Linux"
    await hers.leave()


async def test_a_session_that_was_ended_hears_nothing_more(pair: Pair) -> None:
    hers = Socket(pair.opener)
    await hers.connect()
    await hers.hears()
    await sync_to_async(pair.opener.person.client.session.flush)()
    await sync_to_async(pair.joiner.join)()
    assert await hers.is_closed()


async def test_a_stranger_does_not_come_in(pair: Pair, alice: Person, bob: Person) -> None:
    his = await sync_to_async(Device)(bob)
    others = [
        Socket(his, pair.opener.mailbox, pair.opener.token),
        Socket(pair.joiner, pair.opener.mailbox, "A" * 22),
        Socket(pair.joiner, pair.opener.mailbox, "?"),
        Socket(pair.opener, "0" * 32),
    ]
    for socket in others:
        assert not await socket.connect()


async def test_nobody_has_anything_to_say_there(pair: Pair) -> None:
    hers = Socket(pair.opener)
    await hers.connect()
    await hers.hears()
    await hers.send_input({"type": "websocket.receive", "text": "{}"})
    assert (await hers.receive_output())["code"] == 1008


async def test_a_fault_closes_it_so_that_the_device_asks(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "LOOKS_EVERY", 0.05)
    hers = Socket(pair.opener)
    await hers.connect()
    await hers.hears()

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("backupweb.pairing.selectors.news_for", fails)
    assert await hers.is_closed()
