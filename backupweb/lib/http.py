"""Refusals on the wire: the one error shape, for the API, for raw answers and for pages that are asked for JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from backupweb.lib import errors
from backupweb.lib.wire import Wire

_FOR_PROGRAMS = ("/api/", "/objects/", "/healthz", "/readyz")
_BY_STATUS: dict[int, type[errors.DomainError]] = {
    401: errors.NotSignedIn,
    403: errors.NotAllowed,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.BodyTooLarge,
    429: errors.TooManyRequests,
}


class Refusal(Wire):
    """What went wrong, in a code for programs and a sentence for people."""

    code: str
    message: str
    params: dict[str, int] = Field(default_factory=dict)


class ErrorAnswer(Wire):
    """The one shape of every error."""

    error: Refusal


def error_body(error: errors.DomainError) -> dict[str, dict[str, object]]:
    """The one error shape, its sentence in the language that is active."""
    body: dict[str, object] = {"code": error.code, "message": str(error.message)}
    if error.params:
        body["params"] = error.params
    return {"error": body}


def error_response(error: errors.DomainError) -> HttpResponse:
    """An answer that tells a refusal."""
    response = JsonResponse(error_body(error), status=error.status)
    response["Cache-Control"] = "no-store"
    if "seconds" in error.params:
        response["Retry-After"] = str(error.params["seconds"])
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is for a program: our own addresses for programs always, others when they say so."""
    if request.path_info.startswith(_FOR_PROGRAMS):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def one_shape(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: refusals that a library made in a form of its own, such as a wrong method's, get our shape."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        foreign = response.status_code in _BY_STATUS and response.get("Content-Type") != "application/json"
        if not foreign or not request.path_info.startswith(_FOR_PROGRAMS):
            return response
        shaped = error_response(_BY_STATUS[response.status_code]())
        if "Allow" in response:
            shaped["Allow"] = response["Allow"]
        return shaped

    return middleware


def translate_errors(api: NinjaAPI) -> None:
    """Makes every exception that can leave the API's functions the one shape."""

    def refuse_as(made: Callable[[Any], errors.DomainError]) -> Callable[[HttpRequest, Any], HttpResponse]:
        return lambda request, error: error_response(made(error))

    api.add_exception_handler(errors.DomainError, refuse_as(lambda error: error))
    api.add_exception_handler(
        HttpError, refuse_as(lambda error: _BY_STATUS.get(error.status_code, errors.MalformedRequest)())
    )
    # What exactly did not fit is not repeated: it would carry what was sent.
    api.add_exception_handler(ValidationError, refuse_as(lambda _: errors.MalformedRequest()))
    api.add_exception_handler(SuspiciousOperation, refuse_as(lambda _: errors.MalformedRequest()))
    api.add_exception_handler(RequestDataTooBig, refuse_as(lambda _: errors.BodyTooLarge()))
    api.add_exception_handler(Http404, refuse_as(lambda _: errors.NotFound()))
    api.add_exception_handler(PermissionDenied, refuse_as(lambda _: errors.NotAllowed()))
