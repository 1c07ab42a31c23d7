"""Whether the store has what the tables say, and nothing else: rows without bytes, and bytes without a row.

[What is lost may be sent again] A stored object whose bytes are gone, or have another length, is expected again, as
when its owner asks: the next backup sends it. Bytes with another hash may still hold much that opens, so they are given
up on request only. A row that waits although a snapshot needs it, and whose bytes are there again, is stored again: a
store that was not mounted for a day costs nothing.

[The wrong store] A mistyped address looks like a store that has lost everything. So a store is believed only after it
gave back what it was given, and when more than a few objects are missing, and more than one in twenty, they are counted
and named, but nothing is changed. In the same way nothing is deleted where most of what lies there has no row: that is
another site's store, or an old database.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from backupweb.backups import services
from backupweb.backups.models import BATCH, DiscardedName, SealedObject, SnapshotPart, State
from backupweb.lib import objectstore
from backupweb.lib.locks import lock
from backupweb.lib.objectstore import SHARDS, Lying, MissingObject, ObjectStore
from backupweb.ops.models import Run
from backupweb.ops.walking import STEP, Walk, at_once, hash_of, steps

# What must be zero for all to be well.
FINDINGS = ("missing", "wrong_size", "wrong_hash", "orphans")
_A_FEW = 10
_ONE_IN = 20

Looked = Literal["fine", "missing", "wrong_size", "wrong_hash"]
Say = Callable[[str, str], None]


def verify_all(*, hashed: bool, give_up_damaged: bool, grace: timedelta, say: Say) -> Run:
    """Both ways, from the beginning or from where the last run was cut off."""
    with lock("verify-store", wait=False):
        store = objectstore.open_store()
        walk = Walk(Run.Duty.VERIFY, f"{settings.BACKUPWEB_STORE} {settings.BACKUPWEB_STORE_OTHER} {hashed}")
        objectstore.probe(store)
        way, _, position = walk.position.partition(" ")
        if way != "shard":
            for step in steps(_kept(), int(position or 0)):
                _compare(walk.counts, store, step, hashed=hashed, give_up_damaged=give_up_damaged, say=say)
                walk.stands_at(f"row {step[-1].pk}")
            position = ""
        for shard in SHARDS[SHARDS.index(position) + 1 if position else 0 :]:
            for lying in _without_row(walk.counts, store, shard, timezone.now() - grace):
                walk.counts["orphans"] += 1
                walk.counts["orphan_bytes"] += lying.size
                say("orphan", lying.name)
            walk.stands_at(f"shard {shard}")
        return walk.ends(well=not any(walk.counts[finding] for finding in FINDINGS))


def verify_sample(*, number: int, hashed: bool, give_up_damaged: bool, say: Say) -> Run:
    """So many stored objects, by chance."""
    run = Run.objects.create(duty=Run.Duty.VERIFY)
    run.counts = sampled(number, hashed=hashed, give_up_damaged=give_up_damaged, say=say)
    run.well = not any(run.counts.get(finding) for finding in FINDINGS)
    run.ended = timezone.now()
    run.save()
    return run


def sampled(number: int, *, hashed: bool, give_up_damaged: bool, say: Say) -> dict[str, int]:
    """The same, counted only."""
    store = objectstore.open_store()
    objectstore.probe(store)
    counts: Counter[str] = Counter()
    rows = _by_chance(number)
    for start in range(0, len(rows), STEP):
        step = rows[start : start + STEP]
        _compare(counts, store, step, hashed=hashed, give_up_damaged=give_up_damaged, say=say)
    return dict(counts)


def delete_orphans(run: Run, *, grace: timedelta, although_most: bool) -> bool:
    """Deletes bytes without a row that are older than the grace time; False when there are too many to believe it."""
    if run.counts.get("orphans", 0) > run.counts.get("with_row", 0) and not although_most:
        return False
    store, deleted = objectstore.open_store(), 0
    for shard in SHARDS:
        for lying in list(_without_row(Counter(), store, shard, timezone.now() - grace)):
            store.delete(lying.name)
            deleted += 1
    run.counts |= {"orphans_deleted": deleted}
    run.well = not any(run.counts.get(finding) for finding in FINDINGS if finding != "orphans")
    run.save(update_fields=["counts", "well"])
    return True


# ---------------------------------------------------------------- rows without bytes


def _kept() -> QuerySet[SealedObject]:
    needed = Exists(SnapshotPart.objects.filter(sealed=OuterRef("pk")))
    return SealedObject.objects.filter(Q(state=State.STORED) | needed).select_related("account")


def _by_chance(number: int) -> list[SealedObject]:
    ends = SealedObject.objects.aggregate(least=Min("pk"), most=Max("pk"))
    if ends["least"] is None:
        return []
    found: dict[int, SealedObject] = {}
    for _ in range(number):
        at = ends["least"] + secrets.randbelow(ends["most"] - ends["least"] + 1)
        row = _kept().filter(pk__gte=at).order_by("pk").first()
        if row is not None:
            found[row.pk] = row
    return list(found.values())


def _compare(
    counts: Counter[str],
    store: ObjectStore,
    step: Sequence[SealedObject],
    *,
    hashed: bool,
    give_up_damaged: bool,
    say: Say,
) -> None:
    looked = at_once(partial(_look, store, hashed=hashed), step)
    pairs = list(zip(step, looked, strict=True))
    if any(found != "fine" for _, found in pairs):
        objectstore.probe(store)  # "not there" is believed only of a store that is fit
    for row, found in pairs:
        counts["objects"] += 1
        counts["bytes"] += row.size
        if row.state == State.EXPECTED:
            if found == "fine":
                services.object_found(sealed=row)
                counts["found_again"] += 1
            else:
                counts["waiting"] += 1
            continue
        if found == "fine" or not SealedObject.objects.filter(pk=row.pk, state=State.STORED).exists():
            continue
        counts[found] += 1
        say(found, f"{row.store_name} {row.object_id.hex}")
        if found != "wrong_hash" or give_up_damaged:
            if _believable(counts):
                services.object_lost(sealed=row)
                counts["expected_again"] += 1
            else:
                counts["not_believed"] += 1


def _look(store: ObjectStore, row: SealedObject, *, hashed: bool) -> Looked:
    size = store.size(row.store_name)
    if size is None:
        return "missing"
    if size != row.size:
        return "wrong_size"
    if hashed or row.state == State.EXPECTED:
        try:
            return "fine" if hash_of(store, row) == row.sha256 else "wrong_hash"
        except MissingObject:
            return "missing"
    return "fine"


def _believable(counts: Counter[str]) -> bool:
    lost = sum(counts[finding] for finding in ("missing", "wrong_size", "wrong_hash"))
    return lost <= _A_FEW or lost * _ONE_IN <= counts["objects"]


# ---------------------------------------------------------------- bytes without a row


def _without_row(counts: Counter[str], store: ObjectStore, shard: str, before: datetime) -> Iterator[Lying]:
    # Listed first, looked up then: rows are made before their bytes, and a deleted row leaves a discarded name behind.
    listed = list(store.names(shard))
    for start in range(0, len(listed), BATCH):
        batch = {lying.name: lying for lying in listed[start : start + BATCH]}
        known = set(SealedObject.objects.filter(store_name__in=batch).values_list("store_name", flat=True))
        counts["with_row"] += len(known)
        known |= set(DiscardedName.objects.filter(name__in=batch).values_list("name", flat=True))
        for name, lying in batch.items():
            if name not in known:
                if lying.since < before:
                    yield lying
                else:
                    counts["young"] += 1
