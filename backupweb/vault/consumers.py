"""The vault's socket: one message, one answer, then the next; whoever says nothing for two minutes is let go."""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation
from pydantic import ValidationError

from backupweb.accounts.events import group_of
from backupweb.accounts.models import Account
from backupweb.accounts.sessions import acting, of_scope, signed_in
from backupweb.lib.errors import DomainError, InternalFault, NotSignedIn
from backupweb.lib.http import error_body
from backupweb.vault import door
from backupweb.vault.errors import MalformedMessage
from backupweb.vault.messages import LARGEST_FRAME, read_message

SILENCE = 120.0
_TOO_LARGE, _NOT_TEXT, _NOT_ALLOWED = 1009, 1003, 1008

logger = logging.getLogger(__name__)

# Of their own, so that a flood of guesses does not hold up uploads, and opens no more connections than these.
_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="vault")


class VaultConsumer(AsyncWebsocketConsumer):
    """One conversation of one signed-in device."""

    _group = ""
    _patience: asyncio.TimerHandle | None = None
    _farewell: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        if not isinstance(self.scope["user"], Account):
            await self.close()
            return
        await self._join()
        await self.accept()
        self._wait()

    async def disconnect(self, code: int) -> None:
        self._stop_waiting()
        if self._group:
            with suppress(Exception):
                await self.channel_layer.group_discard(self._group, self.channel_name)

    async def _join(self) -> None:
        # Without the channel layer a session that was ended is noticed with its next message, and after two minutes.
        group = group_of(self.scope["user"].pk)
        try:
            await self.channel_layer.group_add(group, self.channel_name)
        except Exception:
            logger.exception("the channel layer cannot be joined")
        else:
            self._group = group

    async def tell(self, message: dict[str, Any]) -> None:
        """From `accounts.events.announce`: of what is told to the person's pages, only that this session was ended."""
        if message["event"].get("session") == self.scope["session"].session_key:
            await self.close()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        # Channels hands over the next frame when this one is done with: nobody has two messages under way.
        self._stop_waiting()
        if text_data is None:
            await self.close(code=_NOT_TEXT)
        elif len(text_data.encode()) > LARGEST_FRAME:
            await self.close(code=_TOO_LARGE)
        else:
            # Not in asgiref's one thread, and yet by asgiref: what it announces must come back to this event loop.
            answer = await database_sync_to_async(_answer, thread_sensitive=False, executor=_threads)(
                self.scope, text_data
            )
            await self.send(json.dumps(answer))
            if answer["kind"] == "refused" and answer["error"]["code"] == NotSignedIn.code:
                await self.close(code=_NOT_ALLOWED)
            else:
                self._wait()

    def _wait(self) -> None:
        self._patience = asyncio.get_running_loop().call_later(SILENCE, self._let_go)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()

    def _let_go(self) -> None:
        self._farewell = asyncio.create_task(self.close())


def _answer(scope: dict[str, Any], text: str) -> dict[str, Any]:
    # Asked anew for every message: a session that was ended meanwhile, by whatever, ends here too.
    account = signed_in(scope["session"].session_key)
    with translation.override(_language(scope, account)), acting(of_scope(scope)):
        try:
            if account is None:
                raise NotSignedIn
            try:
                message = read_message.validate_json(text)
            except ValidationError:
                raise MalformedMessage from None  # its text would repeat what was sent
            return door.talk(account=account, message=message).model_dump(mode="json")
        except DomainError as error:
            return {"kind": "refused", **error_body(error)}
        except Exception:
            logger.exception("a message to the vault could not be answered")
            return {"kind": "refused", **error_body(InternalFault())}


def _language(scope: dict[str, Any], account: Account | None) -> str:
    # As for pages: what this device chose, else what the account has, else what the browser asks for.
    request = ASGIRequest({**scope, "method": "GET"}, BytesIO())
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and account is not None and account.language:
        return account.language
    return translation.get_language_from_request(request)
