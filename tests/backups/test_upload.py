"""A body is kept exactly when its length and hash are the announced ones; what was cut off leaves nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backupweb.backups import services
from backupweb.backups.errors import NoSuchObject
from backupweb.lib import objectstore
from tests.people import Person, Thing
from tests.raw import ask

pytestmark = pytest.mark.django_db(transaction=True)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "db.sqlite3" not in path.name]


def test_what_was_announced_is_kept(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make(size=3_000_000)
    alice.begin(pack)
    assert alice.put(pack).status == 204
    assert alice.finish(pack) == {pack.id: "stored"}
    assert [path.read_bytes() for path in files(tmp_path)] == [pack.content]
    assert alice.room == (3_000_000, 0)


def test_the_same_again_is_harmless(alice: Person) -> None:
    pack = Thing.make()
    alice.store(pack)
    assert alice.put(pack).status == 204
    assert alice.put(pack, b"whatever comes now is read and forgotten").status == 204
    assert alice.fetch(pack).body == pack.content
    assert alice.room == (4096, 0)


@pytest.mark.parametrize("wrong", [b"", b"short", bytes(4095), bytes(4097), bytes(5_000_000)])
def test_another_length_is_refused(alice: Person, tmp_path: Path, wrong: bytes) -> None:
    pack = Thing.make()
    alice.begin(pack)
    answer = alice.put(pack, wrong)
    assert (answer.status, answer.error) == (413, "backups.wrong_size")
    assert files(tmp_path) == []
    assert alice.room == (0, 4096)


def test_other_bytes_are_refused_and_the_right_ones_still_welcome(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make()
    alice.begin(pack)
    answer = alice.put(pack, bytes(4096))
    assert (answer.status, answer.error) == (409, "backups.wrong_hash")
    assert files(tmp_path) == []
    assert alice.put(pack).status == 204


def test_a_wrong_announced_length_is_refused_before_the_body_is_kept(alice: Person) -> None:
    pack = Thing.make()
    alice.begin(pack)
    answer = asyncio.run(alice.ask("PUT", f"/objects/{pack.id}", [pack.content], **{"content-length": "9999"}))
    assert answer.error == "backups.wrong_size"


def test_who_waits_to_be_asked_for_the_body_is_answered_at_once(alice: Person) -> None:
    pack = Thing.make()
    headers = {"expect": "100-continue", "cookie": alice.cookies, "x-csrftoken": alice.token}

    async def never() -> None:
        # Nothing was announced: the answer must come without a single byte of the body.
        answer = await asyncio.wait_for(ask("PUT", f"/objects/{pack.id}", [b"x"], headers, cut_off=True), 5)
        assert answer.error == "backups.no_such_object"
        assert answer.headers["connection"] == "close"

    asyncio.run(never())


def test_a_cut_off_body_leaves_nothing(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make(size=5_000_000)
    alice.begin(pack)
    headers = {"cookie": alice.cookies, "x-csrftoken": alice.token}
    body = [pack.content[:1_500_000], pack.content[1_500_000:4_000_000]]
    answer = asyncio.run(ask("PUT", f"/objects/{pack.id}", body, headers, cut_off=True))
    assert answer.status == 0
    assert files(tmp_path) == []
    assert alice.finish(pack) == {pack.id: "expected"}
    assert alice.put(pack).status == 204


def test_a_page_of_another_site_cannot_put(alice: Person) -> None:
    pack = Thing.make()
    alice.begin(pack)
    url = f"/objects/{pack.id}"
    answer = asyncio.run(ask("PUT", url, [pack.content], {"cookie": alice.cookies}))
    assert (answer.status, answer.error) == (403, "http.forgery")
    foreign = asyncio.run(alice.ask("PUT", url, [pack.content], origin="https://elsewhere.example"))
    assert (foreign.status, foreign.error) == (403, "http.forgery")


def test_a_suspended_account_puts_and_gets_nothing(alice: Person) -> None:
    kept, pack = Thing.make(), Thing.make()
    alice.store(kept)
    alice.begin(pack)
    alice.account.is_active = False
    alice.account.save()
    assert alice.put(pack).status == 401
    assert alice.fetch(kept).status == 401
    assert alice.get("/api/head").status_code == 401


def test_two_uploads_of_one_object_count_once(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make(size=2_000_000)
    alice.begin(pack)

    async def both() -> list[int]:
        answers = await asyncio.gather(*(alice.ask("PUT", f"/objects/{pack.id}", [pack.content]) for _ in range(4)))
        return [answer.status for answer in answers]

    assert asyncio.run(both()) == [204] * 4
    assert alice.room == (2_000_000, 0)
    assert len(files(tmp_path)) == 1


def test_what_was_given_up_while_it_came_in_does_not_stay(alice: Person, tmp_path: Path) -> None:
    pack = Thing.make()
    alice.begin(pack)
    from backupweb.backups.models import SealedObject  # noqa: PLC0415

    row = SealedObject.objects.get(object_id=pack.id)
    spool = objectstore.Spool(objectstore.open_store())
    spool.write(pack.content)
    alice.abandon(pack)
    with pytest.raises(NoSuchObject):
        services.object_store(sealed=row, arrival=spool)
    assert files(tmp_path) == []
    assert alice.room == (0, 0)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_other_methods_are_refused(alice: Person, method: str) -> None:
    answer = asyncio.run(alice.ask(method, "/objects/" + "0" * 32))
    assert (answer.status, answer.error) == (405, "http.method_not_allowed")


def test_errors_speak_the_language_of_the_browser(alice: Person) -> None:
    english = asyncio.run(alice.ask("GET", "/objects/x", (), **{"accept-language": "en"}))
    assert english.error == "backups.no_such_object"
