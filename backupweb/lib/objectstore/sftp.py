"""A folder on another machine by SFTP, whose host key is known beforehand."""

from __future__ import annotations

import binascii
import io
import posixpath
import secrets
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO

import paramiko
from storages.backends.sftpstorage import SFTPStorage

from backupweb.lib.objectstore.address import Address
from backupweb.lib.objectstore.protocol import BLOCK
from backupweb.lib.objectstore.remote import ANSWERING, CONNECTING, RemoteStore, Trouble

FORM = "sftp://user@host:port/absolute/path or sftp://user@host/~/path"
_HOST_KEY = "the server's host key, as `ssh-keyscan` prints it"
_LOGIN = "the password, or a private key without a passphrase"
_KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class SftpStore(RemoteStore):
    """Through django-storages, with a connection per thread."""

    def __init__(self, address: Address, spool: Path) -> None:
        super().__init__(spool)
        address.takes(FORM, credentials=True)
        if not address.user or not address.path:
            raise address.malformed(FORM)
        home = address.path.startswith("~/")
        port = address.port or 22
        self._root = address.path.removeprefix("~/") if home else f"/{address.path}"
        self._settings: dict[str, Any] = {
            "host": address.host,
            "root_path": self._root,
            "dir_mode": 0o700,
            "params": {"port": port, "username": address.user, **_login(address)},
        }
        self._host_keys = _host_keys(address, address.host if port == 22 else f"[{address.host}]:{port}")
        self._threads = threading.local()

    @property
    def _storage(self) -> Any:
        if not hasattr(self._threads, "storage"):
            self._threads.storage = _Storage(self._host_keys, **self._settings)
        return self._threads.storage

    def _path(self, key: str) -> str:
        return posixpath.join(self._root, key)

    def _put(self, key: str, file: BinaryIO, size: int) -> None:
        # By another name first, so that nothing half is read; where renaming fails, the length is still checked.
        path, storage = self._path(key), self._storage
        coming = f"{key}.{secrets.token_hex(4)}"
        try:
            storage._save(coming, file)  # noqa: SLF001  # `save` would ask for a free name first
            try:
                storage.sftp.posix_rename(self._path(coming), path)
            except OSError:
                storage.sftp.remove(self._path(coming))
                storage._save(key, file)  # noqa: SLF001
        except Exception:
            with suppress(Exception):
                storage.sftp.remove(self._path(coming))
            raise

    def _get(self, key: str, start: int, length: int) -> Iterator[bytes]:
        with self._storage.sftp.open(self._path(key), "rb") as file:
            end = min(start + length, file.stat().st_size)
            for at in range(start, end, BLOCK):
                # Asked for in one go, so that each block waits for the network once.
                yield from file.readv([(at, min(BLOCK, end - at))])

    def _size(self, key: str) -> int:
        return int(self._storage.sftp.stat(self._path(key)).st_size)

    def _delete(self, key: str) -> None:
        self._storage.sftp.remove(self._path(key))

    def _list(self, shard: str) -> Iterator[tuple[str, int, datetime]]:
        for found in self._storage.sftp.listdir_attr(self._path(shard)):
            if S_ISREG(found.st_mode or 0):
                yield found.filename, int(found.st_size or 0), datetime.fromtimestamp(found.st_mtime or 0, UTC)

    def _trouble(self, error: Exception) -> Trouble | None:
        name = type(error).__name__
        if isinstance(error, FileNotFoundError):
            return Trouble("missing", name)
        if isinstance(error, paramiko.BadHostKeyException | _UnknownHost):
            return Trouble("refused", "host key")
        if isinstance(error, paramiko.AuthenticationException | PermissionError):
            return Trouble("refused", name)
        if isinstance(error, paramiko.SSHException | OSError | EOFError):
            with suppress(Exception):
                self._storage.close()
            del self._threads.storage  # the next try has a connection of its own
            return Trouble("busy", name)
        return None


class _UnknownHost(paramiko.SSHException):
    """The machine that answers is not the one whose key we were given."""


class _RefuseUnknown(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
        raise _UnknownHost


class _Storage(SFTPStorage):
    """django-storages takes the key of any host it has not seen before: this one takes none."""

    def __init__(self, host_keys: paramiko.HostKeys, **settings: Any) -> None:
        super().__init__(**settings)
        self._host_keys = host_keys

    def _connect(self) -> None:
        self.close()
        self._ssh = paramiko.SSHClient()
        self._ssh.get_host_keys().update(self._host_keys)
        self._ssh.set_missing_host_key_policy(_RefuseUnknown())
        self._ssh.connect(
            self.host,
            allow_agent=False,
            look_for_keys=False,
            timeout=CONNECTING,
            banner_timeout=CONNECTING,
            auth_timeout=CONNECTING,
            **self.params,
        )
        self._sftp = self._ssh.open_sftp()
        self._sftp.get_channel().settimeout(ANSWERING)


def _login(address: Address) -> dict[str, Any]:
    secret = address.needs(_LOGIN, "SECRET")
    if "PRIVATE KEY-----" not in secret:
        return {"password": secret}
    for kind in _KEYS:
        with suppress(paramiko.SSHException, ValueError):
            return {"pkey": kind.from_private_key(io.StringIO(secret + "\n"))}
    raise address.malformed(_LOGIN, "SECRET")


def _host_keys(address: Address, host: str) -> paramiko.HostKeys:
    keys = paramiko.HostKeys()
    for line in address.needs(_HOST_KEY, "KEY").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        at = next((at for at, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-"))), None)
        if at is None or len(words) < at + 2:
            raise address.malformed(_HOST_KEY, "KEY")
        try:
            keys.add(
                host, words[at], paramiko.PKey.from_type_string(words[at], b64decode(words[at + 1], validate=True))
            )
        except (binascii.Error, paramiko.SSHException, ValueError, IndexError) as error:
            raise address.malformed(_HOST_KEY, "KEY") from error
    if not keys:
        raise address.malformed(_HOST_KEY, "KEY")
    return keys
