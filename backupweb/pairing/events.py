"""Tells the sockets of a mailbox that there is something new. Best effort: they look by themselves, too."""

from __future__ import annotations

import logging
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)


def group_of(mailbox: UUID) -> str:
    """The channel group of both sides' sockets."""
    return f"pairing.{mailbox.hex}"


def announce(mailbox: UUID) -> None:
    """Called after the change is committed. What is new is not told here: each side reads what is for it."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group_of(mailbox), {"type": "news"})
    except Exception:
        logger.exception("the channel layer did not take the news of a mailbox")
