"""Tells a person's open pages that there is a new head. Best effort: whoever misses it finds out by asking."""

from __future__ import annotations

import logging
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)


def group_of(account_id: UUID) -> str:
    """The channel group of one person's open pages."""
    return f"account.{account_id.hex}"


def announce_head(account_id: UUID, sequence: int) -> None:
    """Called after the commit; a broken channel layer must not make a finished commit look failed."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(account_id), {"type": "head.moved", "sequence": sequence})
    except Exception:
        logger.exception("the channel layer did not take an event")
