"""An independent OPAQUE (RFC 9807, over RFC 9497), for tests only: it says which secrets a password gives.

Written from the two documents on another library's group operations. A journey searches every byte that a browser sent
for what stands in `Secrets`.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from oblivious.ristretto import python as group

ORDER = 2**252 + 27742317777372353535851937790883648493
SUITE = b"OPRFV1-\x00-ristretto255-SHA512"


@dataclass(frozen=True)
class Costs:
    """Argon2id's, or none: the identity function of the published vectors."""

    memory: int
    passes: int
    lanes: int


@dataclass(frozen=True)
class Secrets:
    """What nobody but the client may ever see."""

    oprf_output: bytes
    stretched: bytes
    randomized_password: bytes
    export_key: bytes
    client_private_key: bytes


@dataclass(frozen=True)
class Identities:
    """Empty ones stand for the public keys."""

    client: bytes = b""
    server: bytes = b""


# ---------------------------------------------------------------- RFC 9497


def sized(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content


def expand_message(message: bytes, tag: bytes) -> bytes:
    """expand_message_xmd of RFC 9380 with SHA-512, one block out."""
    tag_prime = tag + len(tag).to_bytes(1, "big")
    first = hashlib.sha512(bytes(128) + message + (64).to_bytes(2, "big") + b"\x00" + tag_prime).digest()
    return hashlib.sha512(first + b"\x01" + tag_prime).digest()


def derive_key_pair(seed: bytes, info: bytes) -> tuple[bytes, bytes]:
    wide = expand_message(seed + sized(info) + b"\x00", b"DeriveKeyPair" + SUITE)
    private = (int.from_bytes(wide, "little") % ORDER).to_bytes(32, "little")
    return private, bytes(group.bas(private))


def blind(message: bytes, scalar: bytes) -> bytes:
    return bytes(group.mul(scalar, group.pnt(expand_message(message, b"HashToGroup-" + SUITE))))


def evaluate(key: bytes, element: bytes) -> bytes:
    return bytes(group.mul(key, element))


def unblind(message: bytes, scalar: bytes, evaluated: bytes) -> bytes:
    """Finalize."""
    element = bytes(group.mul(group.inv(scalar), evaluated))
    return hashlib.sha512(sized(message) + sized(element) + b"Finalize").digest()


# ---------------------------------------------------------------- RFC 9807


def mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha512).digest()


def expand(key: bytes, info: bytes, length: int = 64) -> bytes:
    """HKDF-Expand."""
    out, block, number = b"", b"", 0
    while len(out) < length:
        number += 1
        block = mac(key, block + info + bytes([number]))
        out += block
    return out[:length]


def derive_secret(secret: bytes, label: bytes, context: bytes) -> bytes:
    full = b"OPAQUE-" + label
    return expand(secret, (64).to_bytes(2, "big") + bytes([len(full)]) + full + bytes([len(context)]) + context)


def oprf_key(oprf_seed: bytes, credential: bytes) -> bytes:
    return derive_key_pair(expand(oprf_seed, credential + b"OprfKey", 32), b"OPAQUE-DeriveKeyPair")[0]


def stretch(content: bytes, costs: Costs | None) -> bytes:
    if costs is None:
        return content
    return hash_secret_raw(content, bytes(16), costs.passes, costs.memory, costs.lanes, 64, Type.ID)


def secrets_of(password: bytes, key: bytes, nonce: bytes, costs: Costs | None) -> Secrets:
    """Everything that follows from a password, the OPRF key of its record and the envelope's nonce."""
    output = unblind(password, (1).to_bytes(32, "little"), evaluate(key, blind(password, (1).to_bytes(32, "little"))))
    stretched = stretch(output, costs)
    randomized = mac(b"", output + stretched)  # HKDF-Extract without a salt
    private, _ = derive_key_pair(expand(randomized, nonce + b"PrivateKey", 32), b"OPAQUE-DeriveDiffieHellmanKeyPair")
    return Secrets(output, stretched, randomized, expand(randomized, nonce + b"ExportKey"), private)


def upload_of(found: Secrets, nonce: bytes, server_public_key: bytes, names: Identities | None = None) -> bytes:
    """The registration record: client's public key, masking key, envelope."""
    names = names or Identities()
    public = bytes(group.bas(found.client_private_key))
    clear = server_public_key + sized(names.server or server_public_key) + sized(names.client or public)
    tag = mac(expand(found.randomized_password, nonce + b"AuthKey"), nonce + clear)
    return public + expand(found.randomized_password, b"MaskingKey") + nonce + tag


def open_record(setup: bytes, upload: bytes, credential: bytes, password: bytes, costs: Costs | None) -> Secrets:
    """What a password gives with a record of a server; raises where it is not the record's."""
    nonce, server_private_key = upload[96:128], setup[64:96]
    found = secrets_of(password, oprf_key(setup[:64], credential), nonce, costs)
    if upload_of(found, nonce, bytes(group.bas(server_private_key))) != upload:
        raise ValueError("another password")
    return found


@dataclass(frozen=True)
class LoggedIn:
    """How a login ends for the client."""

    ke3: bytes
    session_key: bytes


def log_in(
    found: Secrets, ke1: bytes, ke2: bytes, ephemeral: bytes, context: bytes, names: Identities | None = None
) -> LoggedIn:
    """KE3 and session key, from KE2 and the client's ephemeral key; raises where the server's MAC does not hold."""
    names = names or Identities()
    pad = expand(expand(found.randomized_password, b"MaskingKey"), ke2[32:64] + b"CredentialResponsePad", 128)
    server_public_key = bytes(one ^ other for one, other in zip(ke2[64:192], pad, strict=True))[:32]
    client_public_key = bytes(group.bas(found.client_private_key))
    share = ke2[224:256]
    secret = b"".join(
        bytes(group.mul(scalar, point))
        for scalar, point in ((ephemeral, share), (ephemeral, server_public_key), (found.client_private_key, share))
    )
    preamble = b"OPAQUEv1-" + sized(context) + sized(names.client or client_public_key) + ke1
    preamble += sized(names.server or server_public_key) + ke2[:256]
    said = hashlib.sha512(preamble).digest()
    key = mac(b"", secret)
    handshake = derive_secret(key, b"HandshakeSecret", said)
    if mac(derive_secret(handshake, b"ServerMAC", b""), said) != ke2[256:]:
        raise ValueError("another password, or another server")
    proof = mac(derive_secret(handshake, b"ClientMAC", b""), hashlib.sha512(preamble + ke2[256:]).digest())
    return LoggedIn(proof, derive_secret(key, b"SessionKey", said))
