"""Announcing, keeping, committing and giving up sealed objects. Everything may be tried again.

[One account at a time] Each change holds the row of the account's quota until its transaction ends. So sums stay exact,
and a collector and a commit that want the same object come one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from backupweb.accounts import rooms
from backupweb.accounts.events import announce
from backupweb.accounts.models import Account, Quota
from backupweb.backups.errors import HeadMoved, NoSuchObject, NotStored, ObjectDiffers, QuotaExceeded
from backupweb.backups.models import (
    BATCH,
    DiscardedName,
    Head,
    Kind,
    SealedObject,
    Snapshot,
    SnapshotPart,
    State,
)
from backupweb.lib import objectstore, transfer
from backupweb.lib.objectstore.incoming import take_in
from backupweb.lib.objectstore.several import ask_each, sizes

if TYPE_CHECKING:
    from backupweb.lib.objectstore.direct import Direct


@dataclass(frozen=True)
class Announcement:
    """What a client says an object will be."""

    id: UUID
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Addition:
    """A snapshot and every pack and catalog it needs."""

    snapshot: UUID
    objects: Sequence[UUID]


@dataclass(frozen=True)
class Committed:
    """The head that stands now; `fresh` is False when this very commit had landed before."""

    sequence: int
    sha256: str
    fresh: bool


def objects_begin(*, account: Account, announcements: Sequence[Announcement]) -> list[SealedObject]:
    """Reserves room for all of them, or for none. Announcing the same again is harmless."""
    wanted: dict[UUID, Announcement] = {}
    for announcement in announcements:
        if wanted.setdefault(announcement.id, announcement) != announcement:
            raise ObjectDiffers
    with transaction.atomic():
        quota = Quota.objects.locked(account)
        known = SealedObject.objects.visible_to(account).by_ids(wanted)
        if any(_facts(known[id_]) != wanted[id_] for id_ in known):
            raise ObjectDiffers
        fresh = [announcement for id_, announcement in wanted.items() if id_ not in known]
        size = sum(announcement.size for announcement in fresh)
        if fresh and not Quota.objects.reserve(quota, size):
            raise QuotaExceeded(missing=quota.used + quota.reserved + size - quota.allowed)
        now = timezone.now()
        made = SealedObject.objects.bulk_create(_row(account, announcement, now) for announcement in fresh)
        if known:  # what is announced again is still wanted: its grace time begins anew
            SealedObject.objects.filter(pk__in=[row.pk for row in known.values()]).update(announced=now)
    known |= {row.object_id: row for row in made}
    return [known[announcement.id] for announcement in announcements]


def object_store(*, sealed: SealedObject, arrival: objectstore.Arrival) -> None:
    """Gives checked bytes their name and counts them. Of two uploads of one object, one counts."""
    arrival.place(sealed.store_name)
    if not _count(sealed.account, [sealed]):
        raise NoSuchObject


def _count(account: Account, rows: Sequence[SealedObject]) -> list[SealedObject]:
    """The bytes of these lie there, checked; which of them are stored now.

    A row may have been given up while its bytes came in. Then nobody would ever look for them, so they go at once;
    should the process die just there, the discarded name is still remembered and the collector takes them.
    """
    # The account may be gone with everything, too.
    with suppress(Account.DoesNotExist, IntegrityError), transaction.atomic():
        before, size = Quota.objects.locked(account), sum(row.size for row in rows)
        if SealedObject.objects.all().mark_stored(rows) == len(rows):
            Quota.objects.settle(account, size)
            rooms.warn_if_crossed(before, stored=size)
            return list(rows)
        if len(rows) == 1 and SealedObject.objects.filter(pk=rows[0].pk, state=State.STORED).exists():
            return list(rows)
        transaction.set_rollback(True)
    if len(rows) > 1:  # one of them is not as it was: each by itself
        return [row for each in rows for row in _count(account, [each])]
    objectstore.open_store().delete(rows[0].store_name)
    return []


def objects_finish(*, account: Account, ids: Sequence[UUID]) -> list[SealedObject]:
    """Asks the store itself. What it has lost is expected again, to be sent again; unknown ids are left out.

    [Bytes that came another way] What this site did not carry, it has not hashed. It becomes stored here and nowhere
    else: when the store confirms the hash that it enforced, or when this site has hashed what nginx laid down.
    """
    store = objectstore.open_store()
    known = SealedObject.objects.visible_to(account).by_ids(ids)
    stored = [row for row in known.values() if row.state == State.STORED]
    expected = [row for row in known.values() if row.state == State.EXPECTED]
    lying = sizes(store, [row.store_name for row in stored])
    lost = [row for row, size in zip(stored, lying, strict=True) if size != row.size]
    if lost:
        objectstore.probe(store)  # "not there" is believed only of a store that is fit
    for row in lost:
        object_lost(sealed=row)
        row.state = State.EXPECTED
    arrived = [row for row, there in zip(expected, _arrived(store, expected), strict=True) if there]
    if arrived:
        for row in _count(account, arrived):  # what was given up meanwhile is left as expected: its bytes are gone
            row.state = State.STORED
    return [known[id_] for id_ in dict.fromkeys(ids) if id_ in known]


def object_lost(*, sealed: SealedObject) -> None:
    """The store has not what it should: it is expected again, and its room stays reserved."""
    with transaction.atomic():
        Quota.objects.locked(sealed.account)
        if SealedObject.objects.all().mark_expected(sealed):
            Quota.objects.unsettle(sealed.account, sealed.size)


def object_found(*, sealed: SealedObject) -> None:
    """Bytes that were given up for lost are there, checked."""
    with transaction.atomic():
        Quota.objects.locked(sealed.account)
        if SealedObject.objects.all().mark_stored([sealed]):
            Quota.objects.settle(sealed.account, sealed.size)


def _arrived(store: objectstore.ObjectStore, rows: Sequence[SealedObject]) -> list[bool]:
    """Of each, whether its bytes came another way."""
    if settings.BACKUPWEB_TRANSFER == transfer.NGINX:
        return ask_each(lambda row: take_in(store, row.store_name, size=row.size, sha256=row.sha256), rows)
    direct = direct_door()
    if direct is None:
        return [False] * len(rows)
    return ask_each(lambda row: direct.confirms(row.store_name, size=row.size, sha256=row.sha256), rows)


def direct_door() -> Direct | None:
    """The way past this site, where the settings name one."""
    if settings.BACKUPWEB_TRANSFER != transfer.DIRECT:
        return None
    from backupweb.lib.objectstore.direct import open_direct  # noqa: PLC0415  # brings an S3 client with it

    return open_direct()


def commit(
    *, account: Account, sequence: int, sealed: bytes, add: Sequence[Addition], remove: Sequence[UUID]
) -> Committed:
    """One transaction: everything added is stored, `sequence` is the newest plus one, or nothing changes.

    The same sealed head again is the same commit, whose answer was lost: it is confirmed, not repeated.
    """
    sha256 = hashlib.sha256(sealed).hexdigest()
    with transaction.atomic():
        Quota.objects.locked(account)
        last = Head.objects.last_sequence(account)
        if sequence != last + 1:
            if Head.objects.visible_to(account).filter(sequence=sequence, sha256=sha256).exists():
                return Committed(sequence, sha256, fresh=False)
            raise HeadMoved(sequence=last)
        for addition in add:
            _snapshot_add(account, addition)
        _snapshots_remove(account, remove)
        Head.objects.create(account=account, sequence=sequence, sealed=sealed, sha256=sha256)
        transaction.on_commit(partial(announce, account.pk, {"kind": "head", "sequence": sequence}))
    return Committed(sequence, sha256, fresh=True)


def heads_forget(*, account: Account, before: int) -> None:
    """Takes away every head before this sequence: no key that is left opens them."""
    Head.objects.visible_to(account).filter(sequence__lt=before).delete()


def objects_abandon(*, account: Account, ids: Sequence[UUID]) -> int:
    """Gives up what no snapshot refers to and returns its room; what is referred to stays, unknown ids are harmless."""
    with transaction.atomic():
        Quota.objects.locked(account)
        rows = SealedObject.objects.visible_to(account).unreferenced().filter(object_id__in=set(ids))
        gone = _discard(account, list(rows))
    discarded_delete(gone)
    return len(gone)


def objects_collect(*, account: Account, rows: Sequence[SealedObject], before: datetime) -> list[SealedObject]:
    """Gives up those rows that may still be collected, and tells which: the collector's way in."""
    with transaction.atomic():
        Quota.objects.locked(account)
        # Asked again under the lock: a commit or a new announcement may have come first.
        rows = list(SealedObject.objects.all().collectable(account, before).filter(pk__in=[row.pk for row in rows]))
        gone = _discard(account, rows)
    discarded_delete(gone)
    return rows


