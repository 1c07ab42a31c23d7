"""Joins HTTP and WebSocket: sealed bytes to the raw application, everything else on HTTP to Django."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backupweb.settings")

# Django must be set up before anything that has a model is imported.
from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from backupweb.backups import streaming  # noqa: E402
from backupweb.lib.sqlite import hold_open  # noqa: E402
from backupweb.ops.checks import refuse_unsafe_start  # noqa: E402
from backupweb.routing import websocket_urlpatterns  # noqa: E402

refuse_unsafe_start()
_held_open = hold_open(settings.DATABASES["default"])


async def http(scope: Any, receive: Any, send: Any) -> None:
    """By path."""
    if scope["path"].startswith(streaming.PREFIX):
        await streaming.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)


application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
