"""Refusals on the wire: the one error shape, for the API, for raw answers and for pages that are asked for JSON."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from backupweb.lib import errors
from backupweb.lib.wire import Wire

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
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer is for a program: our own addresses for programs always, others when they say so."""
    if request.path_info.startswith(("/api/", "/objects/", "/healthz", "/readyz")):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def translate_errors(api: NinjaAPI) -> None:
    """Makes every exception that can leave the API's functions the one shape."""

    def domain(request: HttpRequest, error: errors.DomainError) -> HttpResponse:
        return error_response(error)

    def by_status(request: HttpRequest, error: HttpError) -> HttpResponse:
        return error_response(_BY_STATUS.get(error.status_code, errors.MalformedRequest)())

    def malformed(request: HttpRequest, error: Exception) -> HttpResponse:
        # What exactly did not fit is not repeated: it would carry what was sent.
        return error_response(errors.MalformedRequest())

    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return error_response(errors.NotFound())

    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return error_response(errors.BodyTooLarge())

    def not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return error_response(errors.NotAllowed())

    api.add_exception_handler(errors.DomainError, domain)
    api.add_exception_handler(HttpError, by_status)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(SuspiciousOperation, malformed)
    api.add_exception_handler(Http404, not_found)
    api.add_exception_handler(RequestDataTooBig, too_large)
    api.add_exception_handler(PermissionDenied, not_allowed)
