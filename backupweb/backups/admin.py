"""Sealed objects and snapshots to look at: ids, sizes, times. There is no content to be seen, and nothing to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.admin import StaffModelAdmin
from backupweb.backups.models import SealedObject, Snapshot
from backupweb.lib.sizes import in_words


class ReadOnlyAdmin(StaffModelAdmin):
    """Nobody adds, changes or deletes these by hand: sums and references hang together."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SealedObject)
class SealedObjectAdmin(ReadOnlyAdmin):
    """What lies in the store."""

    list_display = ["object_id", "account", "kind", "size_shown", "state", "announced"]
    list_filter = ["kind", "state"]
    list_select_related = ["account"]
    fields = ["object_id", "account", "kind", "size_shown", "state", "announced", "released"]
    show_full_result_count = False

    @admin.display(description=_("size"), ordering="size")
    def size_shown(self, sealed: SealedObject) -> str:
        return in_words(sealed.size)


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """How many imports there are, and since when."""

    list_display = ["sealed", "account", "committed"]
    list_select_related = ["account", "sealed"]
    fields = ["sealed", "account", "committed"]
    show_full_result_count = False
