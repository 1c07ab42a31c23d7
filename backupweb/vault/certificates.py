"""A private authority and the two certificates by which a site and its vault know each other."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

# One lifetime for all three: nobody renews what two machines have between themselves, and a certificate that ran out
# would keep people from their chats.
_LIFETIME = timedelta(days=3650)


@dataclass(frozen=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_certificates(folder: Path, host: str) -> list[Path]:
    """Writes `authority.pem`, and certificate and key for the vault at `host` and for the site.

    The authority's key is written nowhere: after this it can sign nothing more, and nobody can steal it.
    """
    authority = _authority()
    made = {"authority.pem": authority.certificate.public_bytes(Encoding.PEM)}
    # Each is good for its own side only: who steals the site's certificate cannot pose as the vault.
    made |= _signed(authority, "vault", ExtendedKeyUsageOID.SERVER_AUTH, host)
    made |= _signed(authority, "site", ExtendedKeyUsageOID.CLIENT_AUTH, None)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any((folder / name).exists() for name in made):
        raise FileExistsError
    for name, content in made.items():
        # Exclusive: nothing that is in use is overwritten, whoever else is at work here.
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if "key" in name else 0o644)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    return [folder / name for name in made]


def _authority() -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Backupweb vault authority")
    usage = x509.BasicConstraints(ca=True, path_length=0)
    certificate = (
        _begun(name, name, key)
        .add_extension(usage, critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return _Authority(certificate, key)


def _signed(authority: _Authority, side: str, purpose: ObjectIdentifier, host: str | None) -> dict[str, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _begun(_name(f"Backupweb {side}"), authority.certificate.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    return {
        f"{side}.pem": certificate.public_bytes(Encoding.PEM),
        f"{side}-key.pem": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
