"""What can be asked about sealed objects and heads."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum

from backupweb.accounts.models import Account
from backupweb.backups.errors import NoHead, NoSuchObject
from backupweb.backups.models import DiscardedName, Head, SealedObject, Snapshot, State


@dataclass(frozen=True)
class Totals:
    """What lies in the store, in numbers."""

    objects: int
    bytes: int
    expected_objects: int
    expected_bytes: int
    snapshots: int
    waiting_for_deletion: int


@dataclass(frozen=True)
class StoreRoom:
    """How large the disk under the store is, and what of it is free."""

    total: int
    free: int


def store_room() -> StoreRoom | None:
    """What the disk says; None where nobody knows, as in a bucket."""
    address = urlsplit(settings.BACKUPWEB_STORE)
    if address.scheme != "file":
        return None
    folder = Path(address.path)
    while not folder.is_dir():  # nothing was stored yet
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return StoreRoom(total=usage.total, free=usage.free)


def objects_of(account: Account, *, kind: str | None) -> list[SealedObject]:
    """The account's objects in the order they were announced."""
    rows = SealedObject.objects.visible_to(account).order_by("pk")
    return list(rows if kind is None else rows.filter(kind=kind))


def object_of(account: Account, object_id: UUID) -> SealedObject:
    """One object of the account, in whatever state."""
    row = SealedObject.objects.visible_to(account).filter(object_id=object_id).first()
    if row is None:
        raise NoSuchObject
    return row


def stored_object_of(account: Account, object_id: UUID) -> SealedObject:
    """One object of the account that is stored."""
    row = object_of(account, object_id)
    if row.state != State.STORED:
        raise NoSuchObject
    return row


def stored_objects_of(account: Account, ids: Iterable[UUID]) -> list[SealedObject]:
    """Those of `ids` that the account has stored."""
    return [row for row in SealedObject.objects.visible_to(account).by_ids(ids).values() if row.state == State.STORED]


def head_of(account: Account, sequence: int | None = None) -> Head:
    """The newest head, or the one of this sequence."""
    heads = Head.objects.visible_to(account).order_by("-sequence")
    head = (heads if sequence is None else heads.filter(sequence=sequence)).first()
    if head is None:
        raise NoHead
    return head


def totals() -> Totals:
    """What the whole store holds. For the admin; it names nobody."""
    by_state: dict[str, Any] = {
        row["state"]: row
        for row in SealedObject.objects.order_by().values("state").annotate(number=Count("pk"), size=Sum("size"))
    }
    nothing: dict[str, int] = {}
    stored, expected = by_state.get(State.STORED, nothing), by_state.get(State.EXPECTED, nothing)
    return Totals(
        objects=stored.get("number", 0),
        bytes=stored.get("size", 0),
        expected_objects=expected.get("number", 0),
        expected_bytes=expected.get("size", 0),
        snapshots=Snapshot.objects.count(),
        waiting_for_deletion=DiscardedName.objects.count(),
    )
