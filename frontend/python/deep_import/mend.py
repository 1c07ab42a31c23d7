"""Lends a database what the library asks for and this version lacks: in memory, beside what the file holds.

WhatsApp added tables and columns from year to year. The library's queries name those of one version, and one table that
is not there would end it. A name in SQLite's temporary schema stands before the same name in the file's.
"""

import sqlite3
from collections.abc import Iterable, Mapping


def quoted(name: str) -> str:
    """The name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def columns_of(database: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The names of a table's columns in the file; none where there is no such table."""
    found = database.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))
    return tuple(str(row[0]) for row in found)


def mend(
    database: sqlite3.Connection, table: str, columns: Iterable[str], never_null: Mapping[str, str] | None = None
) -> None:
    """From now on the table has these columns; `never_null` has SQL for what stands in place of nothing."""
    instead = never_null or {}
    here = columns_of(database, table)
    lacking = [name for name in columns if name not in here]
    if not here:
        database.execute(f"CREATE TEMP TABLE {quoted(table)} ({', '.join(map(quoted, lacking))})")
    elif lacking or instead:
        shown = [
            f"coalesce({quoted(name)}, {instead[name]}) AS {quoted(name)}" if name in instead else quoted(name)
            for name in here
        ]
        shown += [f"{instead.get(name, 'NULL')} AS {quoted(name)}" for name in lacking]
        database.execute(
            f"CREATE TEMP VIEW {quoted(table)} AS SELECT {', '.join(shown)} FROM main.{quoted(table)}"  # noqa: S608
        )
