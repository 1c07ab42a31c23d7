"""Security events to look at: what, when, whose. On which device is the person's own affair."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backupweb.backups.admin import ReadOnlyAdmin
from backupweb.ops.models import SecurityEvent


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyAdmin):
    """What happened to accounts, newest first."""

    list_display = ["happened", "account", "at"]
    list_filter = ["kind"]
    list_select_related = ["account"]
    search_fields = ["account__username"]
    ordering = ["-at"]
    fields = ["happened", "account", "at"]
    show_full_result_count = False

    @admin.display(description=_("event"), ordering="kind")
    def happened(self, event: SecurityEvent) -> str:
        return str(event)
