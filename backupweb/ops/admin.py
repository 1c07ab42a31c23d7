"""What happened and how the site was kept: security events without devices, runs of duties, and the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.staff import ListAdmin, labelled, moment
from backupweb.ops import journal, people  # noqa: F401  # registered by being imported
from backupweb.ops.counts import counts_in_words
from backupweb.ops.kinds import GROUP_OF, GROUPS
from backupweb.ops.models import Run, SecurityEvent


class Group(admin.SimpleListFilter):
    """What an event is about, in the words in which people see it."""

    title = _("about")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(GROUPS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in GROUPS:
            return queryset
        return queryset.filter(kind__in=[kind for kind, group in GROUP_OF.items() if group == self.value()])


@admin.register(SecurityEvent)
class SecurityEventAdmin(ListAdmin):
    """What happened to accounts, newest first. On which device is the person's own affair."""

    list_display = [moment("at", _("when")), "account", "happened"]
    list_filter = [Group]
    list_select_related = ["account"]
    search_fields = ["account__username__exact"]
    search_help_text = _("the whole name of an account")
    ordering = ["-pk"]

    @admin.display(description=_("event"))
    def happened(self, event: SecurityEvent) -> str:
        return str(event)


@admin.register(Run)
class RunAdmin(ListAdmin):
    """When which duty was done, how it ended, and what it counted."""

    list_display = ["duty_shown", moment("began", _("began")), "took", "outcome", "counted"]
    list_filter = ["duty", "well"]
    ordering = ["-pk"]

    @admin.display(description=_("duty"))
    def duty_shown(self, run: Run) -> str:
        return capfirst(run.get_duty_display())

    @admin.display(description=_("took"))
    def took(self, run: Run) -> str:
        if run.ended is None:
            return "–"
        seconds = (run.ended - run.began).total_seconds()
        return _now("%(seconds)s s") % {"seconds": number_format(seconds, 1)}

    @labelled(_("outcome"), {"well": "success", "badly": "danger", "open": "info"})
    def outcome(self, run: Run) -> tuple[str, Any]:
        if run.ended is None:
            return "open", _("not finished")
        return ("well", _("went well")) if run.well else ("badly", _("went wrong"))

    @admin.display(description=_("counts"))
    def counted(self, run: Run) -> str:
        return counts_in_words(run.counts) if run.well and run.ended is not None else "–"
