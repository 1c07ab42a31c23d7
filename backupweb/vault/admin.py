"""What the vault keeps, to look at: whose, times, states. Not a byte of a record is shown, nothing can be changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from backupweb.accounts.models import Account
from backupweb.accounts.staff import ListAdmin, labelled, moment
from backupweb.vault.models import GUESSES, GuessBudget, RecordState, Tombstone, VaultRecord


class NamedRows(ChangeList):
    """Rows with the names of their accounts, which the vault itself does not know: one question for a whole page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = Account.objects.in_bulk([row.account for row in self.result_list])
        for row in self.result_list:
            row.person = names.get(row.account)


class VaultAdmin(ListAdmin):
    """Database and ledger hang together: nobody adds, changes or deletes these by hand."""

    changelist = NamedRows

    @admin.display(description=_("account"))
    def person(self, row: Any) -> str:
        return _now("an account that is gone") if row.person is None else str(row.person.username)


class VaultRecordAdmin(VaultAdmin):
    """Who has set a password."""

    list_display = ["person", "state_shown", moment("created", _("set on"))]
    list_filter = ["state"]
    ordering = ["-created"]

    @labelled(_("state"), {RecordState.IN_USE: "success", RecordState.PENDING: "info", RecordState.LEAVING: "warning"})
    def state_shown(self, record: VaultRecord) -> tuple[str, str]:
        return record.state, str(RecordState(record.state).label)


class GuessBudgetAdmin(VaultAdmin):
    """How many guesses are left."""

    list_display = ["person", "left_shown"]

    @admin.display(description=_("guesses left"))
    def left_shown(self, budget: GuessBudget) -> str:
        return _now("%(left)s of %(all)s") % {"left": budget.left, "all": GUESSES}


class TombstoneAdmin(VaultAdmin):
    """What guesses destroyed, and whether the person knows."""

    list_display = ["person", moment("at", _("when")), "guesses_shown", moment("told", _("told by mail"))]
    ordering = ["-at"]

    @admin.display(description=_("guesses"))
    def guesses_shown(self, tombstone: Tombstone) -> int:
        return tombstone.guesses


# The tables of a vault on its own host are not here.
if settings.BACKUPWEB_VAULT_URL is None:
    admin.site.register(VaultRecord, VaultRecordAdmin)
    admin.site.register(GuessBudget, GuessBudgetAdmin)
    admin.site.register(Tombstone, TombstoneAdmin)
