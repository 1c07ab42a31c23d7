"""Joins HTTP and WebSocket: sealed bytes to the raw application, everything else on HTTP to Django. A vault on its own
host has an application of its own instead of all this."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backupweb.settings")

# Django must be set up before anything that has a model is imported.
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from django.conf import settings  # noqa: E402

from backupweb.lib.sqlite import hold_open  # noqa: E402
from backupweb.lib.watching import log, watched  # noqa: E402
from backupweb.ops.checks import refuse_unsafe_start  # noqa: E402


def _site() -> Any:
    from channels.auth import AuthMiddlewareStack  # noqa: PLC0415
    from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: PLC0415
    from channels.security.websocket import AllowedHostsOriginValidator  # noqa: PLC0415

    from backupweb.backups import streaming  # noqa: PLC0415
    from backupweb.routing import websocket_urlpatterns  # noqa: PLC0415

    async def http(scope: Any, receive: Any, send: Any) -> None:
        """By path."""
        if scope["path"].startswith(streaming.PREFIX):
            await streaming.application(scope, receive, send)
        else:
            await django_application(scope, receive, send)

    sockets = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
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
_held_open = [hold_open(database) for database in settings.DATABASES.values()]
# What the other role needs is not installed: it cannot even be imported.
application = _site() if settings.IS_SITE else _vault()
