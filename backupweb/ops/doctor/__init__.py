"""Looks at a running site as a friend would: one sentence about each part, and what to do where something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from backupweb.ops.doctor import around, configuration, databases, keys, running, speech, storing
from backupweb.ops.doctor.finding import Finding, State

__all__ = ["Examination", "Finding", "State", "examine"]

logger = logging.getLogger(__name__)

Examination = Callable[[], Iterator[Finding]]

EXAMINATIONS: dict[str, Examination] = {
    "settings": configuration.settings_fit,
    "browser's side": configuration.browser_side_is_built,
    "database": databases.databases_answer,
    "tables": databases.tables_are_current,
    "clock": databases.clock_is_right,
    "store": storing.store_gives_back,
    "direct transfer": storing.bytes_go_straight,
    "room": storing.room_is_there,
    "disk": storing.disk_has_room,
    "redis": around.redis_answers,
    "vault": keys.vault_counts,
    "key files": keys.keys_are_private,
    "mail": around.post_office_answers,
    "worker": running.somebody_works,
    "duties": running.duties_are_seen_to,
    "speech models": speech.models_can_be_used,
}


def examine(further: dict[str, Examination] | None = None) -> Iterator[Finding]:
    """Everything, one after the other. An examination that fails is a finding too."""
    for about, look in {**EXAMINATIONS, **(further or {})}.items():
        try:
            yield from look()
        except Exception as error:
            logger.exception("an examination failed", extra={"event": {"examination": about}})
            yield Finding(
                about,
                State.TROUBLE,
                f"It could not be looked at ({type(error).__name__}).",
                "See to what is reported above first, then ask again; the log has the place in the program.",
            )
