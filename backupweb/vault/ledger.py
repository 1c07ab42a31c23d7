"""The vault's book outside its database: every record's key, wrapped under the KEK, and how many tries it has left.

    record_key   record(16) · account(16) · epoch of the KEK · wrapped key · tries left · pending · when it was made

A row that guesses used up stays, without its key and without tries: it tells later looks what happened. Every access
is one `BEGIN IMMEDIATE` transaction: what is counted, read and destroyed is one step for all threads and processes.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.kek import Keks, KeyGone, keks
from backupweb.vault.models import GUESSES, PROOFS

_TABLE = """
CREATE TABLE IF NOT EXISTS record_key (
    record BLOB PRIMARY KEY CHECK (length(record) = 16),
    account BLOB NOT NULL CHECK (length(account) = 16),
    epoch INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    tries INTEGER NOT NULL CHECK (tries BETWEEN 0 AND 10),
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    made REAL NOT NULL
)
"""
_ERASE = "DELETE FROM record_key WHERE record = ? AND wrapped != x''"
_PATIENCE = 20.0  # seconds; whoever waits longer is told that the vault cannot be reached


@dataclass(frozen=True)
class Spent:
    """A try was taken. `key` opens the record; at `left` 0 of a record in use the ledger holds it no more."""

    key: SecretBytes
    left: int


class Ledger:
    """One file in the key folder, shared by every thread and process of the vault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keks: Keks = keks(folder)

    # ---------------------------------------------------------------- keys and tries

    def add(self, *, account: UUID, record: UUID, at: datetime) -> SecretBytes:
        """Makes the key of a pending record."""
        key = SecretBytes(secrets.token_bytes(32))
        with self._transaction() as book:
            epoch = self._newest(book)
            wrapped = self._keks.wrap(epoch, key, _bound_to(account, record))
            row = (record.bytes, account.bytes, epoch, wrapped, PROOFS, 1, at.timestamp())
            book.execute("INSERT INTO record_key VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return key

    def spend(self, *, account: UUID, record: UUID, pending: bool) -> Spent | None:
        """Takes one try, and with the last one of a record in use its key; None where no key or no try is left."""
        with self._transaction() as book:
            moved = not pending and self._settle(book, account, record)
            taken = book.execute(
                "UPDATE record_key SET tries = tries - 1"
                " WHERE record = ? AND account = ? AND pending = ? AND tries > 0 AND wrapped != x''"
                " RETURNING epoch, wrapped, tries",
                (record.bytes, account.bytes, pending),
            ).fetchone()
            if taken is None:
                return None
            try:
                key = self._keks.unwrap(taken[0], taken[1], _bound_to(account, record))
            except KeyGone:
                return None
            last = taken[2] == 0 and not pending
            if last:
                book.execute("UPDATE record_key SET wrapped = x'', epoch = 0 WHERE record = ?", (record.bytes,))
                self._move(book)
        if last or moved:
            self.sweep()
        return Spent(key, taken[2])

    def left(self, *, account: UUID, record: UUID) -> int | None:
        """The tries that are left, 0 where guesses used it up; None where the ledger has no key that opens."""
        with self._transaction() as book:
            row = book.execute(
                "SELECT epoch, wrapped, tries, pending FROM record_key WHERE record = ? AND account = ?",
                (record.bytes, account.bytes),
            ).fetchone()
            if row is None:
                return None
            epoch, wrapped, tries, pending = row
            if not wrapped:
                return 0
            try:
                self._keks.unwrap(epoch, wrapped, _bound_to(account, record))
            except KeyGone:
                return None
            # Proven, but cut off before the ledger heard of it: `spend` will settle it.
            return GUESSES if pending else tries

    def restore(self, record: UUID) -> None:
        """The password was proven: all tries again, unless the key is gone."""
        with self._transaction() as book:
            book.execute(
                "UPDATE record_key SET tries = ? WHERE record = ? AND pending = 0 AND wrapped != x''",
                (GUESSES, record.bytes),
            )

    def settle(self, *, account: UUID, record: UUID) -> None:
        """The record is the account's now: it takes over the tries of the one it replaces, whose key is destroyed."""
        with self._transaction() as book:
            moved = self._settle(book, account, record)
        if moved:
            self.sweep()

    def check(self) -> None:
        """Raises where a try could not be taken: no file to write to, no KEKs to reach."""
        with self._transaction():
            self._keks.epochs()

    # ---------------------------------------------------------------- destroying

    def erase(self, records: set[UUID]) -> None:
        """Destroys keys. What guesses used up stays written down."""
        with self._transaction() as book:
            gone = sum(book.execute(_ERASE, (record.bytes,)).rowcount for record in records)
            if gone:
                self._move(book)
        if gone:
            self.sweep()

    def forget(self, account: UUID) -> None:
        """Destroys every key of the account, and what is written down about it."""
        with self._transaction() as book:
            gone = book.execute("DELETE FROM record_key WHERE account = ?", (account.bytes,)).rowcount
            if gone:
                self._move(book)
        if gone:
            self.sweep()

    def pending_before(self, at: datetime) -> set[UUID]:
        """Records that were never proven."""
        with self._transaction() as book:
            rows = book.execute("SELECT record FROM record_key WHERE pending = 1 AND made < ?", (at.timestamp(),))
            return {UUID(bytes=row[0]) for row in rows}

    def rotate(self) -> int:
        """Moves the epoch without erasing anything; returns the new one."""
        with self._transaction() as book:
            epoch = self._move(book)
        self.sweep()
        return epoch

    def probe(self) -> None:
        """Takes the book for writing and opens with the KEK what it wrapped; raises what stands in the way."""
        bound_to, key = b"probe", SecretBytes(secrets.token_bytes(32))
        with self._transaction() as book:
            epoch = self._newest(book)
            if self._keks.unwrap(epoch, self._keks.wrap(epoch, key, bound_to), bound_to) != key:
                raise VaultUnavailable

    def sweep(self) -> None:
        """Destroys the KEKs that nothing refers to, also those that a crash left over, and truncates the log."""
        with self._transaction() as book:
            kept = {row[0] for row in book.execute("SELECT DISTINCT epoch FROM record_key")}
            present = self._keks.epochs()
            for epoch in present - kept - {max(present, default=0)}:
                self._keks.destroy(epoch)
        with self._connection() as book:
            book.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _settle(self, book: sqlite3.Connection, account: UUID, record: UUID) -> bool:
        pending = book.execute(
            "SELECT 1 FROM record_key WHERE record = ? AND account = ? AND pending = 1", (record.bytes, account.bytes)
        ).fetchone()
        if pending is None:
            return False
        replaced = book.execute(
            "SELECT min(tries) FROM record_key WHERE account = ? AND pending = 0 AND wrapped != x''", (account.bytes,)
        ).fetchone()[0]
        tries = GUESSES if replaced is None else replaced
        book.execute("DELETE FROM record_key WHERE account = ? AND pending = 0 AND wrapped != x''", (account.bytes,))
        book.execute("UPDATE record_key SET pending = 0, tries = ? WHERE record = ?", (tries, record.bytes))
        if replaced is not None:
            self._move(book)
        return replaced is not None

    def _newest(self, book: sqlite3.Connection) -> int:
        present = self._keks.epochs()
        return max(present) if present else self._make(book, present)

    def _make(self, book: sqlite3.Connection, present: set[int]) -> int:
        # No number is used twice, not even where keys or ledger were lost: an old row must not meet a new KEK.
        used = book.execute("SELECT coalesce(max(epoch), 0) FROM record_key").fetchone()[0]
        epoch = max(present | {used}) + 1
        self._keks.make(epoch)
        return epoch

    def _move(self, book: sqlite3.Connection) -> int:
        """A new KEK for every key that is left. `sweep`, after the commit, destroys the old one."""
        epoch = self._make(book, self._keks.epochs())
        rows = book.execute("SELECT record, account, epoch, wrapped FROM record_key WHERE wrapped != x''").fetchall()
        for record, account, old, wrapped in rows:
            bound_to = _bound_to(UUID(bytes=account), UUID(bytes=record))
            try:
                key = self._keks.unwrap(old, wrapped, bound_to)
            except KeyGone:  # nothing opens it any more; it must not keep its KEK's number alive
                book.execute("DELETE FROM record_key WHERE record = ?", (record,))
                continue
            again = self._keks.wrap(epoch, key, bound_to)
            book.execute("UPDATE record_key SET epoch = ?, wrapped = ? WHERE record = ?", (epoch, again, record))
        return epoch

    # ---------------------------------------------------------------- the file

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as book:
            book.execute("BEGIN IMMEDIATE")
            try:
                yield book
            except BaseException:
                book.execute("ROLLBACK")
                raise
            book.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with _lock:
            yield _open(self._folder / "ledger.sqlite3")


def ledger() -> Ledger:
    """The ledger of this vault."""
    return Ledger(settings.BACKUPWEB_VAULT_KEYS)


def _bound_to(account: UUID, record: UUID) -> bytes:
    return b"backupweb/v1/vault-record-key\x00" + account.bytes + record.bytes


# [One connection] A process keeps one connection for as long as it lives: whoever closes the last one pays for a
# checkpoint. Threads take turns, which SQLite would make them do anyway. A forked child opens its own.
_lock = threading.Lock()
_open_books: dict[Path, tuple[int, sqlite3.Connection]] = {}


def _open(path: Path) -> sqlite3.Connection:
    found = _open_books.get(path)
    try:
        inode = path.stat().st_ino
    except FileNotFoundError:
        inode = 0
    if found is not None and found[0] == inode:
        return found[1]
    if found is not None:
        found[1].close()  # the file was replaced: an older ledger was put back
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # log and index take over its permissions
    book = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = FULL")
    book.execute("PRAGMA secure_delete = ON")
    book.execute(_TABLE)
    _open_books[path] = (path.stat().st_ino, book)
    return book


_left_behind: list[dict[Path, tuple[int, sqlite3.Connection]]] = []


def _begin_anew() -> None:
    # The parent's connections are kept, unused: closing them here would take the parent's locks away.
    global _lock, _open_books
    _left_behind.append(_open_books)
    _lock, _open_books = threading.Lock(), {}


os.register_at_fork(after_in_child=_begin_anew)
