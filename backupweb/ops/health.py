"""Alive and ready: ready means that a byte can be written, read back and deleted, that the tables are current, that
Redis answers where there is one, and that the vault could count a guess."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from functools import lru_cache

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from backupweb.lib import objectstore
from backupweb.lib.databases import databases_in_use
from backupweb.vault import door

logger = logging.getLogger(__name__)

# Whoever asks, a proxy or a supervisor, does not wait for long either.
PATIENCE = 5.0
_pool = ThreadPoolExecutor(max_workers=12, thread_name_prefix="health")


def unready() -> dict[str, int]:
    """What is not fit, each with 1; empty when all is well. What has not answered in time is not fit."""
    probes: dict[str, Callable[[], bool]] = {
        "database": _database,
        "migrations": _migrations,
        "store": _store,
        "vault": door.vault().alive,
    }
    if settings.SEVERAL_PROCESSES:
        probes["redis"] = _redis
    asked = {name: _pool.submit(_passes, name, probe) for name, probe in probes.items()}
    wait_for(asked.values(), timeout=PATIENCE)
    for name, answer in asked.items():
        if not answer.done():
            answer.cancel()
            logger.error("a probe did not answer in time", extra={"event": {"probe": name}})
    return {name: 1 for name, answer in asked.items() if not answer.done() or answer.cancelled() or not answer.result()}


def _passes(name: str, probe: Callable[[], bool]) -> bool:
    close_old_connections()
    try:
        return probe()
    except Exception:
        logger.exception("a probe failed", extra={"event": {"probe": name}})
        return False
    finally:
        close_old_connections()


def _database() -> bool:
    return all(_answers(alias) for alias in databases_in_use())


def _answers(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    applied = (MigrationRecorder(connections[alias]).applied_migrations() for alias in databases_in_use())
    return all(_leaves() <= set(names) for names in applied)


@lru_cache(maxsize=1)
def _leaves() -> set[tuple[str, str]]:
    # The program does not change while it runs; the tables may.
    return set(MigrationLoader(None).graph.leaf_nodes())


def _store() -> bool:
    objectstore.probe(objectstore.open_store())
    return True


def _redis() -> bool:
    import redis  # noqa: PLC0415  # whose client only those load who have one

    # Not through the cache: that one answers without Redis too.
    return bool(redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=PATIENCE).ping())
