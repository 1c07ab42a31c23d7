"""One web process below `manage.py serve`: uvicorn on the socket that it was handed.

[Shared memory] What web processes have in common is loaded once, by who starts them; then they part from it. Memory
that nobody changes is there once, however many they are. What belongs to one process alone, as connections, threads and
event loops do, must not exist yet.
"""

from __future__ import annotations

import ctypes
import gc
import socket
import threading

import uvicorn
from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils import translation

from backupweb.lib.gathering import Gathering
from backupweb.lib.sqlite import hold_all_open
from backupweb.ops.turns import Held, Server

# A person's page may wait for an upload of 64 MiB to end; what is still running then is cut off, and resumes.
LAST_ANSWERS = 25

# Of the C library's <malloc.h>: it otherwise hoards the memory of every password that was checked, once per thread.
# That it keeps the memory of blocks that were moved is wanted: asking the kernel anew for each costs a third more. Left
# to itself it learns that only after a while, and gives back what the next body needs again.
_ARENA_MAX, _ARENAS = -8, 2
_MMAP_THRESHOLD, _LARGE = -3, 4 * 1024 * 1024
_TRIM_THRESHOLD, _KEPT = -1, 16 * 1024 * 1024


def load() -> uvicorn.Config:
    """Everything that web processes have in common (*Shared memory*)."""
    _hoard_little()
    config = uvicorn.Config(
        "backupweb.asgi:application",
        http=Gathering,
        # Django counts the proxies that it believes (BACKUPWEB_PROXIES); nothing else reads their headers.
        proxy_headers=False,
        # Longer than proxies keep a connection, so that none sends into one that is just being closed.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=LAST_ANSWERS,
        ws_max_size=64 * 1024,
        # Frames are small; what compressing takes is kept for every open page: thirty kilobytes each.
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        server_header=False,
        log_config=None,
    )
    config.load()
    config.get_loop_factory()  # imports it
    if settings.IS_SITE:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                get_resolver()._populate()  # noqa: SLF001  # as the first request does
    gc.collect()
    # A run over what was loaded would change all of it, and make it everybody's own.
    gc.freeze()
    return config


def ready_to_part() -> None:
    """Raises where something exists that two processes must not have in common."""
    connections.close_all()
    if threading.active_count() > 1:
        raise RuntimeError(f"threads run before the processes part: {threading.enumerate()}")


def serve(config: uvicorn.Config, listener: socket.socket, held: Held, process: int) -> None:
    """Serves until it is told to end."""
    _held = hold_all_open()
    Server(config, held, process).run(sockets=[listener])


def _hoard_little() -> None:
    # Not by MALLOC_ARENA_MAX: that is read before anything of ours runs. musl has no such setting and needs none.
    tell = getattr(ctypes.CDLL(None), "mallopt", None)
    if tell is not None:
        tell(_ARENA_MAX, _ARENAS)
        tell(_MMAP_THRESHOLD, _LARGE)
        tell(_TRIM_THRESHOLD, _KEPT)
