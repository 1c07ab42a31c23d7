"""What staff changed: who, when, which field, from what to what. No secret enters it, and nobody's name but staff's.

Only what is done in the admin is written down. What people do with their own accounts is theirs to look up (`ops`), and
what the site counts by itself nobody needs to answer for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from auditlog.context import disable_auditlog
from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from auditlog.signals import pre_log
from django.db.models import Model
from django.db.models.signals import pre_save

from backupweb.accounts.models import Account, Invitation, Plan, Quota, QuotaRequest

# What is written down of each table. Not there: names, addresses, passwords, whatever a person wrote, tokens of
# invitations and what they are noted for, and sums that change with every pack.
WATCHED: dict[type[Model], list[str]] = {
    Account: ["is_active", "is_staff", "is_superuser", "delete_after"],
    Quota: ["limit", "plan"],
    Plan: ["name", "limit", "note"],
    Invitation: ["expires"],
    QuotaRequest: ["wanted", "granted"],
}

_acting: ContextVar[Account | None] = ContextVar("acting", default=None)


def listen() -> None:
    """Connects to what auditlog hears; called once, at the start."""
    for model, fields in WATCHED.items():
        auditlog.register(model, include_fields=fields)
        pre_log.connect(_by_staff, sender=model, dispatch_uid="backupweb.by_staff")
    pre_save.connect(_sign, sender=LogEntry, dispatch_uid="backupweb.sign")


@contextmanager
def acting(staff: Account) -> Iterator[None]:
    """While this lasts, what changes is this person's doing."""
    token = _acting.set(staff)
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def witnessed(*rows: Model) -> Iterator[None]:
    """Writes down what happened to these rows, also where a service changes them by statements that send no signal."""
    before = [_as_it_stands(row) for row in rows]
    with disable_auditlog():
        yield
    for old in before:
        new = _as_it_stands(old)
        note(new, model_instance_diff(old, new))


def note(row: Model, changes: dict[str, Any] | None) -> None:
    """Writes down a change, if there was one and somebody of the staff made it."""
    if changes and _acting.get() is not None:
        LogEntry.objects.log_create(row, action=LogEntry.Action.UPDATE, changes=changes)


def _as_it_stands(row: Model) -> Model:
    # Asked anew: a service may change the row in hand as well.
    return type(row)._base_manager.get(pk=row.pk)  # noqa: SLF001  # Django's own way


def _by_staff(sender: type[Model], **told: Any) -> bool:
    return _acting.get() is not None


def _sign(sender: type[Model], instance: Any, raw: bool, **told: Any) -> None:
    staff = _acting.get()
    if staff is None or raw:
        return
    instance.actor = staff
    # A name, because the answer to "who was that" must outlive the account; accounts of people leave none.
    instance.additional_data = {"staff": staff.username}
    instance.object_repr = str(instance.object_repr) if instance.content_type.model_class() is Plan else ""
