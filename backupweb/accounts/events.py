"""Tells a person's open pages what happened. Best effort: whoever misses it finds out by asking."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)


def group_of(account_id: UUID) -> str:
    """The channel group of one person's open pages."""
    return f"account.{account_id.hex}"


def announce(account_id: UUID, event: dict[str, Any]) -> None:
    """Called after the change is committed; a broken channel layer must not make it look failed.

    `event` goes to the pages as it is: `kind`, and whole numbers. One with `session` is for that session alone, and is
    its last.
    """
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(account_id), {"type": "tell", "event": event})
    except Exception:
        logger.exception("the channel layer did not take an event")
