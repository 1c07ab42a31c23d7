"""The pairing socket: the answer of `read`, at once and whenever it changes. It listens to nothing."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from backupweb.accounts.sessions import signed_in
from backupweb.lib.secret import SecretBytes
from backupweb.lib.wire import read_bytes
from backupweb.pairing import selectors
from backupweb.pairing.errors import NoMailbox
from backupweb.pairing.events import group_of
from backupweb.pairing.messages import News

# A channel layer may lose news, or not be there at all: then the socket is as quick as asking.
LOOKS_EVERY = 2.0
_NOT_ALLOWED = 1008

logger = logging.getLogger(__name__)


class PairingConsumer(AsyncWebsocketConsumer):
    """One side of a mailbox."""

    _group = ""
    _watching: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        self._mailbox = UUID(self.scope["url_route"]["kwargs"]["mailbox"])
        self._token = _token_of(self.scope["query_string"])
        first = await self._look()
        if first is None:
            await self.close()
            return
        self._news = asyncio.Event()
        if self.channel_layer is not None:
            self._group = group_of(self._mailbox)
            # Before the next look: what is written between the two is not missed.
            await self.channel_layer.group_add(self._group, self.channel_name)
        await self.accept()
        self._watching = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._group:
            await self.channel_layer.group_discard(self._group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        await self.close(code=_NOT_ALLOWED)  # letters are written by calls

    async def news(self, message: dict[str, Any]) -> None:
        """From `events.announce`."""
        self._news.set()

    async def _watch(self) -> None:
        try:
            await self._tell_until_over()
        except Exception:
            logger.exception("a mailbox could not be read")
        # Whatever it was: a device whose socket stands would not ask.
        await self.close()

    async def _tell_until_over(self) -> None:
        told: News | None = None
        while (found := await self._look()) is not None:
            if found != told:
                await self.send(found.model_dump_json())
                told = found
            if found.over:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOKS_EVERY)
            self._news.clear()

    async def _look(self) -> News | None:
        found: News | None = await database_sync_to_async(self._read)()
        return found

    def _read(self) -> News | None:
        # Each time anew: a session that was ended meanwhile reads nothing more.
        account = signed_in(self.scope["session"].session_key)
        if account is None or self._token is None:
            return None
        try:
            return selectors.news_for(account, self._mailbox, self._token)
        except NoMailbox:
            return None


def _token_of(query: bytes) -> SecretBytes | None:
    try:
        return SecretBytes(read_bytes(parse_qs(query.decode("ascii"))["token"][0]))
    except (KeyError, ValueError):
        return None
