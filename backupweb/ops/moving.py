"""Moving everything from one store to another while the site runs (docs/stores.md, "Moving to another store").

[Nothing is lost on the way] Both stores are in the settings, so every process reads and deletes from both, and new
objects go to the first. A row is copied when it is stored, and checked on the way; its bytes stay where they were. Only
a run that began when new objects went to the target already can be the last one: what came before, it has seen, and
what comes after lies there. An object that is collected while it is copied leaves bytes without a row; its name is
among the discarded ones, which the collector deletes for a day.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Literal

from django.conf import settings

from backupweb.backups.models import SealedObject, State
from backupweb.lib import objectstore
from backupweb.lib.locks import lock
from backupweb.lib.objectstore import MissingObject, ObjectStore, Spool
from backupweb.ops.models import Run
from backupweb.ops.walking import Walk, at_once, steps

Outcome = Literal["moved", "there", "missing", "damaged"]


class NoSuchStore(Exception):
    """The address is none of the two that the settings name."""


def moves_for_good(to: str) -> bool:
    """Whether new objects go there already, so that a run from now on is the last one."""
    if settings.BACKUPWEB_STORE_OTHER is None or to not in {settings.BACKUPWEB_STORE, settings.BACKUPWEB_STORE_OTHER}:
        raise NoSuchStore
    return bool(to == settings.BACKUPWEB_STORE)


def move(*, to: str) -> Run:
    """Copies what is stored and not there yet. `well`: everything that is stored lies there now."""
    final = moves_for_good(to)
    main, other = objectstore.open_stores()
    if other is None:
        raise NoSuchStore
    source, target = (other, main) if final else (main, other)
    with lock("move-store", wait=False):
        walk = Walk(Run.Duty.MOVE, f"{to} {final}")
        objectstore.probe(target)
        stored = SealedObject.objects.filter(state=State.STORED)
        for step in steps(stored, int(walk.position or 0)):
            outcomes = at_once(partial(_carry, source, target), step)
            gone = _given_up([row for row, found in zip(step, outcomes, strict=True) if found == "missing"])
            for row, outcome in zip(step, outcomes, strict=True):
                if row.pk in gone:
                    continue
                walk.counts[outcome] += 1
                walk.counts["bytes"] += row.size if outcome == "moved" else 0
            walk.stands_at(str(step[-1].pk))
        return walk.ends(well=not walk.counts["missing"] and not walk.counts["damaged"])


def _carry(source: ObjectStore, target: ObjectStore, row: SealedObject) -> Outcome:
    if target.size(row.store_name) == row.size:  # a name stands for whole, checked bytes
        return "there"
    spool, digest = Spool(target), hashlib.sha256()
    try:
        try:
            for block in source.read(row.store_name, 0, row.size):
                digest.update(block)
                spool.write(block)
        except MissingObject:
            objectstore.probe(source)
            return "missing"
        if digest.hexdigest() != row.sha256:
            return "damaged"
        spool.place(row.store_name)
    finally:
        spool.discard()
    return "moved"


def _given_up(rows: list[SealedObject]) -> set[int]:
    """Those that were deleted, or lost and told so, since they were looked up."""
    still = SealedObject.objects.filter(pk__in=[row.pk for row in rows], state=State.STORED)
    return {row.pk for row in rows} - set(still.values_list("pk", flat=True))
