"""What happened to a person's account, how the duties of running the site went, and how it grows."""

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

    # `event_of_account` begins with the same column.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False, verbose_name=_("account"))
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


class RunQuerySet(models.QuerySet["Run"]):
    """How duties went."""

    def last(self, duty: str) -> Run | None:  # type: ignore[override]
        """The newest run of a duty that came to its end."""
        return self.filter(duty=duty, ended__isnull=False).order_by("-ended").first()

    def unfinished(self, duty: str) -> Run | None:
        """The newest run of a duty that was cut off, to go on where it stopped; None when the newest one ended."""
        newest = self.filter(duty=duty).order_by("-pk").first()
        return newest if newest is not None and newest.ended is None else None


class Run(models.Model):
    """One run of a duty: when, what it counted, and where it stands while it is not done."""

    class Duty(models.TextChoices):
        """What somebody has to see to, by a timer or by hand."""

        COLLECT = "collect", _("collect garbage")
        VERIFY = "verify", _("verify the store")
        NOTICES = "notices", _("send notices")
        DELETE = "delete", _("delete accounts")
        BACKUP = "backup", _("back up the metadata")
        MOVE = "move", _("move the store")
        TIDY = "tidy", _("tidy up")

    duty = models.CharField(_("duty"), max_length=16, choices=Duty.choices)
    began = models.DateTimeField(_("began"), default=timezone.now)
    ended = models.DateTimeField(_("ended"), null=True)
    well = models.BooleanField(_("went well"), default=True)
    # Names and whole numbers, in the words of the command that prints them.
    counts = models.JSONField(_("counts"), default=dict)
    cursor = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[RunQuerySet] = RunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [models.Index(fields=["duty", "-began"], name="run_of_duty")]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} {self.began:%Y-%m-%d %H:%M}"


class Day(models.Model):
    """How much there was on one day: what growth is drawn from. Sums only, of nobody in particular."""

    day = models.DateField(_("day"), primary_key=True)
    accounts = models.PositiveBigIntegerField(_("accounts"))
    stored = models.PositiveBigIntegerField(_("stored bytes"))
    objects_stored = models.PositiveBigIntegerField(_("sealed objects"))
    snapshots = models.PositiveBigIntegerField(_("snapshots"))

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()
