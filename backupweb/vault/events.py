"""What happens to a password, as log lines for `ops`: which account, how many guesses are left, nothing else."""

from __future__ import annotations

import logging
from typing import Literal
from uuid import UUID

Happening = Literal[
    "vault-guess", "vault-opened", "vault-wrong-password", "vault-erased", "vault-enrolled", "vault-removed"
]
_ALARMING = {"vault-wrong-password", "vault-erased"}

logger = logging.getLogger("backupweb.security")


def note(happening: Happening, account: UUID, *, left: int) -> None:
    """Writes the line."""
    level = logging.WARNING if happening in _ALARMING else logging.INFO
    event = {"event": happening, "account": account.hex, "left": left}
    logger.log(level, "security event", extra={"event": event})
