"""Holds SQLite open: whoever closes the last connection pays for a checkpoint of the whole log, at every request."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings


def hold_all_open() -> list[sqlite3.Connection | None]:
    """All databases of this process, which no other one may share."""
    return [hold_open(database) for database in settings.DATABASES.values()]


def hold_open(database: dict[str, Any]) -> sqlite3.Connection | None:
    """A connection that lives as long as the process and does nothing; None where there is no SQLite file."""
    if database["ENGINE"] != "django.db.backends.sqlite3" or not Path(database["NAME"]).is_file():
        return None
    connection = sqlite3.connect(database["NAME"], check_same_thread=False)
    # A connection joins the log when it first reads.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection
