"""The vault without a socket: the same messages, one by one."""

from __future__ import annotations

from django.conf import settings
from ninja import Body, Router

from backupweb.accounts.http import SignedInRequest
from backupweb.lib.http import ErrorAnswer
from backupweb.vault import door
from backupweb.vault.errors import SocketNeeded
from backupweb.vault.messages import Answer, Answered, EnrolBegin, LoginBegin, Said

router = Router(tags=["vault"])


@router.post("/vault", response={200: Answered, frozenset({403, 404, 409, 410, 429, 503}): ErrorAnswer})
def vault_message(request: SignedInRequest, body: Body[Said]) -> Answer:
    """One message to the key vault, and its answer."""
    # Several processes serve this site, and the next request may reach another one than the exchange lives in.
    scattered = settings.SEVERAL_PROCESSES and settings.BACKUPWEB_VAULT_URL is None
    if scattered and isinstance(body, LoginBegin | EnrolBegin):
        raise SocketNeeded  # before a guess is spent
    return door.talk(account=request.user, message=body)
