"""Joins HTTP and WebSocket: sealed bytes to the raw application, everything else on HTTP to Django. A vault on its own
host has an application of its own instead of all this."""

from __future__ import annotations

import gc
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backupweb.settings")

import django

# Before anything that has a model is imported.
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402

from backupweb.lib.handler import InOnePiece  # noqa: E402
from backupweb.lib.headers import raw_headers, refused_in_full  # noqa: E402
from backupweb.lib.threads import seated  # noqa: E402
from backupweb.lib.watching import log, watched  # noqa: E402
from backupweb.ops.checks import refuse_unsafe_start  # noqa: E402


def _site() -> Any:
    from channels.auth import AuthMiddlewareStack  # noqa: PLC0415
    from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: PLC0415
    from channels.security.websocket import AllowedHostsOriginValidator, WebsocketDenier  # noqa: PLC0415
    from django.urls import re_path  # noqa: PLC0415

    from backupweb.backups import streaming  # noqa: PLC0415
    from backupweb.routing import websocket_urlpatterns  # noqa: PLC0415

    pages = seated(InOnePiece(), settings.BACKUPWEB_THREADS)

    async def http(scope: Any, receive: Any, send: Any) -> None:
        """By path."""
        if scope["path"].startswith(streaming.PREFIX):
            await streaming.application(scope, receive, send)
        else:
            await pages(scope, receive, send)

    # An address that nobody serves is refused, and is no fault that is written down.
    routes = [*websocket_urlpatterns, re_path("", WebsocketDenier.as_asgi())]
    sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(routes)))
    sockets = refused_in_full(sockets, raw_headers(settings.BACKUPWEB_STORE_PUBLIC, settings.SECURE_HSTS_SECONDS))
    return ProtocolTypeRouter({"http": watched(http, *_listeners()), "websocket": sockets})


def _listeners() -> list[Any]:
    listeners: list[Any] = [log] if settings.BACKUPWEB_REQUEST_LOG else []
    if settings.BACKUPWEB_METRICS_TOKEN is not None:
        from backupweb.ops import metrics  # noqa: PLC0415  # counts from when it is imported

        listeners.append(metrics.count)
        metrics.listen()
    return listeners


def _vault() -> Any:
    from backupweb.vault import relay  # noqa: PLC0415

    return relay.application


refuse_unsafe_start()
# What the other role needs is not installed: it cannot even be imported.
application = _site() if settings.IS_SITE else _vault()
# What was loaded stays: to look through all of it again for garbage costs an upload a tenth of its speed.
gc.collect()
gc.freeze()
