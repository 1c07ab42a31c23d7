"""The audit log in the admin: who of the staff changed what, newest first. It is looked at and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from backupweb.accounts.audit import WATCHED
from backupweb.accounts.models import Account, Quota, QuotaRequest
from backupweb.accounts.staff import ListAdmin, labelled, moment
from backupweb.lib.sizes import in_words

# Fields that are no columns.
_OTHER = {"sessions": _("signed-in devices")}
_SIZES = {"limit", "wanted"}


class About(admin.SimpleListFilter):
    """The table that was changed."""

    title = _("about")
    parameter_name = "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(model._meta.model_name), model._meta.verbose_name_plural) for model in WATCHED]  # noqa: SLF001

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        models = {str(model._meta.model_name): model for model in WATCHED}  # noqa: SLF001
        model = models.get(self.value() or "")
        return queryset if model is None else queryset.filter(content_type=ContentType.objects.get_for_model(model))


class Named(ChangeList):
    """Entries keep numbers of accounts, no names: who it was is looked up, for a page at once, while there is an
    account."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        concerned = {entry.pk: _account_of(entry) for entry in self.result_list}
        wishes = {entry.pk: entry.object_id for entry in self.result_list if _model(entry) is QuotaRequest}
        of_wishes = dict(QuotaRequest.objects.filter(pk__in=wishes.values()).values_list("pk", "account_id"))
        concerned |= {pk: of_wishes.get(wish) for pk, wish in wishes.items()}
        names = Account.objects.in_bulk([key for key in concerned.values() if key is not None])
        for entry in self.result_list:
            key = concerned[entry.pk]
            entry.person = names[key].username if key in names else None


def _model(entry: Any) -> type[Model] | None:
    model: type[Model] | None = entry.content_type.model_class()
    return model


def _account_of(entry: Any) -> UUID | None:
    # Deleting an account takes its number out of what was written about it.
    return UUID(entry.object_pk) if entry.object_pk and _model(entry) in {Account, Quota} else None


@admin.register(LogEntry)
class LogEntryAdmin(ListAdmin):
    """Nobody changes what was written down, staff least of all."""

    changelist = Named
    list_display = [moment("timestamp", _("when")), "who", "about", "did", "changed"]
    list_filter = ["action", About]
    list_select_related = ["content_type", "actor"]
    search_fields = ["actor__username"]
    search_help_text = _("the name of somebody of the staff")
    ordering = ["-pk"]

    @admin.display(description=_("who"))
    def who(self, entry: Any) -> str:
        return (entry.additional_data or {}).get("staff") or "–"

    @admin.display(description=_("about"))
    def about(self, entry: Any) -> str:
        if entry.person is not None:
            return str(entry.person)
        if _model(entry) in {Account, Quota, QuotaRequest}:
            return _now("an account that is gone")
        return f"{entry.content_type.name} {entry.object_repr or entry.object_pk}"

    @labelled(_("done"), {0: "success", 1: "info", 2: "danger"})
    def did(self, entry: Any) -> tuple[int, str]:
        return entry.action, {0: _now("added"), 1: _now("changed"), 2: _now("deleted")}.get(entry.action, "")

    @admin.display(description=_("changes"))
    def changed(self, entry: Any) -> str:
        if entry.action == LogEntry.Action.DELETE:
            return ""
        model = _model(entry)
        lines = [(_field(model, name), *_pair(name, told)) for name, told in sorted((entry.changes or {}).items())]
        shown = format_html_join("", "<span>{}: {} → {}</span>", lines)
        return format_html('<span class="bw-changes">{}</span>', shown)


def _field(model: type[Model] | None, name: str) -> str:
    if name in _OTHER or model is None:
        return str(_OTHER.get(name, name))
    return str(getattr(model._meta.get_field(name), "verbose_name", name))  # noqa: SLF001


def _pair(name: str, told: Iterable[Any]) -> list[str]:
    return [_value(name, str(value)) for value in told]


def _value(name: str, value: str) -> str:
    """As people write it: entries are kept as the program prints them."""
    if value in {"None", ""}:
        return "–"
    if value in {"True", "False"}:
        return _now("yes") if value == "True" else _now("no")
    if name in _SIZES and value.isdigit():
        return in_words(int(value))
    at = parse_datetime(value) if len(value) > 10 and value[4] == "-" else None
    return value if at is None else date_format(timezone.localtime(_aware(at)), "SHORT_DATETIME_FORMAT")


def _aware(at: Any) -> Any:
    return at if timezone.is_aware(at) else timezone.make_aware(at, timezone.get_default_timezone())
