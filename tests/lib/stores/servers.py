"""The stores that the contract is held against, each started on this machine, on free ports, and gone afterwards."""

from __future__ import annotations

import base64
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from backupweb.lib import objectstore
from backupweb.lib.objectstore import ObjectStore
from backupweb.lib.secret import SecretBytes
from tests.lib.stores.dropbox_calls import answering_dropbox, sent_to

ROOT = Path(__file__).parents[3]
BIN = ROOT / ".venv" / "bin"
AZURITE = Path(__file__).parent / "azurite"
# Azurite's own, written in its documentation: it is no secret.
AZURE_KEY = base64.b64encode(b"azurite takes any account that it is told of").decode()
TOKEN = "a-refresh-token"


def _as_it_is(store: ObjectStore, netloc: str) -> None: ...


@dataclass(frozen=True)
class Service:
    """A store that runs: where it listens, and which settings lead to it, directly or through something in between."""

    kind: str
    netloc: str
    address: Callable[[str], str]
    key: bytes | None
    secret: bytes | None
    # Stays the same, so that a store is opened once and not anew for each test.
    folder: Path
    # What a wrong secret of the same form looks like; None where anything is let in.
    wrong: bytes | None = None
    speaks_http: bool = True
    prepare: Callable[[ObjectStore, str], None] = field(default=_as_it_is)

    def settings(self, netloc: str | None = None, secret: bytes | None = None) -> dict[str, Any]:
        """What to override."""
        secret = secret or self.secret
        return {
            "BACKUPWEB_DATA": self.folder,
            "BACKUPWEB_STORE": self.address(netloc or self.netloc),
            "BACKUPWEB_STORE_KEY": None if self.key is None else SecretBytes(self.key),
            "BACKUPWEB_STORE_SECRET": None if secret is None else SecretBytes(secret),
        }

    def open(self, netloc: str | None = None) -> ObjectStore:
        """The store that the overridden settings name."""
        store = objectstore.open_store()
        self.prepare(store, netloc or self.netloc)
        return store


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[object], port: int, log: Path, **environment: str) -> Iterator[None]:
    """A server until the block ends, its children too."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )
    try:
        wait_for(port, process, log)
        yield
    finally:
        family = [*psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []
        process.kill()
        process.wait()
        for child in family:
            if child.is_running():
                child.kill()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it listens."""
    for _ in range(1800):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args!r} does not listen: {log.read_text()[-2000:]}")


# ---------------------------------------------------------------- S3


def s3_address(netloc: str) -> str:
    """The bucket that each of these servers has."""
    return f"s3://packs/sealed?endpoint=http://{netloc}"


@contextmanager
def moto(folder: Path) -> Iterator[Service]:
    """S3 as boto3's own tests know it. It takes any credentials."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, folder / "log"):
        service = Service("moto", f"127.0.0.1:{port}", s3_address, b"key", b"secret", folder)
        make_bucket(service)
        yield service


@contextmanager
def seaweedfs(folder: Path) -> Iterator[Service]:
    """S3 whose signatures are checked."""
    identity = {
        "name": "backupweb",
        "credentials": [{"accessKey": "key", "secretKey": "secret"}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    ports = {
        f"-{part}.port{grpc}": free_port() for part in ("master", "volume", "filer", "s3") for grpc in ("", ".grpc")
    }
    command = [
        BIN / "weed",
        "server",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        "-s3",
        f"-s3.config={folder / 'identities.json'}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=20",
        # Not needed, and on ports of their own that another one may hold.
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        *(f"{option}={port}" for option, port in ports.items()),
    ]
    port = ports["-s3.port"]
    with running(command, port, folder / "log"):
        service = Service("seaweedfs", f"127.0.0.1:{port}", s3_address, b"key", b"secret", folder, b"wrong")
        make_bucket(service)
        yield service


@contextmanager
def rclone(folder: Path, *, remote: str | None = None, **environment: str) -> Iterator[Service]:
    """rclone's S3 before a folder, as it would stand before Google Drive; `remote`: before something else."""
    port = free_port()
    (folder / "remote" / "packs").mkdir(parents=True, exist_ok=True)
    command = [BIN / "rclone", "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", "key,secret"]
    command += ["--config", folder / "rclone.conf", remote or folder / "remote"]
    (folder / "rclone.conf").touch()
    with running(command, port, folder / "log", **environment):
        yield Service("rclone", f"127.0.0.1:{port}", s3_address, b"key", b"secret", folder, b"wrong")


