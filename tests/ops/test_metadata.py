"""A copy of the metadata brings every row back, on any database, or nothing at all; and no destroyed password."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from backupweb.accounts.models import Account, Invitation
from backupweb.lib.databases import VAULT
from backupweb.lib.locks import lock
from backupweb.ops import metadata
from backupweb.ops.models import Run
from backupweb.vault.errors import VaultErased
from backupweb.vault.models import VaultRecord
from tests.ops.sites import manage
from tests.people import Person, Thing, head
from tests.vault.client import VaultClient

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def tables_as_they_were() -> Iterator[None]:
    """Flushing takes rows along that migrations made; later tests want them."""
    kept = list(ContentType.objects.all())
    yield
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(kept)
    ContentType.objects.clear_cache()


def a_site_with_everything(alice: Person) -> VaultClient:
    pack, snapshot = Thing.make(), Thing.make("snapshot")
    alice.store(pack, snapshot)
    alice.finish(pack, snapshot)
    assert alice.commit(1, head(), add=[(snapshot, [pack])]).status_code == 201
    Invitation.objects.create(token_hash="0" * 64, note="für Bob – 🔑", expires=timezone.now())
    Run.objects.create(duty=Run.Duty.COLLECT, ended=timezone.now(), counts={"objects": 3})
    vault = VaultClient()
    vault.enrol("correct horse")
    return vault


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {
        model._meta.label: list(model._base_manager.using(metadata._alias(model)).order_by("pk").values_list())
        for model in metadata.tables()
    }


def test_every_row_comes_back(alice: Person, tmp_path: Path) -> None:
    vault = a_site_with_everything(alice)
    before = everything()
    said = StringIO()
    call_command("backup", tmp_path / "copy", stdout=said)
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert before["accounts.Account"]
    assert before["vault.VaultRecord"]
    assert len(before) > 20
    vault.guess_wrong(1)
    Account.objects.update(username="mallory")
    VaultRecord.objects.all().delete()
    call_command("restore", "--yes", tmp_path / "copy", stdout=StringIO())
    assert everything() == before
    # Numbers go on after those that are there.
    assert Run.objects.create(duty=Run.Duty.TIDY).pk > before["ops.Run"][-1][0]
    assert vault.login("correct horse").left == 10


def test_sessions_and_jobs_do_not_come_back_to_life(alice: Person, tmp_path: Path) -> None:
    assert Session.objects.exists()
    call_command("backup", tmp_path / "copy", stdout=StringIO())
    assert "sessions" not in " ".join(metadata.check(tmp_path / "copy").rows)
    call_command("restore", "--yes", tmp_path / "copy", stdout=StringIO())
    assert not Session.objects.exists()
    assert Account.objects.filter(username="alice").exists()


def test_what_guesses_destroyed_stays_destroyed(alice: Person, tmp_path: Path) -> None:
    vault, other = a_site_with_everything(alice), VaultClient()
    other.enrol("another's")
    vault.guess_wrong(3)
    metadata.write(tmp_path / "copy")
    other.guess_wrong(4)
    vault.guess_wrong(7)
    call_command("restore", "--yes", tmp_path / "copy", stdout=StringIO())
    assert VaultRecord.objects.filter(account=vault.account).exists()
    with pytest.raises(VaultErased):
        vault.begin("correct horse")
    assert other.state().left == 6  # and no guess is given back


def test_people_are_not_replaced_by_accident(alice: Person, tmp_path: Path) -> None:
    metadata.write(tmp_path / "copy")
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", tmp_path / "copy")
    with lock("work", wait=False), pytest.raises(CommandError, match="Stop it first"):
        call_command("restore", "--yes", tmp_path / "copy")
    assert Account.objects.filter(pk=alice.account.pk).exists()


def lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@pytest.mark.parametrize("harm", ["cut", "change", "drop", "swap", "not gzip", "nothing"])
def test_a_damaged_file_is_refused_before_anything_is_touched(alice: Person, tmp_path: Path, harm: str) -> None:
    copy = tmp_path / "copy"
    metadata.write(copy)
    told = lines(copy)
    if harm == "cut":
        told = told[:-1]
    elif harm == "change":
        told = [line.replace(b"alice", b"elice") for line in told]
    elif harm == "drop":
        told = [*told[:3], *told[4:]]
    elif harm == "swap":
        told[3], told[4] = told[4], told[3]
    copy.write_bytes(gzip.compress(b"".join(told)))
    if harm == "not gzip":
        copy.write_bytes(b"".join(told))
    elif harm == "nothing":
        copy.write_bytes(b"")
    with pytest.raises(CommandError, match=r"backup|checksum"):
        call_command("restore", "--yes", copy)
    assert Account.objects.filter(pk=alice.account.pk).exists()


def test_a_restore_that_fails_in_the_middle_changes_nothing(
    alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_site_with_everything(alice)
    before = everything()
    metadata.write(tmp_path / "copy")
    insert = metadata._insert

    def fails(model: Any, rows: Any) -> None:
        if model is VaultRecord:  # nearly the last
            raise RuntimeError
        insert(model, rows)

    monkeypatch.setattr(metadata, "_insert", fails)
    with pytest.raises(RuntimeError):
        metadata.restore(tmp_path / "copy")
    assert everything() == before


def test_another_version_s_file_is_refused_with_what_to_do(alice: Person, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    metadata.write(copy)
    for change, told in (
        ({"version": 2}, "form 2"),
        ({"schema": {"accounts": "0001_first_tables"}}, "another version"),
    ):
        forged = tmp_path / "forged"
        forge(copy, forged, change)
        with pytest.raises(CommandError, match=told):
            call_command("restore", "--yes", forged)
    assert Account.objects.exists()


def forge(copy: Path, forged: Path, change: dict[str, Any]) -> None:
    """Another first line, with a checksum that fits."""
    import hashlib  # noqa: PLC0415

    told = lines(copy)
    told[0] = json.dumps({**json.loads(told[0]), **change}).encode() + b"\n"
    end = json.loads(told[-1])
    end["sha256"] = hashlib.sha256(b"".join(told[:-1])).hexdigest()
    forged.write_bytes(gzip.compress(b"".join([*told[:-1], json.dumps(end).encode() + b"\n"])))


def test_nobody_waits_while_a_copy_is_made(alice: Person) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL never lets readers hold up writers")
    with metadata._as_of_now():
        assert {connections[alias].transaction_mode for alias in ("default", VAULT)} == {"DEFERRED"}  # type: ignore[attr-defined]
    assert connections["default"].in_atomic_block is False
    Account.objects.create_user(username="bob")
    assert connections["default"].transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]


def test_from_sqlite_to_postgresql_and_back(tmp_path: Path) -> None:
    """The rows are the same wherever they lie: what one writes and the other writes again has one checksum."""
    if connections["default"].vendor != "postgresql":
        pytest.skip("needs a PostgreSQL beside: `make services`")
    for folder in ("one", "two", "three"):
        (tmp_path / folder).mkdir()
    server = connections["default"].settings_dict
    made = f"metadata_{tmp_path.name.replace('-', '_')}"
    with connections["default"].cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{made}"')
    postgres = f"postgres://{server['USER']}@{server['HOST']}:{server['PORT']}/{made}"
    asked = {"BACKUPWEB_ADMIN_NAME": "chef", "BACKUPWEB_ADMIN_PASSWORD": "a long sign-in password"}
    sums = []
    try:
        assert manage(tmp_path / "one", "setup", **asked).returncode == 0
        assert manage(tmp_path / "one", "duties").returncode == 0
        sums.append(told(manage(tmp_path / "one", "backup", str(tmp_path / "a"))))
        told(manage(tmp_path / "two", "restore", str(tmp_path / "a"), DATABASE_URL=postgres))
        sums.append(told(manage(tmp_path / "two", "backup", str(tmp_path / "b"), DATABASE_URL=postgres)))
        told(manage(tmp_path / "three", "restore", str(tmp_path / "b")))
        sums.append(told(manage(tmp_path / "three", "backup", str(tmp_path / "c"))))
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{made}" WITH (FORCE)')
    assert sums[0] == sums[1] == sums[2]
    rows = [lines(tmp_path / name)[1:-1] for name in "abc"]
    assert rows[0] == rows[1] == rows[2]
    assert any(b"chef" in row for row in rows[0])


def told(done: Any) -> str:
    assert done.returncode == 0, done.stderr
    return str(done.stdout).split(" sha256=")[0]  # which holds the time too
