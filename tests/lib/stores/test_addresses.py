"""What does not fit stops the start with a sentence, and is not repeated in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test.utils import override_settings

from backupweb.lib import objectstore
from backupweb.lib.secret import SecretBytes
from backupweb.ops.checks import refuse_unsafe_start

HOST_KEY = b"backup.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGlTuOEBmPUTAuRPvxWRX2ZrAHLJMDDRY8vTIqL1FRXO"


def opening(address: str, key: bytes | None = b"app:key", secret: bytes | None = b"secret") -> objectstore.ObjectStore:
    settings: dict[str, Any] = {
        "BACKUPWEB_STORE": address,
        "BACKUPWEB_STORE_KEY": None if key is None else SecretBytes(key),
        "BACKUPWEB_STORE_SECRET": None if secret is None else SecretBytes(secret),
    }
    with override_settings(**settings):
        return objectstore.open_store()


@pytest.mark.parametrize(
    "address",
    [
        "file://host/path",
        "file:relative",
        "file:///",
        "ftp://x/y",
        "s3:///x",
        "s3://bucket/x?acl=public",
        "s3://bucket/x?endpoint=",
        "s3://key:secret@bucket/x",
        "gs:///x",
        "gs://bucket/x?account=y",
        "azure://container/x",
        "azure://container/x?account=a&account=b",
        "sftp://backup.example/x",
        "sftp://user@backup.example",
        "sftp://user:password@backup.example/x",
        "sftp://user@backup.example:port/x",
        "dropbox:///x",
        "dropbox://folder/x?token=y",
    ],
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^BACKUPWEB_STORE must be "):
        opening(address, key=HOST_KEY if address.startswith("sftp") else b"app:key", secret=b"c2VjcmV0")


@pytest.mark.parametrize(
    ("address", "key", "secret", "named"),
    [
        ("s3://bucket", b"key", None, "BACKUPWEB_STORE_SECRET must be given"),
        ("s3://bucket", None, b"secret", "BACKUPWEB_STORE_KEY must be given"),
        ("gs://bucket", None, b"no json", "BACKUPWEB_STORE_SECRET must be the JSON of a service account"),
        ("gs://bucket", None, b'{"type": "service_account"}', "BACKUPWEB_STORE_SECRET must be the JSON"),
        ("azure://c?account=a", None, None, "BACKUPWEB_STORE_SECRET or BACKUPWEB_STORE_SECRET_FILE must be"),
        ("azure://c?account=a", None, b"not base 64!", "BACKUPWEB_STORE_SECRET must be the account's key"),
        ("sftp://u@h/p", None, b"password", "BACKUPWEB_STORE_KEY or BACKUPWEB_STORE_KEY_FILE must be the server's"),
        ("sftp://u@h/p", b"no key", b"password", "BACKUPWEB_STORE_KEY must be the server's host key"),
        ("sftp://u@h/p", b"# only a comment", b"password", "BACKUPWEB_STORE_KEY must be the server's host key"),
        ("sftp://u@h/p", b"ssh-ed25519 AAAA", b"password", "BACKUPWEB_STORE_KEY must be the server's host key"),
        ("sftp://u@h/p", HOST_KEY, None, "BACKUPWEB_STORE_SECRET or BACKUPWEB_STORE_SECRET_FILE must be the password"),
        (
            "sftp://u@h/p",
            HOST_KEY,
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
            "BACKUPWEB_STORE_SECRET must be the password, or a private key",
        ),
        ("dropbox://folder", b"only-a-key", b"token", "BACKUPWEB_STORE_KEY must be the app's key and secret"),
        ("dropbox://folder", b"app:secret", None, "BACKUPWEB_STORE_SECRET or BACKUPWEB_STORE_SECRET_FILE must be"),
    ],
)
def test_a_malformed_secret_is_refused(address: str, key: bytes | None, secret: bytes | None, named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{named}") as refused:
        opening(address, key, secret)
    for given in (key, secret):
        assert given is None or given == b"key" or given == b"secret" or given.decode() not in str(refused.value)


def test_what_does_not_fit_stops_the_start() -> None:
    refused = pytest.raises(ImproperlyConfigured, match="BACKUPWEB_STORE must be azure://container/prefix")
    with override_settings(BACKUPWEB_STORE="azure://container"), refused:
        refuse_unsafe_start()


def test_what_fits_is_opened_without_a_connection() -> None:
    opening("s3://bucket/a/b?endpoint=https://s3.example&region=eu-central-1")
    opening("gs://bucket?endpoint=http://localhost:1", None, None)
    opening("azure://container/a?account=b", None, b"c2VjcmV0")
    opening("sftp://user@backup.example:23/~/packs", HOST_KEY, b"password")
    opening("dropbox://folder")
