"""pairing.json and password.json: what two browsers say to each other, opened by libraries that no browser has."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import opaque_snake
import pytest
from backupweb_client.format.wire import from_base64url
from backupweb_client.primitives import NotAuthenticError, gcm_open, hkdf
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, OpenError

FOLDER = Path(__file__).parent.parent / "vectors"
VECTORS = json.loads((FOLDER / "pairing.json").read_bytes())
ACCOUNT, MAILBOX = bytes.fromhex(VECTORS["account"]), bytes.fromhex(VECTORS["mailbox"])
GIFT = bytes.fromhex(VECTORS["gift"]["bytes"])
INFO = b"backupweb/v1/pairing"
X_WING = 0x647A
X_WING_ENC = 1120
X_WING_LABEL = b"\\.//^\\"


class XWing:
    """X-Wing's opening half: ML-KEM-768 and X25519 by `cryptography`, joined by SHA3-256."""

    id = SimpleNamespace(value=X_WING)

    def __init__(self, seed: bytes) -> None:
        expanded = hashlib.shake_256(seed).digest(96)
        self.mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self.x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])

    def public_key(self) -> bytes:
        return self.mlkem.public_key().public_bytes_raw() + self.x25519.public_key().public_bytes_raw()

    def decap(self, enc: bytes, *_: object) -> bytes:
        shared = self.mlkem.decapsulate(enc[:1088])
        shared += self.x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
        return hashlib.sha3_256(shared + enc[1088:] + self.public_key()[1184:] + X_WING_LABEL).digest()


def suite_of(kem: Any) -> CipherSuite:
    """The suite's key schedule and mode PSK, by `pyhpke`, which has no X-Wing of its own."""
    known = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    return CipherSuite(kem, known.kdf, known.aead)


def open_picture_letter(
    letter: bytes, *, psk: bytes | None = None, mailbox: bytes = MAILBOX, account: bytes = ACCOUNT
) -> bytes:
    picture = VECTORS["picture"]
    kem = XWing(bytes.fromhex(picture["seed"]))
    context = suite_of(kem).create_recipient_context(
        letter[:X_WING_ENC],
        None,  # type: ignore[arg-type]
        info=INFO,
        psk=psk or bytes.fromhex(picture["psk"]),
        psk_id=mailbox,
    )
    return context.open(letter[X_WING_ENC:], aad=account + mailbox)


def test_the_gift_is_laid_out_as_written() -> None:
    gift = VECTORS["gift"]

    assert bytes.fromhex(gift["library"]) + gift["epoch"].to_bytes(4, "big") + bytes.fromhex(gift["root"]) == GIFT
    assert len(GIFT) == 52


def test_the_picture_says_version_mailbox_hash_and_psk() -> None:
    picture = VECTORS["picture"]
    key = from_base64url(picture["publicKey"])

    assert len(picture["text"]) == 108
    written = from_base64url(picture["text"])
    assert written == b"\x01" + MAILBOX + hashlib.sha256(key).digest() + bytes.fromhex(picture["psk"])
    assert key == XWing(bytes.fromhex(picture["seed"])).public_key()


def test_the_gift_by_picture_opens_with_x_wing_in_mode_psk() -> None:
    letter = from_base64url(VECTORS["picture"]["letter"])

    assert len(letter) == 1188
    assert open_picture_letter(letter) == GIFT


@pytest.mark.parametrize("wrong", [{"psk": bytes(32)}, {"mailbox": bytes(16)}, {"account": bytes(16)}])
def test_the_gift_by_picture_opens_nowhere_else(wrong: dict[str, bytes]) -> None:
    with pytest.raises(OpenError):
        open_picture_letter(from_base64url(VECTORS["picture"]["letter"]), **wrong)


def test_x_wing_itself_agrees_with_a_library_that_has_it() -> None:
    kem = XWing(bytes.fromhex(VECTORS["picture"]["seed"]))
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    key = hpke.MLKEM768X25519PrivateKey(kem.mlkem, kem.x25519)
    letter = from_base64url(VECTORS["base"]["letter"])

    assert suite.decrypt(letter, key, info=INFO) == GIFT
    with pytest.raises(InvalidTag):
        suite.decrypt(letter, key, info=b"backupweb/v2/pairing")


def test_mode_psk_itself_agrees_with_a_library_that_has_it() -> None:
    vector = VECTORS["x25519"]
    suite = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(vector["privateKey"]))
    context = suite.create_recipient_context(
        from_base64url(vector["enc"]),
        KEMKey.from_pyca_cryptography_key(private),
        info=INFO,
        psk=bytes.fromhex(vector["psk"]),
        psk_id=MAILBOX,
    )

    assert context.open(from_base64url(vector["sealed"]), aad=ACCOUNT + MAILBOX) == GIFT


def test_key_and_digits_of_a_code_follow_from_the_session_key() -> None:
    code = VECTORS["code"]
    session_key = bytes.fromhex(code["sessionKey"])
    compare = int.from_bytes(hkdf(session_key, MAILBOX, b"backupweb/v1/pairing-compare", 4), "big")

    assert hkdf(session_key, MAILBOX, b"backupweb/v1/short-code", 32).hex() == code["sealKey"]
    assert f"{compare % 1_000_000:06}" == code["compare"]


def test_the_gift_by_code_opens_in_its_place_alone() -> None:
    key = bytes.fromhex(VECTORS["code"]["sealKey"])
    letter = from_base64url(VECTORS["code"]["letter"])

    assert len(letter) == 80
    assert gcm_open(key, letter[:12], letter[12:], INFO + b"\0" + ACCOUNT + MAILBOX) == GIFT
    with pytest.raises(NotAuthenticError):
        gcm_open(key, letter[:12], letter[12:], INFO + b"\0" + MAILBOX + ACCOUNT)


def test_the_servers_library_answers_the_passwords_registration_byte_for_byte() -> None:
    vector = json.loads((FOLDER / "password.json").read_bytes())["opaque"]
    server = opaque_snake.OpaqueServer(bytes.fromhex(vector["setup"]))
    request = opaque_snake.RegistrationRequest.from_bytes(bytes.fromhex(vector["request"]))
    response = server.create_registration_response(request, vector["identifier"])

    assert response.to_bytes().hex() == vector["response"]
