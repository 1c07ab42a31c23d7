"""A cache in Redis with a stand-in: while Redis is gone, each process counts for itself, and nothing fails."""

from __future__ import annotations

import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.exceptions import RedisError

# For so many seconds nobody asks a Redis again that did not answer: each question may take as long as its time limit.
_PAUSE = 5.0

logger = logging.getLogger(__name__)


class SturdyRedisCache(RedisCache):
    """Limits hold less well without Redis; signing in and uploading go on."""

    # Django makes a cache object for every request: its connections would be as short-lived.
    _shared: ClassVar[dict[str, _Client]] = {}

    @cached_property
    def _cache(self) -> Any:
        told = repr((self._servers, self._options))  # type: ignore[attr-defined]  # the stubs lack them
        if told not in self._shared:
            self._shared[told] = _Client(super()._cache)
        return self._shared[told]


class _Client:
    # Every thread has a cache object of its own; what is known about Redis is known to all of them.
    _asked_again_at: ClassVar[float] = 0.0
    _gone: ClassVar[bool] = False

    def __init__(self, redis: RedisCacheClient) -> None:
        self._redis = redis
        self._stand_in = LocMemCache("without-redis", {})

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any) -> Any:
            if time.monotonic() >= _Client._asked_again_at:
                try:
                    answer = getattr(self._redis, name)(*args)
                except (RedisError, OSError) as error:
                    _Client._lost(error)
                else:
                    _Client._found()
                    return answer
            return getattr(self._stand_in, name)(*args)

        return call

    @classmethod
    def _lost(cls, error: Exception) -> None:
        cls._asked_again_at = time.monotonic() + _PAUSE
        if not cls._gone:
            cls._gone = True
            event = {"why": type(error).__name__}
            logger.error("Redis is gone: each process counts for itself", extra={"event": event})

    @classmethod
    def _found(cls) -> None:
        if cls._gone:
            cls._gone = False
            logger.warning("Redis is back")
