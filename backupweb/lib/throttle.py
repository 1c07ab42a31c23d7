"""Best-effort rate limits in the cache: they slow a flood, nothing that must be exact hangs on them."""

from __future__ import annotations

import math
import time

from django.core.cache import cache

from backupweb.lib.env import Rate
from backupweb.lib.errors import TooManyRequests


def throttle(name: str, rate: Rate) -> None:
    """Counts one use of `name` and refuses it beyond the rate, telling how many seconds are left to wait."""
    counter, end = f"throttle:{name}", f"throttle-end:{name}"
    # `add` opens the window, `incr` keeps its end: a steady flood does not prolong its own lock-out.
    if cache.add(counter, 1, rate.seconds):
        cache.set(end, time.time() + rate.seconds, rate.seconds)
        return
    try:
        used = cache.incr(counter)
    except ValueError:  # the window ended between the two calls
        cache.add(counter, 1, rate.seconds)
        return
    if used > rate.number:
        left = cache.get(end, 0.0) - time.time()
        raise TooManyRequests(seconds=min(rate.seconds, max(1, math.ceil(left))))
