"""The vectors of encrypted backups are what the description of the format makes."""

import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.databases import crypt15


def test_they_are_made_anew_as_they_are() -> None:
    assert crypt15.VECTORS.read_text() == crypt15.written()


def test_the_key_is_that_of_the_library_s_own_derivation() -> None:
    derived = HKDF(SHA256(), 32, salt=bytes(32), info=b"backup encryption").derive(crypt15.ROOT)
    assert crypt15.backup_key(crypt15.ROOT) == derived


def test_a_sealed_file_ends_with_its_digest_and_opens_with_its_key_alone() -> None:
    sealed = crypt15.seal(b"plain")
    assert hashlib.md5(sealed[:-16]).digest() == sealed[-16:]
    body = sealed[2 + sealed[0] : -16]
    assert AESGCM(crypt15.backup_key(crypt15.ROOT)).decrypt(crypt15.IV, body, None) == b"plain"
    with pytest.raises(InvalidTag):
        AESGCM(crypt15.backup_key(bytes(32))).decrypt(crypt15.IV, body, None)
