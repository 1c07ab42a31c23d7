"""The installed program serves as the compose files say: confined, behind Caddy, on each of their stores and bases."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backupweb_client.cli import FINE, World, main
from backupweb_client.engine.library import Surroundings, init_library
from backupweb_client.places import HeadMemory
from backupweb_client.prompts import Terminal
from backupweb_client.server.api import Api
from backupweb_client.server.session import load_session
from backupweb_client.server.transport import Transport

from bench.site import ROOT, free_port, own_services
from tests.hosting.compose import services
from tests.hosting.confined import USER, Confined, missing, python_for_everybody
from tests.lib.stores.servers import BIN, running
from tests.vault.relayed import VaultHost

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")

PASSWORD = "a sign-in password 7"
NEW_ACCOUNT = (
    "from backupweb.accounts.models import Account;"
    f"Account.objects.create_user(username='alice', password='{PASSWORD}')"
)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    # Not below /tmp: inside, that is another one.
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="backupweb-hosting-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def program(scratch: Path) -> Path:
    """Installed by the script that the image is made with; another one than the checkout."""
    place = scratch / "program"
    told = os.environ.get("BACKUPWEB_PROGRAM")
    if told is not None:
        return Path(told)
    subprocess.run(
        [ROOT / "deploy" / "program.sh", "--browser-built", place],
        env={**os.environ, "PYTHON": python_for_everybody()},
        check=True,
    )
    return place


Host = Callable[..., Confined]
Client = Callable[..., int]


@pytest.fixture
def host(program: Path, scratch: Path) -> Iterator[Host]:
    hosts: list[Confined] = []

    def make(*overlays: str, variables: dict[str, str] | None = None, **settings: str) -> Confined:
        folder = scratch / secrets.token_hex(4)
        folder.mkdir()
        folder.chmod(0o755)
        known = {"BACKUPWEB_URL": "https://localhost", **(variables or {})}
        hosts.append(Confined(program, folder, services(*overlays, variables=known)["site"], **settings))
        return hosts[-1]

    yield make
    for one in hosts:
        one.kill()


def backs_up_and_comes_back(host: Confined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A person's whole way, by the command-line client, through Caddy's TLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(host.authority))
    host.manage("shell", "--verbosity", "0", "-c", NEW_ACCOUNT)
    export = tmp_path / "WhatsApp Chat mit Ben.zip"
    with zipfile.ZipFile(export, "w") as written:
        written.writestr("_chat.txt", "[19.09.26, 09:00:00] Ben: Guten Morgen\n" * 50)
        written.writestr("photo.jpg", secrets.token_bytes(9 * 2**20))  # more than one pack
    told: list[str] = []
    environment = {"BACKUPWEB_CONFIG": str(tmp_path / "device"), "BACKUPWEB_PASSWORD": PASSWORD}

    def run(*arguments: str) -> int:
        return main(arguments, World(environment, Terminal(lambda _: "", lambda _: "", told.append)))

    assert run("login", host.url, "--name", "alice") == FINE, told
    session = load_session(tmp_path / "device" / "session.json")
    api = Api(Transport(session.origin, cookies=session.cookies))
    code, _ = init_library(api, Surroundings(HeadMemory(tmp_path / "device" / "heads.json")))
    environment["BACKUPWEB_RECOVERY_CODE"] = code.spelled()
    assert run("add", str(export)) == FINE, told
    assert run("verify", "--all") == FINE, told
    assert run("restore", "Ben", "--to", str(tmp_path / "out"), "--zip") == FINE, told
    with zipfile.ZipFile(export) as before, zipfile.ZipFile(next((tmp_path / "out").glob("*.zip"))) as after:
        assert {name: before.read(name) for name in before.namelist()} == {
            name: after.read(name) for name in after.namelist()
        }
    return run


def test_one_container_with_caddy(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = host("caddy")
    asked = {"BACKUPWEB_ADMIN_NAME": "chef", "BACKUPWEB_ADMIN_PASSWORD": "a long sign-in password"}
    site.environment |= asked
    assert "chef was made" in site.manage("setup")
    site.start()
    assert (site.probe(), site.probe("--ready")) == (0, 0)
    answer = site.get("/")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["strict-transport-security"]
    assert "server" not in answer.headers
    backs_up_and_comes_back(site, tmp_path, monkeypatch)

    # Nobody, without a right, and nowhere a place to write but its own.
    for process in site.processes()[1:]:
        status = Path(f"/proc/{process}/status").read_text()
        assert f"Uid:\t{USER}\t{USER}" in status
        assert "CapBnd:\t0000000000000000" in status
        assert "NoNewPrivs:\t1" in status
    refused = site.run("sh", "-c", "touch /opt/x /var/tmp/x manage.py backupweb/x .venv/x 2>&1; touch /tmp/x")
    assert refused.stdout.count("Read-only file system") >= 4
    assert {path.stat().st_uid for path in site.data.rglob("*")} == {USER}

    # Sealed bytes beyond what any object may have do not even reach the site.
    assert site.get("/api/head", accept="application/json").json()["error"]["code"]
    assert site.stop() == 0
    assert site.probe() == 1
    site.start()
    assert site.get("/healthz").json() == {"alive": True}


def test_postgres_and_redis_with_two_processes(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = own_services()
    if len(found) < 2:
        pytest.skip("needs PostgreSQL and Redis: `make hosting`")
    site = host("caddy", "postgres", "redis", variables={"POSTGRES_PASSWORD": "x"}, **found).start()
    # The supervisor, two web processes, the worker.
    assert len(site.processes()) >= 4
    backs_up_and_comes_back(site, tmp_path, monkeypatch)
    assert not list(site.data.glob("db.sqlite3*"))
    assert site.stop() == 0


STORE = {"BACKUPWEB_STORE_KEY": "hosted", "BACKUPWEB_STORE_SECRET": "hosted-secret"}


@pytest.fixture
def seaweedfs(scratch: Path) -> Iterator[str]:
    """SeaweedFS by the overlay's own command and environment; only names and ports are this machine's."""
    parts = services("seaweedfs", variables=STORE)
    folder = Path(tempfile.mkdtemp(dir=scratch))
    ports = {
        f"-{part}.port{grpc}": free_port() for part in ("master", "volume", "filer", "s3") for grpc in ("", ".grpc")
    }
    command = [
        word.replace("/data", str(folder)).replace("-ip=seaweedfs", "-ip=127.0.0.1")
        for word in parts["seaweedfs"]["command"]
        if not word.startswith("-s3.port")
    ]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", *(f"{option}={port}" for option, port in ports.items())]
    with running([BIN / "weed", *command], ports["-s3.port"], folder / "log", **parts["seaweedfs"]["environment"]):
        shell = str(parts["bucket"]["entrypoint"][-1]).replace("| weed", f"| {BIN / 'weed'}")
        shell = shell.replace("seaweedfs:9333", f"127.0.0.1:{ports['-master.port']}.{ports['-master.port.grpc']}")
        for _ in range(20):
            done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False)
            if "created bucket" in done.stdout or "already exists" in done.stdout + done.stderr:
                break
            time.sleep(1)
        yield f"127.0.0.1:{ports['-s3.port']}"


def stored_at(site: Confined, overlay: str, netloc: str) -> dict[str, str]:
    """The overlay's address of the store, on this machine."""
    address = services(overlay, variables={**STORE, "RCLONE_REMOTE": "x"})["site"]["environment"]["BACKUPWEB_STORE"]
    return {**STORE, "BACKUPWEB_STORE": address.replace("seaweedfs:8333", netloc).replace("rclone:8080", netloc)}


