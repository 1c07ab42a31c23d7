"""The socket that tells a person's open pages what happened elsewhere. It listens to nothing."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from backupweb.accounts.events import group_of
from backupweb.accounts.models import Account
from backupweb.accounts.sessions import signed_in


class EventsConsumer(AsyncJsonWebsocketConsumer):
    """One open page."""

    group = ""

    async def connect(self) -> None:
        account = self.scope["user"]
        if not isinstance(account, Account):
            await self.close()
            return
        self.group = group_of(account.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        await self.close(code=1008)  # nobody has anything to say here

    async def tell(self, message: dict[str, Any]) -> None:
        """From `events.announce`."""
        event = dict(message["event"])
        session = event.pop("session", None)
        if session is not None and session != self.scope["session"].session_key:
            return
        # A session that was ended on another device hears nothing more, but that it was ended.
        if session is None and not await database_sync_to_async(signed_in)(self.scope["session"].session_key):
            await self.close()
            return
        await self.send_json(event)
        if session is not None:
            await self.close()
