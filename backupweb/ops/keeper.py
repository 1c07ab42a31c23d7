"""Keeps security events: a log handler that writes what concerns an account into its table."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import close_old_connections, transaction

from backupweb.ops.kinds import GROUP_OF

# One thread: what an event loop tells is kept in the order in which it was told.
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="security-events")

logger = logging.getLogger(__name__)


class Keeper(logging.Handler):
    """Never fails what it listens to.

    An event is written where it happens, in the transaction that is open there: what is rolled back did not happen.
    Whatever must be kept in any case is told outside of one.
    """

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "event", None)
        if not isinstance(event, dict) or event.get("event") not in GROUP_OF or "account" not in event:
            return
        keep = partial(_keep, event, getattr(record, "device", None), datetime.fromtimestamp(record.created, UTC))
        if _in_event_loop():
            _aside.submit(copy_context().run, _alone, keep)
        else:
            _surely(keep)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _alone(keep: Callable[[], None]) -> None:
    close_old_connections()
    try:
        _surely(keep)
    finally:
        close_old_connections()


def _surely(keep: Callable[[], None]) -> None:
    try:
        keep()
    except Exception:
        logger.exception("a security event could not be kept")


def _keep(event: dict[str, Any], device: str | None, at: datetime) -> None:
    # Logging is set up before there are models.
    from backupweb.accounts.models import Account  # noqa: PLC0415
    from backupweb.accounts.sessions import name_at_hand  # noqa: PLC0415
    from backupweb.ops.models import SecurityEvent  # noqa: PLC0415

    # A savepoint: a statement that fails must not spoil the transaction around it.
    with transaction.atomic():
        account = Account.objects.filter(pk=UUID(event["account"])).first()
        if account is None:  # PostgreSQL would only find out at the end, and undo everything else
            return
        number = event.get("left")
        SecurityEvent.objects.create(
            account=account,
            at=at,
            kind=event["event"],
            detail=str(event.get("method", event.get("way", "")))[:32],
            device=name_at_hand() if device is None else device,
            number=number if isinstance(number, int) and 0 <= number <= 99 else None,
        )
