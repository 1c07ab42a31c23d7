"""Best-effort rate limits in the cache: they slow a flood, nothing that must be exact hangs on them."""

from __future__ import annotations

from django.core.cache import cache

from backupweb.lib.errors import TooManyRequests


def throttle(name: str, *, limit: int, seconds: int) -> None:
    """Counts one use of `name` and refuses it beyond `limit` in a window of `seconds`."""
    key = f"throttle:{name}"
    # `add` opens the window, `incr` keeps its end: a steady flood does not prolong its own lock-out.
    if cache.add(key, 1, seconds):
        return
    try:
        used = cache.incr(key)
    except ValueError:  # the window ended between the two calls
        cache.add(key, 1, seconds)
        return
    if used > limit:
        raise TooManyRequests(seconds=seconds)
