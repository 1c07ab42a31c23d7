"""Past this site: browser and store move sealed bytes between themselves, and no promise gets weaker by it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from django.core.exceptions import ImproperlyConfigured
from django.test.utils import override_settings

from backupweb.backups.models import DiscardedName, SealedObject
from backupweb.lib import objectstore
from backupweb.lib.env import Environment
from backupweb.lib.headers import DIRECTIVES, directives
from backupweb.lib.objectstore.direct import direct_transfer_trouble, set_cors
from backupweb.lib.transfer import public_origin
from backupweb.ops.doctor.finding import State
from backupweb.ops.doctor.storing import bytes_go_straight
from tests.lib.stores.servers import Service, moto, rclone, seaweedfs
from tests.people import Person, Thing
from tests.raw import ask

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[[Path], AbstractContextManager[Service]]
SITE = "https://backup.example"


def settings_of(service: Service, **others: Any) -> dict[str, Any]:
    origin = f"http://{service.netloc}"
    direct = {"BACKUPWEB_TRANSFER": "direct", "BACKUPWEB_STORE_PUBLIC": origin, "BACKUPWEB_URL": SITE}
    return service.settings() | direct | others


def started(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with start(tmp_path_factory.mktemp("store")) as service:
        yield service


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A store that keeps to what was signed."""
    yield from started(seaweedfs, tmp_path_factory)


