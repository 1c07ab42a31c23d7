"""Sealed objects and snapshots to look at: sizes, times, states. No id is shown, no content is to be seen, and nothing
can be changed: sums and references hang together."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.staff import ListAdmin, labelled, moment
from backupweb.backups.models import SealedObject, Snapshot, State
from backupweb.lib.sizes import in_words


class SealedAdmin(ListAdmin):
    """Newest first, or one account's."""

    list_select_related = ["account"]
    ordering = ["-pk"]
    search_fields = ["account__username__exact"]
    search_help_text = _("the whole name of an account")


@admin.register(SealedObject)
class SealedObjectAdmin(SealedAdmin):
    """What lies in the store."""

    list_display = [
        "account",
        "kind",
        "size_shown",
        "state_shown",
        moment("announced", _("announced")),
        moment("released", _("released")),
    ]
    list_filter = ["kind", "state"]

    @admin.display(description=_("size"))
    def size_shown(self, sealed: SealedObject) -> str:
        return in_words(sealed.size)

    @labelled(_("state"), {State.STORED: "success", State.EXPECTED: "info"})
    def state_shown(self, sealed: SealedObject) -> tuple[str, str]:
        return sealed.state, sealed.get_state_display()


@admin.register(Snapshot)
class SnapshotAdmin(SealedAdmin):
    """How many imports there are, and since when."""

    list_display = ["account", "size_shown", moment("committed", _("committed"))]
    list_select_related = ["account", "sealed"]

    @admin.display(description=_("size of the manifest"))
    def size_shown(self, snapshot: Snapshot) -> str:
        return in_words(snapshot.sealed.size)
