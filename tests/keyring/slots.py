"""Keyrings and slots as a browser would send them, with random bytes in place of keys."""

from __future__ import annotations

import secrets
from typing import Any

from backupweb.lib.wire import write_bytes


def slot_body(kind: int = 1) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "kind": kind,
        "parameters": "",
        "sealed": write_bytes(secrets.token_bytes(61)),
        "label": "Recovery code",
    }


def keyring_body(slots: int = 1) -> dict[str, Any]:
    return {
        "library": secrets.token_hex(16),
        "epoch": 1,
        "check": write_bytes(secrets.token_bytes(16)),
        "slots": [slot_body() for _ in range(slots)],
    }
