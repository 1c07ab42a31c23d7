"""A sealed record:

    version(1) ‖ nonce(12) ‖ setup(128) ‖ password file(192) ‖ sealed slot(61), encrypted ‖ tag(16)

Account, record id and parameters are authenticated: a row that was put in another's place does not open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backupweb.lib.secret import SecretBytes

SETUP = 128
PASSWORD_FILE = 192
SLOT = 61
_VERSION = b"\x01"
_NONCE = 12
_TAG = 16
LENGTH = 1 + _NONCE + SETUP + PASSWORD_FILE + SLOT + _TAG


class Damaged(Exception):
    """Not what was sealed under this key, in this place."""


@dataclass(frozen=True)
class Place:
    """Where a sealed record belongs."""

    account: UUID
    record: UUID
    parameters: bytes

    def associated(self) -> bytes:
        """What is authenticated with it."""
        return b"backupweb/v1/vault-record\x00" + self.account.bytes + self.record.bytes + self.parameters


@dataclass(frozen=True)
class Opened:
    """What a record holds."""

    setup: SecretBytes
    password_file: SecretBytes
    slot: bytes


def seal(key: SecretBytes, place: Place, content: Opened) -> bytes:
    """Seals a record. A key seals one record, once."""
    nonce = secrets.token_bytes(_NONCE)
    plain = content.setup.expose() + content.password_file.expose() + content.slot
    return _VERSION + nonce + AESGCM(key.expose()).encrypt(nonce, plain, place.associated())


def unseal(key: SecretBytes, place: Place, sealed: bytes) -> Opened:
    """Opens what `seal` gave."""
    if len(sealed) != LENGTH or sealed[:1] != _VERSION:
        raise Damaged
    try:
        plain = AESGCM(key.expose()).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.associated())
    except InvalidTag as error:
        raise Damaged from error
    setup, password_file = plain[:SETUP], plain[SETUP : SETUP + PASSWORD_FILE]
    return Opened(SecretBytes(setup), SecretBytes(password_file), plain[SETUP + PASSWORD_FILE :])