def library_erase(*, account: Account) -> int:
    """Everything that a closed account keeps goes, its sealed objects by *Crash-safe deletion*; how many there were.

    May be cut off anywhere and done again.
    """
    Head.objects.visible_to(account).delete()
    Snapshot.objects.visible_to(account).delete()
    erased = 0
    while rows := list(SealedObject.objects.visible_to(account).unreferenced().order_by("pk")[:BATCH]):
        with transaction.atomic():
            Quota.objects.locked(account)
            gone = _discard(account, rows)
        discarded_delete(gone)
        erased += len(gone)
    return erased


def discarded_delete(names: Iterable[str]) -> None:
    """Deletes the bytes of discarded names.

    The names are not forgotten yet: an upload that was under way may still lay bytes there. The collector deletes once
    more, and forgets a name when no upload can be that old.
    """
    store = objectstore.open_store()
    for name in names:
        store.delete(name)


def _discard(account: Account, rows: Sequence[SealedObject]) -> list[str]:
    # [Crash-safe deletion] In one transaction: the row goes, the room comes back, the name is noted. Then the bytes go,
    # then the note. Cut off anywhere, sums are exact and the next run goes on; bytes are never missed by a row.
    names = [row.store_name for row in rows]
    now = timezone.now()
    DiscardedName.objects.bulk_create(DiscardedName(name=name, since=now) for name in names)
    for start in range(0, len(rows), BATCH):
        SealedObject.objects.filter(pk__in=[row.pk for row in rows[start : start + BATCH]]).delete()
    Quota.objects.release(
        account,
        reserved=sum(row.size for row in rows if row.state == State.EXPECTED),
        used=sum(row.size for row in rows if row.state == State.STORED),
    )
    return names


