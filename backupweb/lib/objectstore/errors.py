"""Refusals of the stores: nothing is lost by them, and the same request may be made again."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError

# `refused`: our credentials, our bucket or its host key; `busy`: no answer, or "not now", however often it was asked;
# `incomplete`: it did not keep what it was given.
Reason = Literal["refused", "busy", "incomplete"]


class StoreUnavailable(DomainError):
    """The store does not answer, does not let us in or did not keep what it was given; the log says which."""

    code = "store.unavailable"
    message = _("The storage of this server does not answer at the moment. Try again in a few minutes.")
    status = 503

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__()
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.reason} ({self.detail})"


class StoreFull(DomainError):
    """No room is left where sealed bytes lie: no quota, but the disk or the provider's account."""

    code = "store.full"
    message = _("The storage of this server is full. What was kept stays; tell whoever runs the server.")
    status = 507