def test_seaweedfs(host: Host, seaweedfs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = host("caddy", "seaweedfs", variables=STORE)
    site.environment |= stored_at(site, "seaweedfs", seaweedfs)
    site.start()
    backs_up_and_comes_back(site, tmp_path, monkeypatch)
    assert not (site.data / "packs").exists()
    assert site.stop() == 0


def test_seaweedfs_directly(host: Host, seaweedfs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = f"https://localhost:{free_port()}"
    site = host("caddy", "seaweedfs", "direct", variables={**STORE, "STORE_URL": store})
    site.environment |= stored_at(site, "seaweedfs", seaweedfs)
    site.start("Caddyfile.direct", STORE_URL=store, STORE_UPSTREAM=seaweedfs)
    backs_up_and_comes_back(site, tmp_path, monkeypatch)
    assert site.stop() == 0


def test_rclone(host: Host, scratch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = Path(tempfile.mkdtemp(dir=scratch)) / "remote"
    remote.mkdir()
    parts = services("rclone", variables={**STORE, "RCLONE_REMOTE": str(remote)})
    port, configuration = free_port(), scratch / "rclone.conf"
    configuration.touch()
    rclone = [str(BIN / "rclone"), "--config", str(configuration)]
    subprocess.run([*rclone, *parts["folder"]["command"]], check=True)
    healthy = [rclone[0], *rclone[1:], *parts["rclone"]["healthcheck"]["test"][2:]]
    command = [f"127.0.0.1:{port}" if word == ":8080" else word for word in parts["rclone"]["command"]]
    with running([*rclone, *command], port, scratch / "rclone.log"):
        site = host("caddy", "rclone", variables={**STORE, "RCLONE_REMOTE": str(remote)})
        site.environment |= stored_at(site, "rclone", f"127.0.0.1:{port}")
        site.start()
        backs_up_and_comes_back(site, tmp_path, monkeypatch)
        assert subprocess.run(healthy, capture_output=True, check=False).returncode == 0
        # As when a token has expired: the remote gives and takes nothing any more.
        shutil.rmtree(remote.parent)
        remote.parent.touch()
        assert subprocess.run(healthy, capture_output=True, check=False).returncode != 0
        assert site.probe() == 0
        assert site.probe("--ready") == 1
        assert site.get("/readyz").json()["error"]["params"] == {"store": 1}


def test_a_vault_on_its_own_host(host: Host, scratch: Path) -> None:
    vault = VaultHost(scratch / "vault").start()
    try:
        certificates = scratch / "certificates"
        shutil.copytree(vault.certificates, certificates)
        for path in (certificates, *certificates.iterdir()):
            os.chown(path, USER, USER)
        identity = {name: str(certificates / Path(value).name) for name, value in vault.identity("site").items()}
        site = host("caddy", "site-of-vault", variables={"BACKUPWEB_VAULT_URL": vault.url}, **identity).start()
        assert not (site.data / "vault-keys").exists()
        vault.kill()
        assert site.get("/readyz").json()["error"]["params"] == {"vault": 1}
        assert site.get("/healthz").status_code == 200
    finally:
        vault.kill()


def test_from_sqlite_to_postgres(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/hosting.md says; the person's key and chats are there afterwards, as they were."""
    found = own_services()
    if "DATABASE_URL" not in found:
        pytest.skip("needs PostgreSQL: `make hosting`")
    site = host("caddy").start()
    client = backs_up_and_comes_back(site, tmp_path, monkeypatch)
    assert site.stop() == 0
    kept = str(site.data / "copy")
    site.manage("backup", kept)
    site.environment["DATABASE_URL"] = found["DATABASE_URL"]
    site.manage("restore", kept, "--yes")
    for path in site.data.glob("*.sqlite3*"):
        path.unlink()
    site.start()
    assert client("login", site.url, "--name", "alice") == FINE
    assert client("verify", "--all") == FINE
    # New rows get numbers that are free.
    assert client("add", str(next(tmp_path.glob("*.zip"))), "--chat", "Ben") == FINE
    assert site.stop() == 0
