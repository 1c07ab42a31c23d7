"""An account, the room it has, and invitations to make one."""

from __future__ import annotations

import hashlib
import uuid
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


class Account(AbstractUser):
    """Who signs in. The key is random: it is WebAuthn's user handle too, and tells nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
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


def default_quota() -> Combinable:
    """The room of an account that has no limit of its own."""
    return Coalesce(F("limit"), Value(settings.BACKUPWEB_DEFAULT_QUOTA))


class QuotaQuerySet(models.QuerySet["Quota"]):
    """Every change of `used` and `reserved` is one statement, and a constraint stands behind it."""

    def of(self, account: Account) -> Quota:
        """The account's quota, made at the first look."""
        return self.get_or_create(account=account)[0]

    def locked(self, account: Account) -> Quota:
        """The same, held until the transaction ends: changes to an account's objects come one after the other."""
        self.of(account)
        return self.select_for_update().get(account=account)

    def reserve(self, account: Account, size: int) -> bool:
        """Reserves room if there is enough; False when there is not."""
        room = Q(taken__lte=default_quota() - Value(size))
        taken = self.filter(account=account).annotate(taken=F("used") + F("reserved"))
        return taken.filter(room).update(reserved=F("reserved") + size) == 1

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
        """The limit that counts: the account's own, or the site's."""
        return settings.BACKUPWEB_DEFAULT_QUOTA if self.limit is None else self.limit


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

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.note or self.made.strftime("%Y-%m-%d")
