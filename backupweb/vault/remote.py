"""The vault on its own host, as the site reaches it: the same messages and the same refusals, over mutual TLS.

Nothing of a message is written down here, and nothing is tried twice: a second try could cost a second guess.
"""

from __future__ import annotations

import logging
import ssl
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
from django.conf import settings
from pydantic import TypeAdapter, ValidationError

from backupweb.lib.errors import DomainError
from backupweb.lib.http import ErrorAnswer
from backupweb.vault.errors import VaultError, VaultUnavailable
from backupweb.vault.messages import (
    Accounts,
    Answer,
    AskAccounts,
    AskUntold,
    Drop,
    Errand,
    Message,
    Noted,
    Relayed,
    Told,
    Untold,
    read_answer,
)

logger = logging.getLogger(__name__)

_PATIENCE = httpx.Timeout(10.0, connect=3.0)
# Shorter than the vault keeps a connection: see `run_vault`.
_CONNECTIONS = httpx.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=30.0)
# What a vault may refuse; by name, so that nothing else that it might say becomes an answer of ours.
_REFUSALS: dict[str, type[DomainError]] = {error.code: error for error in VaultError.__subclasses__()}

Said = TypeVar("Said")


def answer(account: UUID, message: Message) -> Answer:
    """The vault's answer, or its refusal."""
    return _ask(account, message, read_answer)


def untold(account: UUID) -> int | None:
    """How many guesses erased the record, if the person has not been told."""
    return _ask(account, AskUntold(kind="untold"), TypeAdapter(Untold)).guesses


def told(account: UUID) -> None:
    """The person has been told."""
    _ask(account, Told(kind="told"), TypeAdapter(Noted))


def drop(account: UUID) -> None:
    """The account is gone: so goes everything of it."""
    _ask(account, Drop(kind="drop"), TypeAdapter(Noted))


def accounts_after(account: UUID) -> list[UUID]:
    """Which accounts the vault knows, in order, after this one."""
    return _ask(account, AskAccounts(kind="accounts"), TypeAdapter(Accounts)).accounts


def alive() -> bool:
    """Whether the vault answers, and could count a guess."""
    return bool(_line().get("/healthz").json() == {"alive": True})


def _ask(account: UUID, message: Message | Errand, reader: TypeAdapter[Said]) -> Said:
    body = Relayed(account=account, message=message).model_dump_json()
    try:
        heard = _line().post("/v1/messages", content=body, headers={"Content-Type": "application/json"})
        if heard.status_code == httpx.codes.OK:
            return reader.validate_json(heard.content)
        refused = ErrorAnswer.model_validate_json(heard.content).error
        refusal = _REFUSALS[refused.code](**refused.params)
    except (httpx.HTTPError, OSError, ValidationError, KeyError) as error:
        logger.warning("the vault did not answer", extra={"event": {"why": type(error).__name__}})
        raise VaultUnavailable from None
    raise refusal


def _line() -> httpx.Client:
    return _open_line(
        str(settings.BACKUPWEB_VAULT_URL),
        settings.BACKUPWEB_VAULT_CA,
        settings.BACKUPWEB_VAULT_CERTIFICATE,
        settings.BACKUPWEB_VAULT_CERTIFICATE_KEY,
    )


@lru_cache(maxsize=1)
def _open_line(url: str, authority: Path, certificate: Path, key: Path) -> httpx.Client:
    context = ssl.create_default_context(cafile=authority)  # this authority and no other
    context.load_cert_chain(certificate, key)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # The environment's proxies are not asked: the way to the vault is a private one.
    return httpx.Client(base_url=url, verify=context, timeout=_PATIENCE, limits=_CONNECTIONS, trust_env=False)
