"""The vault's book outside its database: every record's key, wrapped under the KEK, and how many tries it has left.

    identity     id(16), made with the book: the database knows to which one its records belong
    record_key   record(16) · account(16) · epoch of the KEK · wrapped key · tries left · pending · when it was made

A row that guesses used up stays, without its key and without tries: it tells later looks what happened. Every access
is one `BEGIN IMMEDIATE` transaction: what is counted, read and destroyed is one step for all threads and processes.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from backupweb.lib.secret import SecretBytes
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.kek import Keks, KeyGone, keks
from backupweb.vault.models import GUESSES, PROOFS, KnownLedger, RecordState, VaultRecord

_IDENTITY = "CREATE TABLE IF NOT EXISTS identity (id BLOB PRIMARY KEY CHECK (length(id) = 16))"
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
logger = logging.getLogger(__name__)

_PATIENCE = 20.0  # seconds; whoever waits longer is told that the vault cannot be reached


class Standing(Enum):
    """Whether the book in the key folder is the one that the database's records belong to."""

    OURS = "ours"
    NOT_THERE = "not there"  # an empty folder, or one that is not mounted
    ANOTHER = "another"


@dataclass(frozen=True)
class Spent:
    """A try was taken. `key` opens the record; at `left` 0 of a record in use the ledger holds it no more."""

    key: SecretBytes
    left: int


class Ledger:
    """One file in the key folder, shared by every thread and process of the vault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._book = folder / "ledger.sqlite3"
        self._keks: Keks = keks(folder)

    # ---------------------------------------------------------------- whose it is

    def standing(self) -> Standing:
        """Looks anew. A database that knows no book yet takes the one that is there, or a new one: see [Whose book]."""
        known = KnownLedger.objects.first()
        in_use = VaultRecord.objects.filter(state=RecordState.IN_USE)
        if not self._book.exists():
            if known is not None or in_use.exists():
                return Standing.NOT_THERE
            self._make_book()
        if known is None:
            if not self._holds_keys() and in_use.exists():
                return Standing.ANOTHER
            known, _ = KnownLedger.objects.get_or_create(one=1, defaults={"ledger": self.identity()})
        return Standing.OURS if known.ledger == self.identity() else Standing.ANOTHER

    def adopt(self) -> None:
        """Takes the book that is there, or a new one, for this database's. Records that it has no key for are lost."""
        if not self._book.exists():
            self._make_book()
        KnownLedger.objects.update_or_create(one=1, defaults={"ledger": self.identity()})

    def identity(self) -> UUID:
        """The book's own id."""
        with self._transaction() as book:
            return UUID(bytes=book.execute("SELECT id FROM identity").fetchone()[0])

    def belong(self) -> None:
        """Raises where this is not the database's book. Looked at once for every file that a process meets here."""
        inode = _inode(self._book)
        if inode is not None and _ours.get(self._book) == inode:
            return
        standing = self.standing()
        if standing is not Standing.OURS:
            logger.error("the key folder is not the vault's", extra={"event": {"ledger": standing.value}})
            raise VaultUnavailable
        inode = _inode(self._book)
        if inode is not None:
            _ours[self._book] = inode

    def _holds_keys(self) -> bool:
        with self._transaction() as book:
            return book.execute("SELECT 1 FROM record_key LIMIT 1").fetchone() is not None

    def _make_book(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        os.close(os.open(self._book, os.O_RDWR | os.O_CREAT, 0o600))  # log and index take over its permissions

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
            yield _open(self._book)


def ledger() -> Ledger:
    """The ledger of this vault; `VaultUnavailable` where the key folder holds none, or another one.

    [Whose book] A key folder that is not mounted is an empty folder. Taken for a new ledger, every record beside it
    would look like one whose key is destroyed, and would be erased. So the database keeps the ledger's id, and only a
    database without records begins a new one; `manage.py vault_new_ledger` is for a key folder that is lost for good.
    """
    found = Ledger(settings.BACKUPWEB_VAULT_KEYS)
    found.belong()
    return found


def _bound_to(account: UUID, record: UUID) -> bytes:
    return b"backupweb/v1/vault-record-key\x00" + account.bytes + record.bytes


# [One connection] A process keeps one connection for as long as it lives: whoever closes the last one pays for a
# checkpoint. Threads take turns, which SQLite would make them do anyway. A forked child opens its own.
_lock = threading.Lock()
_open_books: dict[Path, tuple[int, sqlite3.Connection]] = {}
# Which file of this path was found to be the database's.
_ours: dict[Path, int] = {}


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _open(path: Path) -> sqlite3.Connection:
    found, inode = _open_books.get(path), _inode(path)
    if inode is None:
        raise VaultUnavailable  # unmounted while we run: a new book must not take its place
    if found is not None and found[0] == inode:
        return found[1]
    if found is not None:
        found[1].close()  # the file was replaced: an older ledger was put back
    book = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = FULL")
    book.execute("PRAGMA secure_delete = ON")
    book.execute(_TABLE)
    book.execute(_IDENTITY)
    book.execute("INSERT INTO identity SELECT ? WHERE NOT EXISTS (SELECT 1 FROM identity)", (uuid4().bytes,))
    _open_books[path] = (inode, book)
    return book


_left_behind: list[dict[Path, tuple[int, sqlite3.Connection]]] = []


def _begin_anew() -> None:
    # The parent's connections are kept, unused: closing them here would take the parent's locks away.
    global _lock, _open_books
    _left_behind.append(_open_books)
    _lock, _open_books = threading.Lock(), {}


os.register_at_fork(after_in_child=_begin_anew)