@pytest.fixture(scope="module", params=["moto", pytest.param("rclone", marks=pytest.mark.stores)])
def lax(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that does not."""
    yield from started({"moto": moto, "rclone": rclone}[request.param], tmp_path_factory)


@pytest.fixture
def direct(strict: Service) -> Iterator[None]:
    with override_settings(**settings_of(strict)):
        yield


def send(ticket: dict[str, Any], content: bytes) -> int:
    return urllib3.request("PUT", ticket["url"], body=content, headers=ticket["headers"]).status


def ticket_for(person: Person, thing: Thing) -> dict[str, Any]:
    [ticket] = person.begin(thing).json()["tickets"]
    return dict(ticket)


def addresses(person: Person, *things: Thing) -> dict[str, str]:
    answer = person.post("/api/objects/addresses", {"ids": [thing.id for thing in things]})
    assert answer.status_code == 200, answer.content
    return {one["id"]: one["url"] for one in answer.json()["addresses"]}


@pytest.mark.stores
@pytest.mark.usefixtures("direct")
class TestAStoreThatKeepsToWhatWasSigned:
    def test_takes_what_was_announced_and_gives_it_back(self, alice: Person, tmp_path: Path) -> None:
        pack = Thing.make(size=3_000_000)
        ticket = ticket_for(alice, pack)
        assert ticket["fallback"] == f"/objects/{pack.id}"
        assert not {name.lower() for name in ticket["headers"]} & {"x-csrftoken", "cookie", "content-length"}
        assert alice.finish(pack) == {pack.id: "expected"}
        assert send(ticket, pack.content) == 200
        assert alice.finish(pack) == {pack.id: "stored"}
        assert alice.room == (3_000_000, 0)
        [address] = addresses(alice, pack).values()
        answer = urllib3.request("GET", address, headers={"Range": "bytes=100-199"})
        assert (answer.status, answer.data) == (206, pack.content[100:200])
        assert not any(path.is_file() for path in (tmp_path / "spool").rglob("*"))

    @pytest.mark.parametrize("wrong", [bytes(4096), bytes(4097), bytes(4095), b""])
    def test_takes_nothing_else(self, alice: Person, wrong: bytes) -> None:
        pack = Thing.make()
        ticket = ticket_for(alice, pack)
        assert send(ticket, wrong) >= 400
        assert alice.finish(pack) == {pack.id: "expected"}
        assert alice.room == (0, 4096)
        assert send(ticket, pack.content) == 200

    def test_takes_it_under_no_other_name_and_no_other_headers(self, alice: Person) -> None:
        pack, other = Thing.make(), Thing.make()
        ticket = ticket_for(alice, pack)
        ticket_for(alice, other)
        mine, others = (SealedObject.objects.get(object_id=one.id).store_name for one in (pack, other))
        moved = {**ticket, "url": ticket["url"].replace(f"{mine[:2]}/{mine}", f"{others[:2]}/{others}")}
        assert send(moved, pack.content) == 403
        assert send({**ticket, "headers": {}}, pack.content) == 403

    def test_a_ticket_that_is_left_over_changes_nothing(self, alice: Person) -> None:
        pack = Thing.make()
        ticket = ticket_for(alice, pack)
        send(ticket, pack.content)
        alice.finish(pack)
        assert send(ticket, bytes(4096)) >= 400
        [address] = addresses(alice, pack).values()
        assert urllib3.request("GET", address).data == pack.content

    def test_what_was_given_up_is_not_counted_and_its_bytes_are_remembered(self, alice: Person) -> None:
        pack = Thing.make()
        ticket = ticket_for(alice, pack)
        alice.abandon(pack)
        send(ticket, pack.content)
        assert alice.finish(pack) == {}
        assert alice.room == (0, 0)
        assert DiscardedName.objects.count() == 1  # the collector looks there once more

    def test_the_way_through_this_site_stays_open(self, alice: Person) -> None:
        pack = Thing.make()
        ticket_for(alice, pack)
        assert alice.put(pack).status == 204
        assert alice.finish(pack) == {pack.id: "stored"}
        assert alice.fetch(pack, range="bytes=5-9").body == pack.content[5:10]

    def test_addresses_are_for_their_owner_and_for_what_is_stored(self, alice: Person, bob: Person) -> None:
        kept, expected = Thing.make(), Thing.make()
        alice.store(kept)
        alice.begin(expected)
        assert set(addresses(alice, kept, expected)) == {kept.id}
        assert addresses(bob, kept) == {}
        alice.account.is_active = False
        alice.account.save()
        assert alice.post("/api/objects/addresses", {"ids": [kept.id]}).status_code == 401

    def test_doctor_sees_what_other_sites_may_do_and_mends_it(self, strict: Service) -> None:
        assert direct_transfer_trouble() == ["direct.cors_too_wide"]  # SeaweedFS lets everybody, unless it is told
        [finding] = bytes_go_straight()
        assert finding.state is State.CARE
        assert "--fix" in finding.next
        set_cors()
        assert direct_transfer_trouble() == []
        [finding] = bytes_go_straight()
        assert finding.state is State.WELL
        with override_settings(BACKUPWEB_URL="https://another.example"):
            assert direct_transfer_trouble() == ["direct.cors"]
        with override_settings(**settings_of(strict, BACKUPWEB_STORE_PUBLIC="http://127.0.0.1:9")):
            assert direct_transfer_trouble() == ["direct.unreachable"]


def test_a_store_that_takes_anything_is_not_written_to_past_this_site(alice: Person, lax: Service) -> None:
    pack = Thing.make()
    with override_settings(**settings_of(lax)):
        ticket = ticket_for(alice, pack)
        assert (ticket["url"], ticket["fallback"]) == (f"/objects/{pack.id}", None)
        assert alice.put(pack).status == 204
        assert alice.finish(pack) == {pack.id: "stored"}
        assert direct_transfer_trouble() == ["direct.not_enforced"]
        # Reading past this site needs no trust: whatever comes is opened, or refused, by the browser.
        [address] = addresses(alice, pack).values()
        assert urllib3.request("GET", address).data == pack.content


def test_bytes_for_a_store_elsewhere_do_not_lie_here_first(alice: Person, lax: Service, tmp_path: Path) -> None:
    pack = Thing.make(size=3_000_000)
    with override_settings(**lax.settings()):
        alice.begin(pack)
        assert alice.put(pack).status == 204
        assert alice.fetch(pack).body == pack.content
    assert not (tmp_path / "spool").exists()


def test_wrong_bytes_never_reach_a_name_of_a_store_elsewhere(alice: Person, lax: Service) -> None:
    pack = Thing.make(size=3_000_000)
    with override_settings(**lax.settings()):
        alice.begin(pack)
        assert alice.put(pack, secrets.token_bytes(3_000_000)).error == "backups.wrong_hash"
        assert objectstore.open_store().size(SealedObject.objects.get(object_id=pack.id).store_name) is None
        headers = {"cookie": alice.cookies, "x-csrftoken": alice.token}
        body = [pack.content[:1_500_000], pack.content[1_500_000:2_900_000]]
        asyncio.run(ask("PUT", f"/objects/{pack.id}", body, headers, cut_off=True))
        assert objectstore.open_store().size(SealedObject.objects.get(object_id=pack.id).store_name) is None
        assert alice.put(pack).status == 204


def test_where_bytes_come_through_this_site_there_are_no_other_addresses(alice: Person) -> None:
    pack = Thing.make()
    alice.store(pack)
    answer = alice.post("/api/objects/addresses", {"ids": [pack.id]}).json()
    assert answer == {"direct": False, "seconds": 0, "addresses": []}
    assert ticket_for(alice, pack)["fallback"] is None


def test_pages_may_talk_to_exactly_that_store() -> None:
    policy = directives("https://store.example")
    assert policy["connect-src"] == ["'self'", "https://store.example"]
    assert {name: sources for name, sources in policy.items() if name != "connect-src"} == {
        name: sources for name, sources in DIRECTIVES.items() if name != "connect-src"
    }
    with override_settings(BACKUPWEB_STORE_PUBLIC="https://store.example"):
        answer = asyncio.run(ask("GET", "/objects/x", [], {}))
    assert "connect-src 'self' https://store.example;" in answer.headers["content-security-policy"] + ";"


@pytest.mark.parametrize(
    ("transfer", "store", "named", "found"),
    [
        ("proxy", "file:///packs", "", None),
        ("nginx", "file:///packs", "", None),
        ("direct", "s3://b/p?endpoint=https://s3.example:9000", "", "https://s3.example:9000"),
        ("direct", "s3://b/p?endpoint=http://inside:8333", "https://s3.example", "https://s3.example"),
        ("direct", "s3://b?region=eu-central-1", "", "https://s3.eu-central-1.amazonaws.com"),
    ],
)
def test_the_public_origin_is_the_stores_own_unless_it_is_named(
    transfer: str, store: str, named: str, found: str | None
) -> None:
    assert public_origin(Environment({"BACKUPWEB_STORE_PUBLIC": named}), transfer, store) == found


@pytest.mark.parametrize(
    ("transfer", "store", "named"),
    [
        ("direct", "file:///packs", ""),
        ("nginx", "s3://b?endpoint=https://s3.example", ""),
        ("proxy", "file:///packs", "https://s3.example"),
        ("direct", "s3://b?endpoint=https://s3.example/path", ""),
    ],
)
def test_a_way_that_does_not_fit_the_store_stops_the_start(transfer: str, store: str, named: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        public_origin(Environment({"BACKUPWEB_STORE_PUBLIC": named}), transfer, store)
