"""What the vault keeps, to look at: numbers, times, states. Not a byte of a record is shown, nothing can be changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.admin import StaffModelAdmin
from backupweb.accounts.models import Account
from backupweb.vault.models import GuessBudget, Tombstone, VaultRecord


class VaultAdmin(StaffModelAdmin):
    """Nobody adds, changes or deletes these by hand: database and ledger hang together."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("account"))
    def person(self, row: VaultRecord | GuessBudget | Tombstone) -> str:
        """The account's name: the vault itself knows its number only."""
        account = Account.objects.filter(pk=row.account).first()
        return row.account.hex if account is None else account.username


class VaultRecordAdmin(VaultAdmin):
    """Who has set a password."""

    list_display = ["record", "person", "state", "created"]
    list_filter = ["state"]
    fields = ["record", "person", "state", "proofs_left", "created"]
    readonly_fields = ["person"]


class GuessBudgetAdmin(VaultAdmin):
    """How many guesses are left."""

    list_display = ["person", "left"]
    list_filter = ["left"]
    fields = ["person", "left"]
    readonly_fields = ["person"]


class TombstoneAdmin(VaultAdmin):
    """What guesses destroyed, and whether the person knows."""

    list_display = ["record", "person", "at", "guesses", "told"]
    fields = ["record", "person", "at", "guesses", "told"]
    readonly_fields = ["person"]


# The tables of a vault on its own host are not here.
if settings.BACKUPWEB_VAULT_URL is None:
    admin.site.register(VaultRecord, VaultRecordAdmin)
    admin.site.register(GuessBudget, GuessBudgetAdmin)
    admin.site.register(Tombstone, TombstoneAdmin)
