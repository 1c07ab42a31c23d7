"""Mailboxes in which two devices of one account leave each other letters, for two minutes."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.models import Account
from backupweb.pairing.messages import Way


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """The only doors to a mailbox: its account, and whether it is over."""

    def visible_to(self, account: Account) -> MailboxQuerySet:
        """Whoever may know of a mailbox, finds it through here."""
        return self.filter(account=account)

    def open_at(self, now: datetime) -> MailboxQuerySet:
        """Neither ended nor expired."""
        return self.filter(ended=None, expires__gt=now)

    def over_at(self, now: datetime) -> MailboxQuerySet:
        """Ended or expired: nothing will be written there any more."""
        return self.exclude(ended=None, expires__gt=now)

    def join(self, mailbox: UUID, *, token_hash: str, device: str) -> bool:
        """Takes the joiner's place; False when it is taken or the mailbox is over."""
        now = timezone.now()
        vacant = self.open_at(now).filter(pk=mailbox, joiner_token_hash=None)
        return vacant.update(joiner_token_hash=token_hash, joiner_device=device) == 1


class Mailbox(models.Model):
    """Opened by one device, joined by one other. Of the tokens and of the opener's session only hashes are kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, verbose_name=_("account"))
    way = models.CharField(max_length=8)
    opened = models.DateTimeField()
    expires = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    opener_token_hash = models.CharField(max_length=64)
    opener_session_hash = models.CharField(max_length=64)
    opener_device = models.CharField(max_length=100)
    joiner_token_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001  # no joiner is not an empty one
    joiner_device = models.CharField(max_length=100, blank=True)

    objects: ClassVar[MailboxQuerySet] = MailboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        indexes = [models.Index(fields=["account", "opened"], name="mailbox_of_account")]

    def __str__(self) -> str:
        return self.pk.hex

    @property
    def kind(self) -> Way:
        """The way, as its type."""
        return "picture" if self.way == "picture" else "code"

    @property
    def expired(self) -> bool:
        """Whether its time is up."""
        return self.expires <= timezone.now()

    @property
    def over(self) -> bool:
        """Whether it was ended or its time is up."""
        return self.ended is not None or self.expired


class Letter(models.Model):
    """One small message that only the two devices can read."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="letters")
    phase = models.CharField(max_length=16)
    writer = models.CharField(max_length=8)
    body = models.BinaryField()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "phase"], name="letter_once_per_phase"),
            models.CheckConstraint(condition=Q(writer__in=["opener", "joiner"]), name="letter_of_a_side"),
        ]

    def __str__(self) -> str:
        return self.phase
