"""rclone before a remote that stops working, as Google Drive does when a token has run out: noticed and named, and
nothing is taken for lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import run

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.utils import override_settings

from backupweb.backups.models import SealedObject, State
from backupweb.lib import objectstore
from backupweb.lib.objectstore import StoreUnavailable
from tests.lib.stores.servers import BIN, free_port, rclone, running
from tests.people import Person, Thing

pytestmark = [pytest.mark.stores, pytest.mark.django_db(databases=["default", "vault"], transaction=True)]


@dataclass
class Remote:
    """A drive elsewhere, reached with a password."""

    folder: Path
    port: int
    password: str

    def command(self) -> list[object]:
        return [
            *(BIN / "rclone", "serve", "webdav", self.folder, "--config", "", "--addr", f"127.0.0.1:{self.port}"),
            *("--user", "person", "--pass", self.password),
        ]


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    (tmp_path / "drive" / "packs").mkdir(parents=True)
    made = Remote(tmp_path / "drive", free_port(), "before")
    hidden = run([BIN / "rclone", "obscure", made.password], check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / "bridge").mkdir()
    with (
        rclone(
            tmp_path / "bridge",
            remote="drive:",
            RCLONE_CONFIG_DRIVE_TYPE="webdav",
            RCLONE_CONFIG_DRIVE_URL=f"http://127.0.0.1:{made.port}",
            RCLONE_CONFIG_DRIVE_VENDOR="rclone",
            RCLONE_CONFIG_DRIVE_USER="person",
            RCLONE_CONFIG_DRIVE_PASS=hidden,
            RCLONE_RETRIES="1",
            RCLONE_LOW_LEVEL_RETRIES="1",
        ) as service,
        override_settings(**service.settings()),
    ):
        yield made


def test_a_password_that_was_changed_is_noticed(
    alice: Person, remote: Remote, tmp_path: Path, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    thing = Thing.make()
    with running(remote.command(), remote.port, tmp_path / "log"):
        assert Client().get("/readyz").status_code == 200
        alice.store(thing)
        assert alice.fetch(thing).body == thing.content
    remote.password = "after"
    with running(remote.command(), remote.port, tmp_path / "log"):
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.json()["error"]["params"]) == (503, {"store": 1})
        with pytest.raises(StoreUnavailable):
            objectstore.probe(objectstore.open_store())
        told = [vars(record)["event"] for record in caplog.records if record.name.endswith("objectstore.remote")]
        assert told
        assert all(event["reason"] in {"busy", "refused", "incomplete"} and event["detail"] for event in told)
        # Whatever the bridge answers: what cannot be seen now is not lost.
        with pytest.raises(CommandError, match=r"store\.unavailable"):
            call_command("verify_store", "--all")
        refused = alice.post("/api/objects/finish", {"ids": [thing.id]})
        assert refused.status_code in {200, 503}
        assert SealedObject.objects.get().state == State.STORED
    remote.password = "before"
    with running(remote.command(), remote.port, tmp_path / "log"):
        assert Client().get("/readyz").status_code == 200
        assert alice.fetch(thing).body == thing.content


def test_a_remote_that_is_gone_is_noticed(alice: Person, remote: Remote, tmp_path: Path, impatient: None) -> None:
    thing = Thing.make()
    with running(remote.command(), remote.port, tmp_path / "log"):
        alice.store(thing)
    assert Client().get("/readyz").json()["error"]["params"] == {"store": 1}
    later = Thing.make()
    assert alice.begin(later).status_code == 200
    answer = alice.put(later)
    assert (answer.status, answer.error) == (503, "store.unavailable")
    assert SealedObject.objects.filter(state=State.STORED).count() == 1
    with running(remote.command(), remote.port, tmp_path / "log"):
        assert alice.put(later).status == 204
        assert alice.fetch(later).body == later.content
