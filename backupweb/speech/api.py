"""Which speech models this site offers, and the models themselves, to people who are signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Router
from whitenoise.responders import StaticFile

from backupweb.accounts.http import SignedInRequest
from backupweb.lib.http import ErrorAnswer
from backupweb.lib.threads import in_thread
from backupweb.lib.wire import Sha256, Wire
from backupweb.speech import selectors

router = Router(tags=["speech"])

_BLOCK = 256 * 1024
_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


class SpeechModelAnswer(Wire):
    """A model. `multilingual` ones hear in which language somebody speaks; the others know English alone."""

    name: str
    size: int
    sha256: Sha256
    multilingual: bool


class SpeechModelsAnswer(Wire):
    """All that are offered, the smallest first; none, if the admin provides none."""

    models: list[SpeechModelAnswer]


@router.get("/speech-models", response=SpeechModelsAnswer)
def speech_models(request: SignedInRequest) -> SpeechModelsAnswer:
    """What the admin provides."""
    offered = selectors.models_offered()
    return SpeechModelsAnswer(
        models=[
            SpeechModelAnswer(name=model.name, size=model.size, sha256=model.sha256, multilingual=model.multilingual)
            for model in offered
        ]
    )


@router.get(
    "/speech-models/{sha256}",
    response={404: ErrorAnswer},
    openapi_extra={
        "responses": {
            200: {"description": "the model", **_BYTES},
            206: {"description": "one range of it", **_BYTES},
            304: {"description": "the browser has it"},
            416: {"description": "the model is shorter than that"},
        }
    },
)
def speech_model(request: SignedInRequest, sha256: Path[Sha256]) -> HttpResponseBase:
    """The file, whole or a range of it. Its address is its hash, so browsers may keep it for good."""
    model = selectors.model_of(sha256)
    headers = [
        ("Content-Type", "application/octet-stream"),
        ("Cache-Control", "private, max-age=31536000, immutable"),
        ("ETag", f'"{model.sha256}"'),
        ("Vary", "Cookie"),
        ("Accept-Ranges", "bytes"),
    ]
    file: Any = StaticFile(str(model.path), headers)  # type: ignore[no-untyped-call]  # WhiteNoise's
    found = file.get_response(request.method, request.META)
    body: HttpResponseBase
    if found.file is None:
        body = HttpResponse(status=int(found.status))
    else:
        body = StreamingHttpResponse(_blocks(found.file), status=int(found.status))
    del body.headers["Content-Type"]
    for name, value in found.headers:
        body.headers[name] = value
    return body


async def _blocks(file: Any) -> AsyncIterator[bytes]:
    """One block is in memory at a time, however large the model is; no thread waits for a slow line."""
    try:
        while block := await in_thread(file.read, _BLOCK):
            yield block
    finally:
        file.close()
