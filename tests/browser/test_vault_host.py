"""The key vault on its own host: people notice nothing, and whoever takes the site has no record to guess at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.site import Site
from tests.browser import person
from tests.browser.conftest import Device
from tests.vault.relayed import VaultHost

NewDevice = Callable[..., Device]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultHost]:
    host = VaultHost(tmp_path_factory.mktemp("vault-host")).start()
    yield host
    host.kill()


@pytest.fixture(scope="module")
def site(host: VaultHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that relays to it."""
    site = Site(tmp_path_factory.mktemp("site"), BACKUPWEB_VAULT_URL=host.url, **host.identity("site")).start()
    yield site
    site.kill()


def everything_in(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.one_database
def test_a_password_opens_on_a_new_device_and_each_side_keeps_only_its_own(
    new_device: NewDevice, site: Site, host: VaultHost
) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "frederike")
    person.first_unlock(first)
    person.set_password(first)
    page = person.sign_in(second, "frederike", "/accounts/login/?next=/app/")
    page.get_by_label("Password for your chats").fill("nearly right")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("You have 9 guesses left")).to_be_visible()
    page.get_by_label("Password for your chats").fill(person.CHAT_PASSWORD)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()

    account = page.evaluate("fetch('/api/account').then(answer => answer.json())")["id"]
    state = page.evaluate(
        "fetch('/api/vault', {method: 'POST', body: JSON.stringify({kind: 'state'}), headers: {"
        "'Content-Type': 'application/json', 'X-CSRFToken': document.cookie.match(/csrftoken=([^;]+)/)[1]}})"
        ".then(answer => answer.json())"
    )
    record = state["record"]["id"]
    over_here, over_there = everything_in(site.folder), everything_in(host.folder / "data")
    assert (host.folder / "data" / "vault-keys" / "ledger.sqlite3").exists()
    for name in (record.encode(), bytes.fromhex(record)):
        assert name not in over_here
    assert record.encode() in over_there or bytes.fromhex(record) in over_there
    assert account.encode() in over_there or bytes.fromhex(account) in over_there
    logs = host.log.read_bytes()
    for secret in (person.CHAT_PASSWORD.encode(), b"nearly right"):
        assert secret not in over_here + over_there + logs
        assert not any(secret in sent for sent in first.sent + second.sent)
    # The vault knows a number, and not who that is.
    assert b"frederike" in over_here
    assert b"frederike" not in over_there + logs


@pytest.mark.one_database
def test_while_the_vault_is_down_other_ways_open_and_afterwards_nothing_is_forgotten(
    new_device: NewDevice, host: VaultHost
) -> None:
    first, second = new_device(), new_device()
    person.sign_up(first, "gustav")
    code = person.first_unlock(first)
    person.set_password(first)
    page = person.sign_in(second, "gustav", "/accounts/login/?next=/app/")
    page.get_by_label("Password for your chats").fill("nearly right")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("You have 9 guesses left")).to_be_visible()
    host.kill()
    try:
        page.get_by_label("Password for your chats").fill(person.CHAT_PASSWORD)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_text("The key vault does not answer just now")).to_be_visible()
        third = new_device()
        page = person.sign_in(third, "gustav", "/accounts/login/?next=/app/")
        page.get_by_role("textbox", name="Recovery code").fill(code)
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("heading", name="My chats")).to_be_visible()
    finally:
        host.start()
    fourth = new_device()
    page = person.sign_in(fourth, "gustav", "/accounts/login/?next=/app/")
    expect(page.get_by_text("9 of 10 guesses left")).to_be_visible()
    page.get_by_label("Password for your chats").fill(person.CHAT_PASSWORD)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="My chats")).to_be_visible()
