"""Sealed objects, the snapshots that point at them, the heads that list those, and names whose bytes must go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.models import Account

# As many ids as one statement takes everywhere.
BATCH = 500


class Kind(models.TextChoices):
    """What a sealed object is for. The server treats all the same, but for their limits."""

    PACK = "pack", _("pack")
    CATALOG = "catalog", _("catalog")
    SNAPSHOT = "snapshot", _("snapshot")


class State(models.TextChoices):
    """Announced and room reserved, or checked and kept."""

    EXPECTED = "expected", _("expected")
    STORED = "stored", _("stored")


# `docs/format.md`: packs are at most 8 MiB, other sealed objects 64 MiB, and none is shorter than 4,096 bytes.
SMALLEST = 4096
LARGEST = {Kind.PACK: 8 * 1024 * 1024, Kind.CATALOG: 64 * 1024 * 1024, Kind.SNAPSHOT: 64 * 1024 * 1024}


class SealedObjectQuerySet(models.QuerySet["SealedObject"]):
    """The doors to sealed objects."""

    def visible_to(self, account: Account) -> SealedObjectQuerySet:
        """The only door to a person's objects: whoever may read one, reads it through here."""
        return self.filter(account=account)

    def by_ids(self, ids: Iterable[UUID]) -> dict[UUID, SealedObject]:
        """Those of `ids` that are there, however many are asked for."""
        wanted = list(ids)
        batches = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
        return {row.object_id: row for batch in batches for row in self.filter(object_id__in=batch)}

    def unreferenced(self) -> SealedObjectQuerySet:
        """What no snapshot refers to."""
        return self.filter(~Exists(SnapshotPart.objects.filter(sealed=OuterRef("pk"))))

    def collectable(self, account: Account, before: datetime) -> SealedObjectQuerySet:
        """What nothing of this account refers to for longer than the grace time.

        [A long upload is not garbage] An import of many gigabytes may take days before its snapshot is committed. As
        long as an account goes on announcing, nothing is collected of what it sent and has not committed yet; what a
        removed snapshot left behind counts from its removal.
        """
        loose = self.visible_to(account).unreferenced()
        latest = loose.filter(released=None).aggregate(latest=Max("announced"))["latest"]
        if latest is not None and latest < before:
            return loose.filter(Q(released=None) | Q(released__lt=before))
        return loose.filter(released__lt=before)

    def mark_stored(self, sealed: Sequence[SealedObject]) -> int:
        """Expected becomes stored, once: of two uploads of one object only one is counted. How many became it."""
        pks = [row.pk for row in sealed]
        return self.filter(pk__in=pks, state=State.EXPECTED).update(state=State.STORED)

    def mark_expected(self, sealed: SealedObject) -> bool:
        """The store has lost the bytes: they may be sent again."""
        return self.filter(pk=sealed.pk, state=State.STORED).update(state=State.EXPECTED) == 1


class SealedObject(models.Model):
    """A pack, a catalog or a snapshot: an id that the browser made, a length, a hash, and a name in the store.

    The id is unique within its account only, and the name in the store is made by the server: nobody can take, guess
    or block anybody else's.
    """

    # No index of its own, here and below where a constraint begins with the same column: it would be read never and
    # written always (docs/scaling.md).
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, verbose_name=_("account"))
    object_id = models.UUIDField(_("id"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("hash"), max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.EXPECTED)
    store_name = models.CharField(max_length=32, unique=True, editable=False)
    announced = models.DateTimeField(_("announced"))
    released = models.DateTimeField(_("released"), null=True)

    objects = SealedObjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed object")
        verbose_name_plural = _("sealed objects")
        constraints = [
            models.UniqueConstraint(fields=["account", "object_id"], name="object_once_per_account"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="object_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="object_kind_known"),
            models.CheckConstraint(condition=Q(size__gte=SMALLEST), name="object_size_sane"),
        ]

    def __str__(self) -> str:
        return self.object_id.hex


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """The doors to snapshots."""

    def visible_to(self, account: Account) -> SnapshotQuerySet:
        """The only door to a person's snapshots."""
        return self.filter(account=account)

    def newest_of_each(self) -> Subquery:
        """When the newest was committed, beside every account of a list: sizes and times, for staff."""
        return Subquery(self.filter(account=OuterRef("pk")).order_by("-pk").values("committed")[:1])


class Snapshot(models.Model):
    """One committed import: which sealed objects it needs. What is in it, only the browser knows."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, verbose_name=_("account"))
    sealed = models.OneToOneField(SealedObject, on_delete=models.RESTRICT, verbose_name=_("sealed object"))
    committed = models.DateTimeField(_("committed"), auto_now_add=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")

    def __str__(self) -> str:
        return str(self.sealed)


class SnapshotPart(models.Model):
    """A snapshot needs this object (itself included): as long as this row stands, the database will not delete it."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, db_index=False, related_name="parts")
    sealed = models.ForeignKey(SealedObject, on_delete=models.RESTRICT, related_name="parts")

    class Meta:
        verbose_name = _("part of a snapshot")
        verbose_name_plural = _("parts of snapshots")
        constraints = [models.UniqueConstraint(fields=["snapshot", "sealed"], name="part_once_per_snapshot")]

    def __str__(self) -> str:
        return f"{self.snapshot} → {self.sealed}"


class HeadQuerySet(models.QuerySet["Head"]):
    """The doors to heads."""

    def visible_to(self, account: Account) -> HeadQuerySet:
        """The only door to a person's heads."""
        return self.filter(account=account)

    def last_sequence(self, account: Account) -> int:
        """The newest head's sequence; 0 before the first."""
        latest = self.filter(account=account).aggregate(latest=Max("sequence"))["latest"]
        return latest or 0


class Head(models.Model):
    """The sealed list of everything, every one of them kept: the constraint is the compare-and-swap."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False, verbose_name=_("account"))
    sequence = models.PositiveBigIntegerField(_("sequence"))
    sealed = models.BinaryField()
    sha256 = models.CharField(_("hash"), max_length=64)
    written = models.DateTimeField(_("written"), auto_now_add=True)

    objects = HeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("head")
        verbose_name_plural = _("heads")
        constraints = [models.UniqueConstraint(fields=["account", "sequence"], name="head_sequence_once")]

    def __str__(self) -> str:
        return str(self.sequence)


class DiscardedName(models.Model):
    """A name whose row is gone and whose bytes must go: noted in the transaction that deletes the row."""

    name = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("discarded name")
        verbose_name_plural = _("discarded names")

    def __str__(self) -> str:
        return self.name
