"""Walks over everything that is stored: written down after each step, continued after a kill."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from backupweb.backups.models import SealedObject
from backupweb.lib.objectstore import ObjectStore
from backupweb.ops.models import Run

# So much is done again at most when a walk was cut off.
STEP = 50
AT_ONCE = 4

T = TypeVar("T")


class Walk:
    """A run that knows where it stands. `about`: what it does; a run about something else is not continued."""

    def __init__(self, duty: Run.Duty, about: str) -> None:
        self._mark = hashlib.sha256(about.encode()).hexdigest()[:16]
        left = Run.objects.filter(duty=duty).exclude(cursor="").order_by("-pk").first()
        self.continued = left is not None and left.cursor.startswith(self._mark)
        self.run = left if left is not None and self.continued else Run.objects.create(duty=duty, cursor=self._at(""))
        others = Run.objects.filter(duty=duty).exclude(pk=self.run.pk)
        others.filter(ended=None).update(ended=timezone.now(), well=False)
        others.exclude(cursor="").update(cursor="")
        Run.objects.filter(pk=self.run.pk).update(ended=None, well=True)
        self.counts: Counter[str] = Counter(self.run.counts)

    @property
    def position(self) -> str:
        """Where it stands; empty at the beginning."""
        return self.run.cursor.partition(":")[2]

    def stands_at(self, position: str) -> None:
        """Everything up to there is done, and counted."""
        self.run.cursor, self.run.counts = self._at(position), dict(self.counts)
        self.run.save(update_fields=["cursor", "counts"])

    def ends(self, *, well: bool) -> Run:
        """It is over."""
        self.run.cursor, self.run.counts = "", dict(self.counts)
        self.run.ended, self.run.well = timezone.now(), well
        self.run.save(update_fields=["cursor", "counts", "ended", "well"])
        return self.run

    def _at(self, position: str) -> str:
        return f"{self._mark}:{position}"


def steps(rows: QuerySet[SealedObject], after: int) -> Iterable[list[SealedObject]]:
    """Those beyond `after`, some at a time, in the order in which they were announced."""
    while step := list(rows.filter(pk__gt=after).order_by("pk")[:STEP]):
        yield step
        after = step[-1].pk


def at_once(work: Callable[[SealedObject], T], rows: Sequence[SealedObject]) -> list[T]:
    """Asks the store for several at a time; nothing in `work` may ask the database."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
        return list(threads.map(work, rows))


def hash_of(store: ObjectStore, row: SealedObject) -> str:
    """The hash of what the store has, as long as it should be."""
    digest = hashlib.sha256()
    for block in store.read(row.store_name, 0, row.size):
        digest.update(block)
    return digest.hexdigest()
