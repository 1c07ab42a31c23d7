"""What a person can look up about signing in and unlocking; kept for a year."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.models import Account
from backupweb.ops.kinds import sentence


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    """The one door to a person's events."""

    def visible_to(self, account: Account) -> SecurityEventQuerySet:
        """Whoever may read an event, reads it through here."""
        return self.filter(account=account)


class SecurityEvent(models.Model):
    """What happened, when, on which device. `number`: guesses left."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, verbose_name=_("account"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    kind = models.CharField(_("event"), max_length=32)
    detail = models.CharField(_("detail"), max_length=32, blank=True)
    device = models.CharField(_("device"), max_length=100, blank=True)
    number = models.PositiveSmallIntegerField(_("number"), null=True)

    objects: ClassVar[SecurityEventQuerySet] = SecurityEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        indexes = [
            models.Index(fields=["account", "-at"], name="event_of_account"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return str(sentence(self.kind, self.detail, self.number))
