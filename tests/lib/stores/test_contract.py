"""What every store promises, held against the disk and against an S3 server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test.utils import override_settings
from moto.server import ThreadedMotoServer

from backupweb.lib import objectstore
from backupweb.lib.objectstore import MissingObject, ObjectStore, Spool, new_name
from backupweb.lib.objectstore.s3 import S3Store
from backupweb.lib.secret import SecretBytes

MakeStore = Callable[[], ObjectStore]


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "disk":
        yield objectstore.open_store()
        return
    endpoint = request.getfixturevalue("s3_server")
    bucket = f"bucket-{secrets.token_hex(4)}"
    with override_settings(
        BACKUPWEB_STORE=f"s3://{bucket}/sealed?endpoint={endpoint}",
        BACKUPWEB_STORE_KEY=SecretBytes(b"key"),
        BACKUPWEB_STORE_SECRET=SecretBytes(b"secret"),
    ):
        made = objectstore.open_store()
        assert isinstance(made, S3Store)
        made._storage.connection.create_bucket(Bucket=bucket)
        yield made


def place(store: ObjectStore, content: bytes) -> str:
    name, spool = new_name(), Spool(store)
    spool.write(content)
    spool.place(name)
    spool.discard()
    return name


@pytest.mark.parametrize("size", [1, 4096, 3_000_000])
def test_what_was_placed_is_read_back(store: ObjectStore, size: int) -> None:
    content = secrets.token_bytes(size)
    name = place(store, content)
    assert store.size(name) == size
    blocks = list(store.read(name, 0, size))
    assert b"".join(blocks) == content
    assert max(map(len, blocks)) <= objectstore.BLOCK
    assert b"".join(store.read(name, size - 1, 1)) == content[-1:]
    assert list(store.spool.iterdir()) == []


def test_a_range_is_read(store: ObjectStore) -> None:
    content = secrets.token_bytes(3_000_000)
    name = place(store, content)
    assert b"".join(store.read(name, 1_000_000, 1_500_000)) == content[1_000_000:2_500_000]
    assert b"".join(store.read(name, 7, 0)) == b""


def test_what_is_not_there_is_missing_for_certain(store: ObjectStore) -> None:
    assert store.size(new_name()) is None
    with pytest.raises(MissingObject):
        store.read(new_name(), 0, 10)


def test_deleting_is_harmless_twice(store: ObjectStore) -> None:
    name = place(store, b"x" * 10)
    store.delete(name)
    store.delete(name)
    assert store.size(name) is None


def test_placing_the_same_again_leaves_it_whole(store: ObjectStore) -> None:
    name = place(store, b"same")
    spool = Spool(store)
    spool.write(b"same")
    spool.place(name)
    assert b"".join(store.read(name, 0, 4)) == b"same"


def test_what_is_discarded_leaves_nothing(store: ObjectStore) -> None:
    spool = Spool(store)
    spool.write(b"half")
    spool.discard()
    assert list(store.spool.iterdir()) == []


def test_names_are_sharded_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    store = objectstore.open_store()
    name = place(store, b"x")
    path = tmp_path / "packs" / name[:2] / name
    assert path.is_file()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_store_in_trouble_is_not_an_empty_one() -> None:
    with override_settings(
        BACKUPWEB_STORE="s3://bucket/x?endpoint=http://127.0.0.1:9",
        BACKUPWEB_STORE_KEY=SecretBytes(b"key"),
        BACKUPWEB_STORE_SECRET=SecretBytes(b"secret"),
    ):
        store = objectstore.open_store()
        with pytest.raises(Exception, match="connect"):
            store.size(new_name())


@pytest.mark.parametrize(
    "address", ["file://host/path", "file:relative", "s3:///x", "s3://bucket/x?acl=public", "ftp://x/y"]
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with override_settings(BACKUPWEB_STORE=address), pytest.raises(ImproperlyConfigured):
        objectstore.open_store()
