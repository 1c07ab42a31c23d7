"""Static files by WhiteNoise: collected compressed, and handed to the ASGI server in one piece."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedStaticFilesStorage

_LARGE = 4 * 1024 * 1024
_SMALLEST, _QUICKER = 11, 9


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise answers with a file that is read while it is sent, which Django cannot do under ASGI without a detour
    through a list of all its lines. The browser's build is made of small files: each is read as a whole."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:  # type: ignore[override]  # as its middleware does
        """Answers with one file, or with what the browser has already."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=HTTPStatus(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class Collected(CompressedStaticFilesStorage):
    """What is collected lies there compressed as well.

    One file of the browser's Python has 10 MB: as small as brotli can make it takes a minute, a tenth more seconds.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return _Compressor(**options)  # type: ignore[no-untyped-call]  # WhiteNoise's


class _Compressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """As small as it gets, or nearly, if the file is large."""
        packed: bytes = brotli.compress(data, quality=_QUICKER if len(data) > _LARGE else _SMALLEST)
        return packed
