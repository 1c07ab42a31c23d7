"""Makes `tests/vectors/crypt15.json`."""

from __future__ import annotations

import base64
import json
import os
import zlib
from pathlib import Path

from tests.client.backup_file import make_backup

VECTOR = Path(__file__).parents[1] / "vectors" / "crypt15.json"
ROOT = bytes(range(32))
IV = bytes(range(100, 116))
PLAIN = b"SQLite format 3\0" + bytes(range(256)) * 8


def _vector() -> dict[str, object]:
    packed = zlib.compress(PLAIN)
    java = bytes.fromhex("aced0005757200025b42acf317f8060854e00200007870000000") + b"\x20" + ROOT
    cases = {
        "one file": make_backup(packed, ROOT, IV, flag=True, digest=True),
        "without a flag": make_backup(packed, ROOT, IV, flag=False, digest=True),
        "several files": make_backup(packed, ROOT, IV, flag=True, digest=False),
        "a zip": make_backup(b"PK\x03\x04rest", ROOT, IV, flag=True, digest=False),
        "cannot be unpacked": make_backup(b"\x78\x9cnothing", ROOT, IV, flag=True, digest=True),
    }
    return {
        "root": ROOT.hex(),
        "key_file": base64.b64encode(java).decode(),
        "plain": base64.b64encode(PLAIN).decode(),
        "backups": {name: base64.b64encode(body).decode() for name, body in cases.items()},
    }


def test_the_vector_is_what_this_makes() -> None:
    made = json.dumps(_vector(), indent=1) + "\n"
    if os.environ.get("VECTORS") == "write":
        VECTOR.write_text(made)
    # Which bytes a compressor chooses is its own; what comes out again is not.
    assert json.loads(VECTOR.read_text())["plain"] == json.loads(made)["plain"]
    assert json.loads(VECTOR.read_text())["key_file"] == json.loads(made)["key_file"]
