"""What the admin's first page shows: room and store in numbers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backupweb.accounts import selectors as accounts
from backupweb.accounts.models import Account
from backupweb.backups import selectors as backups
from backupweb.lib.sizes import in_words


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the admin's theme."""
    room, store = accounts.room_of_all(), backups.totals()
    context["figures"] = [
        (_("Accounts"), Account.objects.filter(is_active=True).count(), ""),
        (
            _("Stored"),
            in_words(store.bytes),
            ngettext("%(number)s object", "%(number)s objects", store.objects) % {"number": store.objects},
        ),
        (
            _("Reserved"),
            in_words(store.expected_bytes),
            _("objects on their way: %(number)s") % {"number": store.expected_objects},
        ),
        (_("Promised"), in_words(room.limit), _("the sum of all quotas")),
        (_("Snapshots"), store.snapshots, ""),
        (_("To be deleted"), store.waiting_for_deletion, _("names whose bytes go with the next collection")),
    ]
    return context
