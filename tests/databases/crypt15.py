"""Seals as WhatsApp seals its backups: written from the description of the format, apart from the browser's reader.

python -m tests.databases.crypt15 makes `tests/vectors/databases/crypt15.json`.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VECTORS = Path(__file__).parent.parent / "vectors" / "databases" / "crypt15.json"
ROOT = bytes(range(0x40, 0x60))
IV = bytes(range(0xA0, 0xB0))
# What Java writes before an array of 32 bytes.
JAVA_ARRAY = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870") + (32).to_bytes(4, "big")


def backup_key(root: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) with a salt of zeros, one block of output."""
    pseudorandom = hmac.new(bytes(32), root, hashlib.sha256).digest()
    return hmac.new(pseudorandom, b"backup encryption\x01", hashlib.sha256).digest()


def field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that has a length below 128."""
    return bytes([number << 3 | 2, len(content)]) + content


def seal(packed: bytes, root: bytes = ROOT, iv: bytes = IV, *, flag: bool = True, digest: bool = True) -> bytes:
    """One file of a backup. `packed`: what is inside, already compressed."""
    # Field 1 of the header says which kind of key it is, field 2 belongs to older backups.
    header = b"\x08\x01" + field(3, field(1, iv)) + field(4, field(1, b"2.23.1.76"))
    sealed = (
        bytes([len(header)]) + (b"\x01" if flag else b"") + header + AESGCM(backup_key(root)).encrypt(iv, packed, None)
    )
    return sealed + (hashlib.md5(sealed).digest() if digest else b"")


def zipped(plain: bytes) -> bytes:
    """A zip with one file in it, the same bytes on every day."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("settings.json"), plain)
    return made.getvalue()


def vectors() -> dict[str, object]:
    """What the browser's reader has to open."""
    plain = b"SQLite format 3\0" + bytes(range(64)) * 8
    small = zipped(b'{"theme": "dark"}')
    # Stored and not compressed: other releases of zlib would pack otherwise, without being wrong.
    packed = zlib.compress(plain, 0)
    files = [
        {"with": "flag, digest, zlib", "sealed": seal(packed).hex(), "plain": plain.hex()},
        {"with": "no flag, digest, zlib", "sealed": seal(packed, flag=False).hex(), "plain": plain.hex()},
        {"with": "flag, no digest, zip", "sealed": seal(small, digest=False).hex(), "plain": small.hex()},
        {"with": "flag, digest, nothing packed", "sealed": seal(plain).hex(), "plain": plain.hex()},
    ]
    return {"root": ROOT.hex(), "keyFile": (JAVA_ARRAY + ROOT).hex(), "files": files}


def written() -> str:
    """The file's text."""
    return json.dumps(vectors(), indent=4) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(written())
