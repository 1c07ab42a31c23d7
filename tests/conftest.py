"""Alice owns the backup, Bob has an account of his own, Charlie is not signed in. Database and store are files."""

from __future__ import annotations

import asyncio
import asyncio.runners
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings

from backupweb.lib import threads
from tests.people import Person


def _end_all_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """
    What a test left running is cancelled until it ends: a library that lets one cancellation pass would hold the run.
    What does not end in half a minute is named.
    """
    for _ in range(60):
        left = asyncio.all_tasks(loop)
        if not left:
            return
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=0.5))
    raise RuntimeError(f"These tasks do not end: {asyncio.all_tasks(loop)}")


asyncio.runners._cancel_all_tasks = _end_all_tasks  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file: threads must meet the locks they meet in production."""
    for alias in django_settings.DATABASES:
        database: dict[str, Any] = django_settings.DATABASES[alias]
        if database["ENGINE"].endswith("sqlite3"):
            database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / f"{alias}.sqlite3")
            # Nobody pulls the plug of a test.
            options = database["OPTIONS"]
            options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A store of its own, an empty cache, letters in memory, and passwords that are quick to check."""
    cache.clear()
    monkeypatch.setattr(threads, "KEPT_SECONDS", 0.0)  # a database that somebody is connected to cannot be dropped
    with override_settings(
        BACKUPWEB_STORE=f"file://{tmp_path / 'packs'}",
        BACKUPWEB_DATA=tmp_path,
        BACKUPWEB_VAULT_KEYS=tmp_path / "vault-keys",
        BACKUPWEB_DEFAULT_QUOTA=10**9,
        BACKUPWEB_SIGNUP="open",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CHANNEL_LAYERS=dict(django_settings.CHANNEL_LAYERS),  # a new one for each test, in memory or in Redis
        ALLOWED_HOSTS=["testserver", "localhost"],
    ):
        yield


@pytest.fixture
def alice(db: None) -> Person:
    return Person.named("alice")


@pytest.fixture
def bob(db: None) -> Person:
    return Person.named("bob")


@pytest.fixture
def charlie() -> Client:
    """Nobody in particular."""
    return Client(enforce_csrf_checks=True)
