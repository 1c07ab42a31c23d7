"""Django's door for HTTP: each request is answered in one piece, in one thread.

All our middleware and views block. Django's own handler goes back to the event loop between the two and then into the
thread again, and with many requests under way each way waits its turn.
"""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class InOnePiece(ASGIHandler):
    """For `lib.threads.seated`."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        response = await sync_to_async(self.get_response)(request)
        response._handler_class = self.__class__  # type: ignore[attr-defined]  # noqa: SLF001  # whom `close` signals
        return response
