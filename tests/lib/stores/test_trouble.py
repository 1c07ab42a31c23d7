"""A store in trouble: it is asked again, then named; it is never taken for an empty one, and no secret is told."""

from __future__ import annotations

import errno
import logging
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test.utils import override_settings

from backupweb.lib import objectstore
from backupweb.lib.logs import JsonLines
from backupweb.lib.objectstore import MissingObject, ObjectStore, Spool, StoreFull, StoreUnavailable, new_name, remote
from backupweb.lib.secret import SecretBytes
from tests.lib.stores.between import Between
from tests.lib.stores.servers import Service, free_port, s3_address
from tests.lib.stores.test_contract import place

SIZE = 3_000_000


@pytest.fixture
def content() -> bytes:
    return secrets.token_bytes(SIZE)


def only_http(service: Service) -> None:
    if not service.speaks_http:
        pytest.skip("SFTP has no answer that means busy")


def test_an_upload_that_breaks_off_is_sent_again(
    service: Service, troubled: ObjectStore, between: Between, impatient: None, content: bytes
) -> None:
    between.cuts_after, between.cuts = 1_000_000, 1
    name = place(troubled, content)
    assert between.cuts == 0
    assert b"".join(troubled.read(name, 0, SIZE)) == content


def test_an_upload_that_always_breaks_off_leaves_no_name(
    service: Service, troubled: ObjectStore, between: Between, impatient: None, content: bytes
) -> None:
    between.cuts_after = 1_000_000
    name, spool = new_name(), Spool(troubled)
    spool.write(content)
    with pytest.raises(StoreUnavailable) as refused:
        spool.place(name)
    assert refused.value.reason in {"busy", "incomplete"}
    between.cuts_after = None
    with override_settings(**service.settings()):
        assert service.open().size(name) is None
    assert spool.path.stat().st_size == SIZE  # it can be tried again
    troubled.place(spool.path, name)
    assert b"".join(troubled.read(name, 0, SIZE)) == content


def test_a_reading_that_breaks_off_goes_on_where_it_was(
    service: Service, troubled: ObjectStore, between: Between, impatient: None, content: bytes
) -> None:
    name = place(troubled, content)
    between.cuts_answers_after, between.cuts = 1_400_000, 2
    assert b"".join(troubled.read(name, 0, SIZE)) == content


def test_a_reading_that_always_breaks_off_is_an_error_and_no_short_object(
    service: Service, troubled: ObjectStore, between: Between, impatient: None, content: bytes
) -> None:
    name = place(troubled, content)
    between.cuts_answers_after = 200
    read: list[bytes] = []
    with pytest.raises(StoreUnavailable):
        read.extend(troubled.read(name, 0, SIZE))
    assert b"".join(read) == content[: sum(map(len, read))]


def test_busy_is_waited_for(service: Service, troubled: ObjectStore, between: Between, impatient: None) -> None:
    only_http(service)
    between.busy = len(remote.PAUSES)
    name = place(troubled, b"patience")
    assert between.busy == 0
    assert b"".join(troubled.read(name, 0, 8)) == b"patience"


def test_busy_for_ever_is_told(
    service: Service, troubled: ObjectStore, between: Between, impatient: None, caplog: pytest.LogCaptureFixture
) -> None:
    only_http(service)
    between.busy = 10**6
    for ask in (lambda: troubled.size(new_name()), lambda: list(troubled.read(new_name(), 0, 1))):
        with pytest.raises(StoreUnavailable) as refused:
            ask()
        assert refused.value.reason == "busy"
    with pytest.raises(StoreUnavailable):
        troubled.delete(new_name())
    with pytest.raises(StoreUnavailable):
        list(troubled.names("00"))
    told = [vars(record)["event"]["reason"] for record in caplog.records if record.name.endswith("remote")]
    assert set(told) == {"busy"}