def make_bucket(service: Service) -> None:
    """The bucket, made as soon as the server takes it."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    client = boto3.client(
        "s3",
        endpoint_url=f"http://{service.netloc}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 20, "mode": "standard"}),
    )
    client.create_bucket(Bucket="packs")


# ---------------------------------------------------------------- Google, Azure, Dropbox


def google_address(netloc: str) -> str:
    """The bucket that the emulator has."""
    return f"gs://packs/sealed?endpoint=http://{netloc}"


@contextmanager
def google(folder: Path) -> Iterator[Service]:
    """An emulator of Google Cloud Storage. It takes any credentials."""
    port = free_port()
    command = [BIN / "gcp-storage-emulator", "--data-dir", folder / "data", "start", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--default-bucket", "packs", "--quiet"]
    (folder / "data").mkdir()
    with running(command, port, folder / "log"):
        yield Service(
            "google",
            f"127.0.0.1:{port}",
            lambda netloc: f"gs://packs/sealed?endpoint=http://{netloc}",
            None,
            None,
            folder,
        )


@contextmanager
def azure(folder: Path) -> Iterator[Service]:
    """Microsoft's emulator, installed in a folder of its own when it is asked for the first time."""
    if not (AZURITE / "node_modules" / ".bin" / "azurite-blob").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=AZURITE, check=True)
    port = free_port()
    command = [AZURITE / "node_modules" / ".bin" / "azurite-blob", "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    command += ["--location", folder, "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    with running(command, port, folder / "log", AZURITE_ACCOUNTS=f"packs:{AZURE_KEY}"):
        service = Service(
            "azure",
            f"127.0.0.1:{port}",
            lambda netloc: f"azure://packs/sealed?account=packs&endpoint=http://{netloc}/packs",
            None,
            AZURE_KEY.encode(),
            folder,
            base64.b64encode(b"another key"),
        )
        from azure.storage.blob import BlobServiceClient  # noqa: PLC0415

        client = BlobServiceClient(
            f"http://{service.netloc}/packs", credential={"account_name": "packs", "account_key": AZURE_KEY}
        )
        client.create_container("packs")
        client.close()
        yield service


@contextmanager
def dropbox(folder: Path) -> Iterator[Service]:
    """Not Dropbox: a small server that answers the calls we make, in the form that its documentation describes."""
    with answering_dropbox(folder, TOKEN) as netloc:
        yield Service(
            "dropbox",
            netloc,
            lambda _: "dropbox://packs/sealed",
            b"app:its-secret",
            TOKEN.encode(),
            folder,
            b"expired",
            prepare=sent_to,
        )


# ---------------------------------------------------------------- SFTP


@contextmanager
def sftp(folder: Path) -> Iterator[Service]:
    """OpenSSH's own server, as the user who runs the tests."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if sshd is None:
        subprocess.run([ROOT / "deploy" / "dev" / "debian.sh", "openssh-server"], check=True)
        sshd = "/usr/sbin/sshd"
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    for name in ("host", "person", "stranger"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(make, check=True, stdin=subprocess.DEVNULL)
    port = free_port()
    (folder / "config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder / 'host'}\nPidFile none\nStrictModes no\nUsePAM no\n"
        f"AuthorizedKeysFile {folder / 'person.pub'}\nPasswordAuthentication yes\nPermitRootLogin yes\n"
        "MaxStartups 100\nMaxSessions 100\nLoginGraceTime 20\n"
        "Subsystem sftp internal-sftp\nForceCommand internal-sftp\n"
    )
    user = pwd.getpwuid(os.geteuid()).pw_name
    with running([sshd, "-D", "-e", "-f", folder / "config"], port, folder / "log"):
        yield Service(
            "sftp",
            f"127.0.0.1:{port}",
            lambda netloc: f"sftp://{user}@{netloc}{folder}/packs",
            (folder / "host.pub").read_bytes(),
            (folder / "person").read_bytes(),
            folder,
            (folder / "stranger").read_bytes(),
            speaks_http=False,
        )


STARTING = {
    "moto": moto,
    "seaweedfs": seaweedfs,
    "rclone": rclone,
    "sftp": sftp,
    "google": google,
    "azure": azure,
    "dropbox": dropbox,
}
