"""What can be asked about security events: a person's own, by group and by time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.models import Account
from backupweb.ops.kinds import GROUP_OF, GROUPS
from backupweb.ops.models import SecurityEvent, SecurityEventQuerySet

# In days; no number is as long as events are kept.
PERIODS: dict[str, str | Promise] = {
    "1": _("the last 24 hours"),
    "7": _("the last 7 days"),
    "30": _("the last 30 days"),
    "": _("the whole year"),
}


@dataclass(frozen=True)
class Choice:
    """Which events somebody wants to see; empty means all."""

    group: str
    days: str

    @classmethod
    def of(cls, group: str, days: str) -> Choice:
        """From an address: what is not offered counts as not chosen."""
        return cls(group if group in GROUPS else "", days if days in PERIODS else "")


def events_of(account: Account, choice: Choice) -> SecurityEventQuerySet:
    """The account's events, newest first."""
    events = SecurityEvent.objects.visible_to(account).order_by("-at", "-pk")
    if choice.group:
        events = events.filter(kind__in=[kind for kind, group in GROUP_OF.items() if group == choice.group])
    if choice.days:
        events = events.filter(at__gt=timezone.now() - timedelta(days=int(choice.days)))
    return events