def test_a_slow_store_is_waited_for(service: Service, troubled: ObjectStore, between: Between) -> None:
    between.pause = 0.05
    name = place(troubled, b"slowly" * 1000)
    assert b"".join(troubled.read(name, 0, 6000)) == b"slowly" * 1000


def test_wrong_credentials_are_named_and_not_told(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    if service.wrong is None:
        pytest.skip("this emulator lets everybody in")
    told: list[str] = []
    with override_settings(**service.settings(secret=service.wrong)):
        store = service.open()
        for ask in (lambda: store.size(new_name()), lambda: place(store, b"x"), lambda: list(store.names("00"))):
            with pytest.raises(StoreUnavailable) as refused:
                ask()
            assert refused.value.reason == "refused"
            told.append(str(refused.value))
    told += [JsonLines().format(record) for record in caplog.records if record.name.startswith("backupweb")]
    for secret in (service.wrong, service.secret, service.key):
        assert secret is None or not any(secret.decode() in line for line in told)


def test_a_store_that_is_not_there_is_not_an_empty_one(impatient: None) -> None:
    with (
        override_settings(
            BACKUPWEB_STORE=s3_address(f"127.0.0.1:{free_port()}"),
            BACKUPWEB_STORE_KEY=SecretBytes(b"key"),
            BACKUPWEB_STORE_SECRET=SecretBytes(b"secret"),
        ),
        pytest.raises(StoreUnavailable) as refused,
    ):
        objectstore.open_store().size(new_name())
    assert refused.value.detail == "EndpointConnectionError"


@pytest.mark.parametrize(
    "kind", ["moto", *(pytest.param(kind, marks=pytest.mark.stores) for kind in ("seaweedfs", "azure"))]
)
def test_a_bucket_that_is_not_there_is_not_an_empty_one(kind: str, started: dict[str, Service]) -> None:
    settings = started[kind].settings()
    settings["BACKUPWEB_STORE"] = settings["BACKUPWEB_STORE"].replace("//packs/sealed", "//elsewhere/sealed")
    with override_settings(**settings):
        store = started[kind].open()
        with pytest.raises(StoreUnavailable) as refused:
            store.size(new_name())
        assert refused.value.reason == "refused"
        with pytest.raises(StoreUnavailable):
            store.read(new_name(), 0, 1)


@pytest.mark.stores
def test_a_host_whose_key_is_another_is_refused(started: dict[str, Service]) -> None:
    service = started["sftp"]
    assert service.secret is not None
    other = Path(service.address(service.netloc).partition("127.0.0.1")[2].partition("/")[2])
    stranger = Path("/", other).parent / "stranger.pub"
    settings = service.settings() | {"BACKUPWEB_STORE_KEY": SecretBytes(stranger.read_bytes())}
    with override_settings(**settings), pytest.raises(StoreUnavailable) as refused:
        objectstore.open_store().size(new_name())
    assert (refused.value.reason, refused.value.detail) == ("refused", "host key")


# ---------------------------------------------------------------- the disk


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    yield
    monkeypatch.undo()


def test_a_full_disk_is_named(full: None) -> None:
    store = objectstore.open_store()
    spool = Spool(store)
    spool.write(b"x")
    name = new_name()
    with pytest.raises(StoreFull):
        spool.place(name)
    spool.discard()
    assert store.size(name) is None
    assert list(store.spool.iterdir()) == []


def test_a_folder_that_may_not_be_entered_is_not_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with override_settings(BACKUPWEB_STORE=f"file://{tmp_path / 'blocked' / 'packs'}"):
        store = objectstore.open_store()
        for ask in (lambda: store.size(new_name()), lambda: list(store.names("00")), lambda: Spool(store)):
            with pytest.raises(StoreUnavailable) as refused:
                ask()
            assert refused.value.detail == "ENOTDIR"


def test_what_is_lost_is_missing_and_nothing_else() -> None:
    assert not issubclass(StoreUnavailable, MissingObject)
    assert logging.getLogger(remote.__name__).name.startswith("backupweb")
