"""Without Redis the limits still hold, in each process for itself; nothing fails, and the log hears of it once."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.test.utils import override_settings

from backupweb.lib import sturdycache
from backupweb.lib.env import Rate
from backupweb.lib.errors import TooManyRequests
from backupweb.lib.throttle import throttle
from tests.people import PASSWORD, Person

BACKEND = "backupweb.lib.sturdycache.SturdyRedisCache"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A cache in a Redis at this port, where nobody listens yet."""
    monkeypatch.setattr(sturdycache, "_PAUSE", 0.0)
    monkeypatch.setattr(sturdycache._Client, "_gone", False)
    monkeypatch.setattr(sturdycache._Client, "_asked_again_at", 0.0)
    port = free_port()
    location = f"redis://127.0.0.1:{port}/0"
    with override_settings(CACHES={"default": {"BACKEND": BACKEND, "LOCATION": location}}):
        yield port
        LocMemCache("without-redis", {}).clear()


def start_redis(port: int, folder: Path) -> subprocess.Popen[bytes]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    process.kill()
    raise AssertionError("redis-server did not start")


def test_limits_hold_without_redis_and_the_log_hears_of_it_once(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "backupweb.lib.sturdycache"):
        for _ in range(3):
            throttle("x", Rate(3, 60))
        with pytest.raises(TooManyRequests):
            throttle("x", Rate(3, 60))
    assert len(caplog.records) == 1


@pytest.mark.django_db
def test_nobody_is_refused_because_redis_is_gone(port: int, alice: Person) -> None:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/api/account").status_code == 200
    assert alice.post("/api/objects/begin", {"objects": []}).status_code == 422
    for _ in range(5):
        wrong = Client().post("/accounts/login/", {"login": "alice", "password": "wrong"})
        assert wrong.status_code == 200
    locked_out = Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert locked_out.status_code == 200, "wrong passwords are counted all the same"


def test_a_redis_that_comes_back_is_used_again(port: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache = caches["default"]
    cache.set("place", "here")
    assert cache.get("place") == "here"
    redis = start_redis(port, tmp_path)
    try:
        assert cache.get("place") is None
        cache.set("place", "there", 60)
        assert cache.add("counted", 1)
        assert cache.incr("counted") == 2
        assert cache.get_many(["place", "counted"]) == {"place": "there", "counted": 2}
    finally:
        redis.terminate()
        redis.wait()
    assert cache.get("place") == "here"
    gone, back = "Redis is gone: each process counts for itself", "Redis is back"
    assert [record.message for record in caplog.records] == [gone, back, gone]
