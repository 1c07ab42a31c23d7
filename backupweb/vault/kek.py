"""The key-encryption key: one per epoch, in files or in a PKCS#11 token; it wraps the record keys of the ledger."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import VaultUnavailable

VERSION = b"\x01"
NONCE = 12
TAG = 16
KEY = 32
_FILE = re.compile(r"kek-([1-9][0-9]{0,17})")


class KeyGone(Exception):
    """This KEK is destroyed, or what was wrapped is not what it wrapped: nothing opens it any more."""


class Keks(Protocol):
    """Where the KEKs are. What cannot be reached is `VaultUnavailable`, never `KeyGone`: that one erases records.

    Wrapped: `u8 1 ‖ nonce(12) ‖ GCM(KEK, key)`.
    """

    def epochs(self) -> set[int]:
        """The epochs that have a KEK."""

    def make(self, epoch: int) -> None:
        """Makes the KEK of a new epoch."""

    def wrap(self, epoch: int, key: SecretBytes, bound_to: bytes) -> bytes:
        """Wraps a key."""

    def unwrap(self, epoch: int, wrapped: bytes, bound_to: bytes) -> SecretBytes:
        """Opens what `wrap` gave."""

    def destroy(self, epoch: int) -> None:
        """Destroys a KEK. Doing it again is harmless."""


def keks(folder: Path) -> Keks:
    """The token if one is configured, else files in the folder."""
    library, pin = settings.BACKUPWEB_VAULT_PKCS11_LIBRARY, settings.BACKUPWEB_VAULT_PKCS11_PIN
    if library is None or pin is None:  # the settings refuse a library without a PIN
        return FileKeks(folder)
    # A library that only those load who have a token.
    from backupweb.vault.token import token_keks  # noqa: PLC0415

    return token_keks(str(library), settings.BACKUPWEB_VAULT_PKCS11_TOKEN, pin)


def parts(wrapped: bytes) -> tuple[bytes, bytes]:
    """The nonce, and what was sealed with it."""
    if len(wrapped) < 1 + NONCE + TAG or wrapped[:1] != VERSION:
        raise KeyGone
    return wrapped[1 : 1 + NONCE], wrapped[1 + NONCE :]


# ---------------------------------------------------------------- files


class FileKeks:
    """`kek-<epoch>`, 32 bytes, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def epochs(self) -> set[int]:
        return {int(found[1]) for file in self._folder.iterdir() if (found := _FILE.fullmatch(file.name))}

    def make(self, epoch: int) -> None:
        # The ledger's lock is held: nobody else makes one. A half-written file never gets the name of a KEK.
        fresh = self._folder / "kek-new"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY))
            file.flush()
            os.fsync(handle)
        fresh.rename(self._path(epoch))
        self._flush_folder()  # a ledger that refers to a file which a power cut took away opens nothing

    def wrap(self, epoch: int, key: SecretBytes, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return VERSION + nonce + self._cipher(epoch).encrypt(nonce, key.expose(), bound_to)

    def unwrap(self, epoch: int, wrapped: bytes, bound_to: bytes) -> SecretBytes:
        nonce, sealed = parts(wrapped)
        try:
            return SecretBytes(self._cipher(epoch).decrypt(nonce, sealed, bound_to))
        except InvalidTag as error:
            raise KeyGone from error

    def destroy(self, epoch: int) -> None:
        try:
            with self._path(epoch).open("r+b") as file:
                file.write(bytes(KEY))  # as far as a file system lets anybody overwrite
                file.flush()
                os.fsync(file.fileno())
            self._path(epoch).unlink()
        except FileNotFoundError:
            return
        self._flush_folder()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"kek-{epoch}"

    def _cipher(self, epoch: int) -> AESGCM:
        try:
            key = self._path(epoch).read_bytes()
        except FileNotFoundError as error:
            raise KeyGone from error
        if len(key) != KEY:
            raise VaultUnavailable  # somebody damaged it; perhaps somebody has a copy
        return AESGCM(key)

    def _flush_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
