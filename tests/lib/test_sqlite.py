"""SQLite is held open, so that a request that ends does not write the whole log back."""

import sqlite3
from pathlib import Path

from backupweb.lib.sqlite import hold_open

SQLITE = "django.db.backends.sqlite3"


def test_the_log_outlives_other_connections(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"

    def write(statement: str) -> None:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(statement)
        connection.commit()
        connection.close()

    log = tmp_path / "db.sqlite3-wal"
    write("CREATE TABLE t (n INTEGER)")
    assert not log.exists(), "without a holder the last one out clears up"
    held = hold_open({"ENGINE": SQLITE, "NAME": str(path)})
    assert held is not None
    write("INSERT INTO t VALUES (1)")
    assert log.stat().st_size > 0
    held.close()


def test_nothing_is_made_where_there_is_no_file(tmp_path: Path) -> None:
    assert hold_open({"ENGINE": SQLITE, "NAME": str(tmp_path / "none")}) is None
    assert not (tmp_path / "none").exists()
    assert hold_open({"ENGINE": "django.db.backends.postgresql", "NAME": "x"}) is None
