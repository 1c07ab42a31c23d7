"""What the admin's first page shows: room and store in numbers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from backupweb.accounts import selectors as accounts
from backupweb.accounts.models import Account
from backupweb.backups import selectors as backups


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the admin's theme."""
    room, store = accounts.room_of_all(), backups.totals()
    context["figures"] = [
        (_("Accounts"), Account.objects.filter(is_active=True).count(), ""),
        (_("Stored"), filesizeformat(store.bytes), _("%(number)s objects") % {"number": store.objects}),
        (
            _("Reserved"),
            filesizeformat(store.expected_bytes),
            _("%(number)s objects on their way") % {"number": store.expected_objects},
        ),
        (_("Promised"), filesizeformat(room.limit), _("the sum of all quotas")),
        (_("Snapshots"), store.snapshots, ""),
        (_("To be deleted"), store.waiting_for_deletion, _("names whose bytes go with the next collection")),
    ]
    return context
