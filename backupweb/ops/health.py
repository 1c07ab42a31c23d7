"""Alive and ready: ready means that a byte can be written, read back and deleted, that the tables are current, and that
the vault could count a guess."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from backupweb.lib import objectstore
from backupweb.lib.databases import databases_in_use
from backupweb.vault import door

logger = logging.getLogger(__name__)


def unready() -> dict[str, int]:
    """What is not fit, each with 1; empty when all is well."""
    probes: dict[str, Callable[[], bool]] = {
        "database": _database,
        "migrations": _migrations,
        "store": _store,
        "vault": door.vault().alive,
    }
    return {name: 1 for name, probe in probes.items() if not _passes(name, probe)}


def _passes(name: str, probe: Callable[[], bool]) -> bool:
    try:
        return probe()
    except Exception:
        logger.exception("the probe of the %s failed", name)
        return False


def _database() -> bool:
    return all(_answers(alias) for alias in databases_in_use())


def _answers(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    return all(_current(alias) for alias in databases_in_use())


def _current(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _store() -> bool:
    store, name, content = objectstore.open_store(), objectstore.new_name(), b"ready?"
    spool = objectstore.Spool(store)
    try:
        spool.write(content)
        spool.place(name)
        return b"".join(store.read(name, 0, len(content))) == content
    finally:
        spool.discard()
        store.delete(name)
