"""Content security policy and its companions, the same for pages, files and raw answers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF
from csp.utils import build_policy, default_config
from django.http import HttpRequest, HttpResponse

# Lit makes its styles by `adoptedStyleSheets` and its markup through the policy "lit-html"; "default" lets the
# browser's build make worker addresses. Everything else that becomes script or markup is refused.
DIRECTIVES: dict[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF, "'wasm-unsafe-eval'"],
    "style-src": [SELF],
    "img-src": [SELF, "blob:", "data:"],
    "media-src": [SELF, "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "worker-src": [SELF],
    "manifest-src": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["lit-html", "default"],
}

# The admin's theme writes handlers into attributes (Alpine) and styles into elements. No key and no content is ever
# on these pages, and nobody but staff sees them; every other page keeps the strict policy.
ADMIN_PREFIX = "/admin/"
ADMIN_DIRECTIVES: dict[str, list[str] | None] = {
    "script-src": [SELF, "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "require-trusted-types-for": None,
    "trusted-types": None,
}

# What no page needs is switched off; passkeys, copying the recovery code, and a camera for pairing are needed.
PERMISSIONS: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
}
PERMISSIONS |= {
    name: ["self"]
    for name in (
        "camera",
        "clipboard-write",
        "publickey-credentials-create",
        "publickey-credentials-get",
        "screen-wake-lock",
    )
}

# Not `no-referrer`: browsers then send `Origin: null` with our own forms, and the check against forgery refuses them.
# Foreign hosts get no referrer under `same-origin` either.
COMPANIONS: dict[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


_DENIAL = "websocket.http.response"  # ASGI's name for an answer instead of a socket


def directives(store: str | None) -> dict[str, list[str]]:
    """The policy; `store` is the one other origin that pages may talk to, and that only to move sealed bytes."""
    return DIRECTIVES if store is None else DIRECTIVES | {"connect-src": [SELF, store]}


def permissions_policy() -> str:
    """The Permissions-Policy header for answers that Django's middleware does not see."""
    return ", ".join(f"{name}=({' '.join(hosts)})" for name, hosts in sorted(PERMISSIONS.items()))


@functools.cache
def raw_headers(store: str | None, hsts: int = 0) -> list[tuple[bytes, bytes]]:
    """All security headers, for answers that Django's middleware does not see. `hsts`: for how many seconds."""
    headers = COMPANIONS | {
        "Content-Security-Policy": build_policy(config=default_config(directives(store))),
        "Permissions-Policy": permissions_policy(),
    }
    if hsts:
        headers["Strict-Transport-Security"] = f"max-age={hsts}"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def refused_in_full(application: Any, headers: list[tuple[bytes, bytes]]) -> Any:
    """A socket that is refused before it is opened is an HTTP answer: it carries the headers too."""

    async def refusing(scope: Any, receive: Any, send: Any) -> None:
        opened = False

        async def saying(message: Any) -> None:
            nonlocal opened
            opened = opened or message["type"] == "websocket.accept"
            if opened or message["type"] != "websocket.close" or _DENIAL not in scope.get("extensions", {}):
                await send(message)
                return
            await send({"type": f"{_DENIAL}.start", "status": 403, "headers": headers})
            await send({"type": f"{_DENIAL}.body", "body": b""})

        await application(scope, receive, saying)

    return refusing


def companions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware inside django-csp's: adds the companions, and loosens the policy below the admin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in COMPANIONS.items():
            response.headers.setdefault(name, value)
        if request.path_info.startswith(ADMIN_PREFIX):
            response._csp_replace = ADMIN_DIRECTIVES  # type: ignore[attr-defined]  # noqa: SLF001  # django-csp's own way
        return response

    return middleware
