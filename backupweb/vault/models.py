"""What the vault's database keeps: sealed records, an account's guesses, what was erased. No foreign key leads out."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

GUESSES = 10
PROOFS = 3


class RecordState(models.TextChoices):
    """`leaving`: the database has let go of it, the ledger may not have yet; whoever meets it finishes."""

    PENDING = "pending", _("pending")
    IN_USE = "in-use", _("in use")
    LEAVING = "leaving", _("leaving")


class VaultRecord(models.Model):
    """A password's record, sealed under a key that stands in the ledger. `proofs_left` counts for a pending one."""

    record = models.UUIDField(primary_key=True)
    account = models.UUIDField(db_index=True)
    state = models.CharField(max_length=8, choices=RecordState)
    parameters = models.BinaryField(max_length=7)
    sealed = models.BinaryField(max_length=512)
    proofs_left = models.PositiveSmallIntegerField(default=PROOFS)
    created = models.DateTimeField()

    class Meta:
        verbose_name = _("vault record")
        verbose_name_plural = _("vault records")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="in-use"), name="one_record_in_use"),
            models.UniqueConstraint(fields=["account"], condition=Q(state="pending"), name="one_record_pending"),
            models.CheckConstraint(condition=Q(proofs_left__lte=PROOFS), name="proofs_left_in_range"),
            # What is on its way out holds nothing any more.
            models.CheckConstraint(condition=~Q(state="leaving") | Q(sealed=b""), name="leaving_is_empty"),
        ]

    def __str__(self) -> str:
        return self.record.hex


class KnownLedger(models.Model):
    """Which ledger the records belong to; one row. Beside another one, or none, they are not lost: it is elsewhere."""

    one = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    ledger = models.UUIDField()

    class Meta:
        verbose_name = _("known ledger")
        verbose_name_plural = _("known ledgers")
        constraints = [models.CheckConstraint(condition=Q(one=1), name="one_ledger")]

    def __str__(self) -> str:
        return self.ledger.hex


class GuessBudgetQuerySet(models.QuerySet["GuessBudget"]):
    """The row is also the account's lock: who changes a record of the account holds it first."""

    def hold(self, account: UUID) -> GuessBudget:
        """Takes the lock, until the transaction ends."""
        self.get_or_create(account=account)
        return self.select_for_update().get(account=account)

    def spend(self, account: UUID) -> bool:
        """Takes one guess; False when there was none. In one statement: two hundred may try at once."""
        return self.filter(account=account, left__gt=0).update(left=F("left") - 1) == 1


class GuessBudget(models.Model):
    """How many guesses an account has left. It belongs to the account: a new record does not mint guesses."""

    account = models.UUIDField(primary_key=True)
    left = models.PositiveSmallIntegerField(default=GUESSES)

    objects = GuessBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("guess budget")
        verbose_name_plural = _("guess budgets")
        constraints = [models.CheckConstraint(condition=Q(left__gte=0, left__lte=GUESSES), name="left_in_range")]

    def __str__(self) -> str:
        return self.account.hex


class Tombstone(models.Model):
    """A record that was erased for good. `guesses` is 0 where its key was found destroyed: nobody knows the number."""

    record = models.UUIDField(primary_key=True)
    account = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    guesses = models.PositiveSmallIntegerField()
    told = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")

    def __str__(self) -> str:
        return self.record.hex
