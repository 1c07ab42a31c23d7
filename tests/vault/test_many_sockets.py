"""Two hundred real sockets at once, against a real server: at most ten guesses are given out, and then it is over."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from bench.site import Site
from tests.vault.device import STATE, Spoken, carry_over, enrol, first_message

SIGN_UP = """
from django.test import Client
from backupweb.accounts.models import Account
client, account = Client(), Account.objects.create_user(username={name!r})
client.force_login(account, "allauth.account.auth_backends.AuthenticationBackend")
print(client.cookies["sessionid"].value)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site")).start()
    yield site
    site.kill()


def signed_up(site: Site) -> str:
    """The session of somebody new."""
    return site.manage("shell", "--verbosity", "0", "-c", SIGN_UP.format(name=f"alice-{secrets.token_hex(4)}")).strip()


def socket_of(site: Site, session: str, origin: str | None = None) -> connect:
    return connect(
        f"ws://localhost:{site.port}/ws/vault",
        origin=Origin(origin or site.url),
        additional_headers={"Cookie": f"sessionid={session}"},
        open_timeout=60,
    )


async def say(socket: ClientConnection, message: Spoken) -> Spoken:
    await socket.send(json.dumps(message))
    answer: Spoken = json.loads(await socket.recv())
    return answer


async def test_two_hundred_sockets_get_no_more_than_ten_guesses(site: Site) -> None:
    session = await asyncio.to_thread(signed_up, site)
    async with socket_of(site, session) as first:
        await carry_over(enrol(), lambda message: say(first, message))
        gate = asyncio.Event()

        async def attempt() -> str:
            async with socket_of(site, session) as socket:
                await gate.wait()
                answer = await say(socket, first_message())
                return str(answer["kind"] if answer["kind"] != "refused" else answer["error"]["code"])

        attempts = [asyncio.create_task(attempt()) for _ in range(200)]
        await asyncio.sleep(0.5)
        gate.set()
        told = Counter(await asyncio.gather(*attempts))
        state = await say(first, STATE)
    # A guess that is overtaken by the last one is spent and not answered: never more than ten, perhaps fewer.
    assert 1 <= told["login-answer"] <= 10, told
    assert told.total() == 200
    assert set(told) <= {"login-answer", "vault.erased", "http.too_many_requests"}
    assert (state["record"], state["left"], state["tombstone"]["guesses"]) == (None, 0, 10)


async def test_a_page_of_another_site_is_refused_by_the_real_server(site: Site) -> None:
    session = await asyncio.to_thread(signed_up, site)
    with pytest.raises(InvalidStatus):
        async with socket_of(site, session, "https://elsewhere.example"):
            pass
    with pytest.raises(InvalidStatus):
        async with socket_of(site, "nobody's session"):
            pass


async def test_a_socket_that_breaks_after_the_answer_has_cost_its_guess(site: Site) -> None:
    session = await asyncio.to_thread(signed_up, site)
    async with socket_of(site, session) as first:
        await carry_over(enrol(), lambda message: say(first, message))
    for left in (9, 8):
        async with socket_of(site, session) as broken:
            assert (await say(broken, first_message()))["left"] == left
            broken.transport.abort()
    async with socket_of(site, session) as last:
        assert (await say(last, STATE))["left"] == 8
