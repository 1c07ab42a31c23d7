"""The secret key of a development server: made at the first start, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from backupweb.lib.secret import SecretBytes


def development_key(path: Path) -> SecretBytes:
    """Reads the key, or makes it. Two processes that start at once end with the same key."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # fails when another process was first; its key rules
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return SecretBytes(path.read_bytes().strip())
