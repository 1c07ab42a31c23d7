"""Alice's library on a server in memory, a chance that repeats, and exports made on the spot."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backupweb_client.engine.library import Library, Surroundings, init_library
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.recovery_code import RecoveryCode
from backupweb_client.places import HeadMemory
from backupweb_client.primitives import Random
from backupweb_client.server.api import Api
from backupweb_client.server.session import sign_in
from backupweb_client.server.transport import Transport

from tests.client.fake_server import ORIGIN, FakeServer

CHAT_LINES = "".join(
    f"19.09.26, 09:{n % 60:02} - {'Anna' if n % 3 else 'Ben'}: Nachricht {n} {'la ' * (n % 40)}\n" for n in range(4000)
)


def tape(seed: int = 1) -> Random:
    """Bytes that look random and repeat with the seed."""
    return random.Random(seed).randbytes


@pytest.fixture(autouse=True)
def surroundings() -> None:
    """The client knows no Django: the server's surroundings are not set up for it."""


@pytest.fixture
def keys() -> LibraryKeys:
    return derive_library_keys(RootKey(bytes(range(32)), bytes(range(16)), 1))


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def api(server: FakeServer) -> Api:
    transport = Transport(ORIGIN, transport=server.transport(), sleep=lambda _: None)
    sign_in(transport, server.name, server.password, lambda: "")
    return Api(transport)


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(HeadMemory(tmp_path / "config" / "heads.json"), tape(), lambda: "2026-11-23T18:04:05Z")


@pytest.fixture
def alice(api: Api, around: Surroundings) -> tuple[RecoveryCode, Library]:
    """Her recovery code and her empty, unlocked library."""
    return init_library(api, around)


@pytest.fixture
def library(alice: tuple[RecoveryCode, Library]) -> Library:
    return alice[1]


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    """Writes a zip of (name, content, deflated) entries, in this order."""

    def make(name: str, entries: list[tuple[str, bytes, bool]], comment: bytes = b"") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.comment = comment
            for entry, content, deflated in entries:
                info = zipfile.ZipInfo(entry, (2026, 9, 19, 9, 52, 10))
                info.external_attr = 0o644 << 16
                method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
                archive.writestr(info, content, compress_type=method)
        return path

    return make


@pytest.fixture
def export(make_zip: Callable[..., Path]) -> Path:
    """An Android export with a chat, pictures of several chunks, a database, an empty file and a folder."""
    chance = random.Random(7)
    return make_zip(
        "WhatsApp Chat mit Ben.zip",
        [
            (
                "WhatsApp Chat mit Ben.txt",
                CHAT_LINES.encode() + b"19.09.26, 10:00 - Anna: IMG-1.jpg (Datei angeh\xc3\xa4ngt)\n",
                True,
            ),
            ("IMG-1.jpg", chance.randbytes(700_000), False),
            ("IMG-2.jpg", chance.randbytes(100), False),
            ("again.jpg", random.Random(7).randbytes(700_000), False),
            ("msgstore.db", b"SQLite format 3\0" + bytes(200_000), True),
            ("leer.txt", b"", False),
            ("Unterlagen/", b"", False),
            ("Unterlagen/Plan ä.pdf", b"%PDF" + chance.randbytes(5000), True),
        ],
        comment=b"made by a phone",
    )
