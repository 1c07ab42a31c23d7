"""Where nginx carries the bytes, it asks for every one of them, and nothing counts as stored before it was hashed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from django.test.utils import override_settings

from backupweb.backups.models import SealedObject
from backupweb.lib import objectstore
from backupweb.lib.objectstore.incoming import waiting_place
from bench.server.guest import Guest
from bench.server.nginx import Carrying
from bench.site import Site
from tests.people import Person, Thing
from tests.raw import Answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carried() -> Iterator[None]:
    with override_settings(BACKUPWEB_TRANSFER="nginx"):
        yield


def place(person: Person, thing: Thing, length: int | None = None, headers: dict[str, str] | None = None) -> Answer:
    told = str(len(thing.content) if length is None else length)
    return asyncio.run(person.ask("GET", f"/objects/{thing.id}/place", (), **{"x-length": told, **(headers or {})}))


def waiting(thing: Thing) -> Path:
    return waiting_place(objectstore.open_store(), SealedObject.objects.get(object_id=thing.id).store_name)


def lay_down(thing: Thing, content: bytes) -> None:
    waiting(thing).parent.mkdir(exist_ok=True)
    waiting(thing).write_bytes(content)


@pytest.mark.usefixtures("carried")
class TestWhatIsAskedBefore:
    def test_who_announced_it_may_lay_it_down(self, alice: Person) -> None:
        pack = Thing.make()
        alice.begin(pack)
        answer = place(alice, pack)
        assert (answer.status, answer.headers["x-place"]) == (204, waiting(pack).name)

    def test_nobody_else_may_and_not_more_or_less_and_not_again(self, alice: Person, bob: Person) -> None:
        pack, kept = Thing.make(), Thing.make()
        alice.begin(pack)
        alice.store(kept)
        assert place(bob, pack).status == 403
        assert place(alice, pack, length=4097).status == 403
        assert place(alice, pack, headers={"x-length": ""}).status == 403
        assert place(alice, pack, headers={"x-csrftoken": ""}).status == 403
        assert place(alice, pack, headers={"origin": "https://elsewhere.example"}).status == 403
        assert place(alice, kept).status == 403

    def test_whose_it_is_learns_where_it_lies(self, alice: Person, bob: Person) -> None:
        pack = Thing.make()
        alice.store(pack)
        name = SealedObject.objects.get(object_id=pack.id).store_name
        answer = alice.fetch(pack, range="bytes=0-9")
        assert (answer.status, answer.body) == (200, b"")
        assert answer.headers["x-accel-redirect"] == f"/stored/{name[:2]}/{name}"
        assert bob.fetch(pack).error == "backups.no_such_object"
        assert alice.fetch(pack, range="bytes=9999-").error == "backups.bad_range"


@pytest.mark.usefixtures("carried")
class TestWhatIsCheckedAfterwards:
    def test_the_right_bytes_are_stored(self, alice: Person) -> None:
        pack = Thing.make(size=3_000_000)
        alice.begin(pack)
        lay_down(pack, pack.content)
        assert alice.finish(pack) == {pack.id: "stored"}
        assert alice.finish(pack) == {pack.id: "stored"}
        assert alice.room == (3_000_000, 0)
        assert not waiting(pack).exists()

    @pytest.mark.parametrize("wrong", [b"", bytes(4096), bytes(4095), bytes(4097)])
    def test_others_are_taken_away_and_expected_again(self, alice: Person, wrong: bytes, tmp_path: Path) -> None:
        pack = Thing.make()
        alice.begin(pack)
        lay_down(pack, wrong)
        assert alice.finish(pack) == {pack.id: "expected"}
        assert list((tmp_path / "spool").iterdir()) == []
        assert alice.room == (0, 4096)

    def test_what_is_laid_down_later_changes_nothing_that_is_stored(self, alice: Person) -> None:
        pack = Thing.make()
        alice.begin(pack)
        lay_down(pack, pack.content)
        alice.finish(pack)
        lay_down(pack, bytes(4096))
        assert alice.finish(pack) == {pack.id: "stored"}
        store = objectstore.open_store()
        name = SealedObject.objects.get(object_id=pack.id).store_name
        assert b"".join(store.read(name, 0, 4096)) == pack.content

    def test_what_nobody_asks_for_is_swept_away(self, alice: Person) -> None:
        pack = Thing.make()
        alice.begin(pack)
        lay_down(pack, pack.content)
        assert objectstore.sweep(objectstore.open_store(), older_than_seconds=-1) == 1


def test_where_it_does_not_carry_it_is_told_nothing(alice: Person) -> None:
    pack = Thing.make()
    alice.begin(pack)
    assert place(alice, pack).error == "backups.no_such_object"


@pytest.mark.stores
def test_a_real_nginx_carries_and_refuses_as_the_site_would(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", BACKUPWEB_TRANSFER="nginx").start()
    try:
        with Carrying(tmp_path / "nginx", site) as nginx:
            guest, stranger = Guest.of(site), Guest.of(site)
            packs = [Thing.make(size=3_000_000) for _ in range(2)]
            facts = [pack.announcement for pack in packs]
            guest.post("/api/objects/begin", {"objects": facts})
            one, two = (f"{nginx.url}/objects/{pack.id}" for pack in packs)

            assert urllib3.request("PUT", one, body=packs[0].content, headers=guest.headers).status in {201, 204}
            assert guest.finish([packs[0].id]) == 1
            got = urllib3.request("GET", one, headers={**guest.headers, "Range": "bytes=100-199"})
            assert (got.status, got.data) == (206, packs[0].content[100:200])
            direct = urllib3.request("GET", f"{site.url}/objects/{packs[0].id}", headers=guest.headers)
            for name in ("etag", "cache-control", "content-security-policy", "cross-origin-embedder-policy"):
                assert got.headers[name] == direct.headers[name], name

            # The same again, by nobody, by somebody else, with another length, with other bytes.
            assert urllib3.request("PUT", one, body=packs[0].content, headers=guest.headers).status == 204
            assert urllib3.request("PUT", two, body=packs[1].content).status == 401
            assert urllib3.request("PUT", two, body=packs[1].content, headers=stranger.headers).status == 404
            assert urllib3.request("PUT", two, body=packs[1].content + b"x", headers=guest.headers).status == 413
            assert urllib3.request("GET", one, headers=stranger.headers).status == 404
            assert urllib3.request("GET", f"{one}/place", headers=stranger.headers).status == 403
            assert urllib3.request("GET", nginx.url + "/stored/00/" + "0" * 32).status == 404
            assert urllib3.request("PUT", two, body=bytes(3_000_000), headers=guest.headers).status in {201, 204}
            assert guest.finish([packs[1].id]) == 0
            assert len(site.stored_objects()) == 1
    finally:
        site.kill()
