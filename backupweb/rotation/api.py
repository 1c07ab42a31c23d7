"""The new key as a browser sends it."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from ninja import Router, Status
from pydantic import Field

from backupweb.accounts.http import SignedInRequest
from backupweb.backups.api import SealedHead, Sequence
from backupweb.keyring import selectors
from backupweb.keyring.api import KeyringAnswer, KeyringBody
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.throttle import throttle
from backupweb.rotation import services

router = Router(tags=["rotation"])


class KeyChangeBody(KeyringBody):
    """The keyring of the next epoch, and the first head that is sealed under its key."""

    epoch: Annotated[int, Field(ge=2, lt=2**32)]
    sequence: Sequence
    sealed: SealedHead


@router.post("/keyring/change", response={201: KeyringAnswer, 200: KeyringAnswer, 404: ErrorAnswer, 409: ErrorAnswer})
def key_change(request: SignedInRequest, body: KeyChangeBody) -> Status[KeyringAnswer]:
    """Puts a new key in place of the old one."""
    throttle(f"commit:{request.user.pk.hex}", settings.BACKUPWEB_LIMIT_COMMIT)
    key = services.NewKey(
        library=body.library, epoch=body.epoch, check=body.check, slots=[slot.value() for slot in body.slots]
    )
    fresh = services.key_change(account=request.user, key=key, sequence=body.sequence, sealed=body.sealed)
    return Status(201 if fresh else 200, KeyringAnswer.of(selectors.keyring_of(request.user)))