def _snapshot_add(account: Account, addition: Addition) -> None:
    needed = list(dict.fromkeys([addition.snapshot, *addition.objects]))
    rows = SealedObject.objects.visible_to(account).by_ids(needed)
    fitting = {
        id_
        for id_, row in rows.items()
        if row.state == State.STORED and (row.kind == Kind.SNAPSHOT) == (id_ == addition.snapshot)
    }
    if len(fitting) < len(needed):
        raise NotStored(missing=len(needed) - len(fitting))
    snapshot, _made = Snapshot.objects.get_or_create(account=account, sealed=rows[addition.snapshot])
    SnapshotPart.objects.bulk_create(
        (SnapshotPart(snapshot=snapshot, sealed=row) for row in rows.values()), ignore_conflicts=True, batch_size=BATCH
    )
    pks = [row.pk for row in rows.values() if row.released is not None]
    for start in range(0, len(pks), BATCH):
        SealedObject.objects.filter(pk__in=pks[start : start + BATCH]).update(released=None)


def _snapshots_remove(account: Account, ids: Sequence[UUID]) -> None:
    for id_ in ids:
        snapshot = Snapshot.objects.visible_to(account).filter(sealed__object_id=id_).first()
        if snapshot is None:  # gone already
            continue
        parts = list(snapshot.parts.values_list("sealed_id", flat=True))
        snapshot.delete()
        for start in range(0, len(parts), BATCH):
            batch = SealedObject.objects.filter(pk__in=parts[start : start + BATCH])
            batch.unreferenced().update(released=timezone.now())


def _facts(row: SealedObject) -> Announcement:
    return Announcement(id=row.object_id, kind=row.kind, size=row.size, sha256=row.sha256)


def _row(account: Account, announcement: Announcement, now: datetime) -> SealedObject:
    return SealedObject(
        account=account,
        object_id=announcement.id,
        kind=announcement.kind,
        size=announcement.size,
        sha256=announcement.sha256,
        store_name=objectstore.new_name(),
        announced=now,
    )
