"""The client against a server of its own, packs on disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from backupweb_client.cli import DAMAGED, FAILED, FINE, World, main
from backupweb_client.engine.library import Surroundings, init_library
from backupweb_client.format.recovery_code import make_recovery_code
from backupweb_client.places import HeadMemory
from backupweb_client.primitives import system_random
from backupweb_client.prompts import Terminal
from backupweb_client.server.api import Api
from backupweb_client.server.session import load_session
from backupweb_client.server.transport import Transport

from bench.site import Site

PASSWORD = "a sign-in password 7"
NEW_ACCOUNT = (
    "from backupweb.accounts.models import Account;"
    f"Account.objects.create_user(username='alice', email='alice@example.org', password='{PASSWORD}')"
)
SUSPEND = (
    "from backupweb.accounts import leaving; from backupweb.accounts.models import Account;"
    "leaving.suspend(account=Account.objects.get())"
)
TURN_BACK = "from backupweb.backups.models import Head; Head.objects.latest('sequence').delete()"


class Alice:
    """Her device: a folder that remembers, a terminal, and her recovery code once she has one."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site
        self.code = ""
        self.told: list[str] = []

    def run(self, *arguments: str) -> int:
        environment = {"BACKUPWEB_CONFIG": str(self.folder), "BACKUPWEB_PASSWORD": PASSWORD}
        environment["BACKUPWEB_RECOVERY_CODE"] = self.code
        return main(arguments, World(environment, Terminal(lambda _: "", lambda _: "", self.told.append)))

    def set_up(self) -> None:
        """Signs in and makes the library, as the browser does at the first visit."""
        assert self.run("login", self.site.url, "--name", "alice") == FINE
        session = load_session(self.folder / "session.json")
        api = Api(Transport(session.origin, cookies=session.cookies))
        code, _ = init_library(api, Surroundings(HeadMemory(self.folder / "heads.json")))
        self.code = code.spelled()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "site")
    site.manage("shell", "-c", NEW_ACCOUNT)
    site.start()
    yield site
    site.kill()


def test_who_is_suspended_is_told_so(site: Site, tmp_path: Path) -> None:
    site.manage("shell", "-c", SUSPEND)
    alice = Alice(tmp_path / "hers", site)
    assert alice.run("login", site.url, "--name", "alice") == FAILED
    assert "suspended" in " ".join(alice.told)


def test_a_library_goes_in_comes_back_and_is_watched(
    site: Site, tmp_path: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    device = Alice(tmp_path / "device", site)
    device.set_up()

    assert device.run("add", str(export)) == FINE, device.told
    assert device.run("add", str(export), "--chat", "Ben") == FINE, device.told
    assert device.run("list") == FINE
    assert "4,001 messages" in capsys.readouterr().out

    other = Alice(tmp_path / "other device", site)
    other.code = device.code
    assert other.run("login", site.url, "--name", "alice@example.org") == FINE, other.told
    assert other.run("restore", "Ben", "--to", str(tmp_path / "out"), "--zip") == FINE, other.told
    assert other.run("restore", "Ben", "--to", str(tmp_path / "files")) == FINE, other.told
    assert (tmp_path / "files" / "IMG-1.jpg").read_bytes() == (tmp_path / "files" / "again.jpg").read_bytes()
    assert (tmp_path / "out" / export.name).exists()
    assert other.run("verify", "--all") == FINE, other.told

    _wrong_code(other)
    _changed_pack(site, device, capsys)
    _older_head(site, device)


def _wrong_code(device: Alice) -> None:
    right, device.code = device.code, make_recovery_code(system_random).spelled()
    assert device.run("list") == FAILED
    assert "another library" in device.told[-1]
    device.code = right


def _changed_pack(site: Site, device: Alice, capsys: pytest.CaptureFixture[str]) -> None:
    """One byte on the server's disk."""
    pack = max(site.stored_objects(), key=lambda path: path.stat().st_size)
    content = bytearray(pack.read_bytes())
    content[1000] ^= 1
    pack.write_bytes(content)
    capsys.readouterr()

    assert device.run("verify", "--all") == DAMAGED
    assert "wrong-hash: pack" in capsys.readouterr().out
    content[1000] ^= 1
    pack.write_bytes(content)
    assert device.run("verify", "--all") == FINE


def _older_head(site: Site, device: Alice) -> None:
    """A database from yesterday."""
    site.manage("shell", "-c", TURN_BACK)

    assert device.run("list") == DAMAGED
    assert "older-head" in device.told[-1]
