"""An account, the room it has, what was written to it, and invitations to make one."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backupweb.lib.sizes import in_words

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


class DeletionBy(models.TextChoices):
    """Who planned that an account goes: it decides who may call it off."""

    PERSON = "person", _("the person")
    ADMIN = "admin", _("an admin")
    INACTIVITY = "inactivity", _("nobody signed in for long")


class Account(AbstractUser):
    """Who signs in. The key is random: it is WebAuthn's user handle too, and tells nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    # Until then it can be taken back, by whom `accounts.leaving` says.
    delete_after = models.DateTimeField(_("to be deleted"), null=True, editable=False)
    deletion_by = models.CharField(max_length=10, choices=DeletionBy.choices, blank=True, editable=False)
    backup_reminders = models.BooleanField(_("reminders of old backups"), default=True)
    first_name = None  # type: ignore[assignment]  # never asked for
    last_name = None  # type: ignore[assignment]

    objects: ClassVar[UserManager[Account]] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username


class Plan(models.Model):
    """A limit with a name, for the many accounts that share it."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    limit = models.PositiveBigIntegerField(_("limit"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["limit", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({in_words(self.limit)})"


def limit_that_counts(quota: str = "") -> Combinable:
    """The limit of a quota: its own, or its plan's, or the site's. `quota` leads to it from the row, as `quota__`."""
    site = Value(settings.BACKUPWEB_DEFAULT_QUOTA)
    return Coalesce(F(f"{quota}limit"), F(f"{quota}plan__limit"), site, output_field=models.BigIntegerField())


class QuotaQuerySet(models.QuerySet["Quota"]):
    """Every change of `used` and `reserved` is one statement, and a constraint stands behind it."""

    def of(self, account: Account) -> Quota:
        """The account's quota, made at the first look."""
        return self.select_related("plan").get_or_create(account=account)[0]

    def locked(self, account: Account) -> Quota:
        """The same, held until the transaction ends: changes to an account's objects come one after the other."""
        held = self.select_related("plan").select_for_update(of=("self",)).filter(account=account)
        found = held.first()
        if found is None:  # the account's first object
            self.of(account)
            found = held.get()
        return found

    def reserve(self, held: Quota, size: int) -> bool:
        """Reserves room if there is enough; False when there is not."""
        room = self.filter(pk=held.pk, used__lte=Value(held.allowed - size) - F("reserved"))
        return room.update(reserved=F("reserved") + size) == 1

    def settle(self, account: Account, size: int) -> None:
        """What was reserved is stored now."""
        self.filter(account=account).update(reserved=F("reserved") - size, used=F("used") + size)

    def unsettle(self, account: Account, size: int) -> None:
        """What was stored is expected again."""
        self.filter(account=account).update(reserved=F("reserved") + size, used=F("used") - size)

    def release(self, account: Account, *, reserved: int, used: int) -> None:
        """Gives room back."""
        self.filter(account=account).update(reserved=F("reserved") - reserved, used=F("used") - used)


class Quota(models.Model):
    """How many bytes an account may keep, keeps, and is about to keep."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, verbose_name=_("account"))
    limit = models.PositiveBigIntegerField(_("limit"), null=True, blank=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="quotas", verbose_name=_("plan")
    )
    used = models.PositiveBigIntegerField(_("used"), default=0)
    reserved = models.PositiveBigIntegerField(_("reserved"), default=0)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(condition=Q(used__gte=0), name="quota_used_not_negative"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="quota_reserved_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.used)} / {in_words(self.allowed)}"

    @property
    def allowed(self) -> int:
        """The limit that counts: the account's own, or its plan's, or the site's."""
        if self.limit is not None:
            return self.limit
        return settings.BACKUPWEB_DEFAULT_QUOTA if self.plan is None else self.plan.limit


class QuotaRequestQuerySet(models.QuerySet["QuotaRequest"]):
    """The doors to wishes for more room."""

    def visible_to(self, account: Account) -> QuotaRequestQuerySet:
        """The only door to a person's wishes."""
        return self.filter(account=account)

    def undecided(self) -> QuotaRequestQuerySet:
        """Those that nobody has answered."""
        return self.filter(decided=None)


class QuotaRequest(models.Model):
    """Somebody asks for more room. An admin grants it, or does not."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, verbose_name=_("account"))
    wanted = models.PositiveBigIntegerField(_("wanted"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made = models.DateTimeField(_("made"), default=timezone.now)
    decided = models.DateTimeField(_("decided"), null=True)
    granted = models.BooleanField(_("granted"), null=True)

    objects: ClassVar[QuotaRequestQuerySet] = QuotaRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request for more room")
        verbose_name_plural = _("requests for more room")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(decided=None), name="request_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(decided=None, granted=None) | Q(decided__isnull=False, granted__isnull=False),
                name="request_decided_one_way",
            ),
        ]

    def __str__(self) -> str:
        return in_words(self.wanted)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Of two processes that find the same reason to write, one writes."""

    def claim(self, account: Account, kind: str, *, before: datetime) -> bool:
        """Notes that a notice of this kind is sent now; False when one was sent at `before` or later."""
        now = timezone.now()
        if self.filter(account=account, kind=kind, sent__lt=before).update(sent=now) == 1:
            return True
        return self.get_or_create(account=account, kind=kind, defaults={"sent": now})[1]

    def forget(self, account: Account, kind: str) -> None:
        """The reason is gone: the next time it is news again."""
        self.filter(account=account, kind=kind).delete()


class Notice(models.Model):
    """The last notice of one kind that an account was sent by mail: what was said once is not said every day."""

    class Kind(models.TextChoices):
        """Why somebody is written to without having asked for it."""

        ROOM_80 = "room-80", _("80 % of the room is used")
        ROOM_95 = "room-95", _("95 % of the room is used")
        BACKUP_OLD = "backup-old", _("the last backup is long ago")
        INACTIVE = "inactive", _("nobody has signed in for long")
        DELETION = "deletion", _("the account is about to be deleted")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    sent = models.DateTimeField(_("sent"))

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="notice_once_per_kind")]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Only the hash of a token is kept: whoever reads the table cannot use an invitation."""

    @staticmethod
    def hashed(token: str) -> str:
        """What is kept of a token."""
        return hashlib.sha256(token.encode()).hexdigest()

    def open_for(self, token: str) -> InvitationQuerySet:
        """The invitation of this token, if it can still be used."""
        return self.filter(token_hash=self.hashed(token), used=None, expires__gt=timezone.now())

    def spend(self, token: str) -> bool:
        """Uses the invitation up; False when it was used or has expired."""
        return self.open_for(token).update(used=timezone.now()) == 1


class Invitation(models.Model):
    """Leave to make one account, by a link that works once."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField(_("note"), max_length=100, blank=True)
    made = models.DateTimeField(_("made"), auto_now_add=True)
    expires = models.DateTimeField(_("expires"))
    used = models.DateTimeField(_("used"), null=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("plan"))

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.note or self.made.strftime("%Y-%m-%d")
