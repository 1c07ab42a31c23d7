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


def added_slot_body(kind: int = 1, epoch: int = 1) -> dict[str, Any]:
    """A slot that is added to a keyring of this epoch."""
    return slot_body(kind) | {"epoch": epoch}


def keyring_body(slots: int = 1) -> dict[str, Any]:
    return {
        "library": secrets.token_hex(16),
        "epoch": 1,
        "check": write_bytes(secrets.token_bytes(16)),
        "slots": [slot_body() for _ in range(slots)],
    }


def key_change_body(old: dict[str, Any], sequence: int) -> dict[str, Any]:
    """The keyring that follows this one, and the head that comes with it."""
    fresh = keyring_body() | {"library": old["library"], "epoch": old["epoch"] + 1}
    return fresh | {"sequence": sequence, "sealed": write_bytes(secrets.token_bytes(4096))}
