"""Refusals have a code, a sentence and a next step, and repeat nothing of the request."""

from __future__ import annotations

from typing import ClassVar

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """What a service refuses. `params` are whole numbers that the sentence of a screen may need."""

    code: ClassVar[str]
    message: ClassVar[str | Promise]
    status: ClassVar[int] = 400

    def __init__(self, **params: int) -> None:
        super().__init__(self.code)
        self.params = params


class MalformedRequest(DomainError):
    """The body, the address or a header does not have the described form."""

    code = "http.malformed"
    message = _("The request does not have the expected form.")
    status = 422


class UnknownHost(DomainError):
    """A host name that is not this server's: somebody else's address points here, or somebody tries something."""

    code = "http.unknown_host"
    message = _("This server does not answer to that name.")
    status = 400


class NotSignedIn(DomainError):
    """No session, or one that was ended."""

    code = "http.not_signed_in"
    message = _("Please sign in.")
    status = 401


class NotAllowed(DomainError):
    """Signed in, but not for this."""

    code = "http.not_allowed"
    message = _("You may not do this.")
    status = 403


class ForgeryRefused(DomainError):
    """The request did not come from one of our own pages."""

    code = "http.forgery"
    message = _("This page has become too old. Reload it and try again.")
    status = 403


class NotFound(DomainError):
    """Nothing there, or nothing that this account may see."""

    code = "http.not_found"
    message = _("There is nothing at this address.")
    status = 404


class MethodNotAllowed(DomainError):
    """The address is right, the method is not."""

    code = "http.method_not_allowed"
    message = _("This address does not take this method.")
    status = 405


class BodyTooLarge(DomainError):
    """More bytes than this address takes."""

    code = "http.too_large"
    message = _("The request is too large.")
    status = 413


class TooManyRequests(DomainError):
    """Slow down; `seconds` says for how long."""

    code = "http.too_many_requests"
    message = _("Too many requests. Wait a little and try again.")
    status = 429


class DatabaseBusy(DomainError):
    """The database is locked for longer than we wait, or cannot be reached: nothing was changed."""

    code = "http.busy"
    message = _("The server cannot save anything at the moment. Nothing was lost: try again in a moment.")
    status = 503


class DiskFull(DomainError):
    """No room is left where the database lies: nothing was changed."""

    code = "http.disk_full"
    message = _("The disk of this server is full. What was kept stays; tell whoever runs the server.")
    status = 507


class InternalFault(DomainError):
    """Our fault. The log knows more."""

    code = "http.internal"
    message = _("Something went wrong on the server. Try again later.")
    status = 500


def fault_of(error: BaseException | None) -> DomainError:
    """What to answer to an exception that nobody expected. A database's trouble, which may pass, is told as such."""
    if not isinstance(error, OperationalError | InterfaceError):
        return InternalFault()
    # SQLite: "database or disk is full"; PostgreSQL: "No space left on device".
    said = str(error).lower()
    return DiskFull() if "disk is full" in said or "no space left" in said else DatabaseBusy()
