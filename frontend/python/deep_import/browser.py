"""What the browser's worker calls: names of files in Pyodide's file system in, JSON out."""

import json
import logging
import sqlite3
from collections.abc import Sequence

from deep_import import android, ios
from deep_import.mend import columns_of
from deep_import.said import Found

# What it tells its developers would quote chats.
logging.disable()


def read(paths: Sequence[str]) -> str | None:
    """Nothing: none of them holds messages in a form that is known here."""
    databases = [_open(path) for path in paths]
    try:
        found = _read(databases)
    finally:
        for database in databases:
            database.close()
    return None if found is None else json.dumps(found.plain(), ensure_ascii=False)


def _open(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    # Nobody else has it open: so it needs no shared memory, which there is none of.
    database.execute("PRAGMA locking_mode = exclusive")
    database.execute("PRAGMA trusted_schema = off")
    # A wrong letter is no reason to stop.
    database.text_factory = lambda text: text.decode(errors="replace")
    return database


def _read(databases: list[sqlite3.Connection]) -> Found | None:
    def having(table: str, column: str) -> sqlite3.Connection | None:
        return next((each for each in databases if column in columns_of(each, table)), None)

    phone = having("ZWAMESSAGE", "ZCHATSESSION")
    if phone is not None:
        return ios.read(phone, having("ZWACDCALLEVENT", "ZCALLIDSTRING"))
    old = having("messages", "key_remote_jid")
    return None if old is None else android.read(old, having("wa_contacts", "jid"))
