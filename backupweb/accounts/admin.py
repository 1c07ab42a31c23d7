"""Room to give out and people to let in: plans, wishes for more room, invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from backupweb.accounts import audit, rooms, services
from backupweb.accounts.errors import RequestDecided
from backupweb.accounts.forms import DecisionForm, InvitationForm, PlanForm
from backupweb.accounts.models import Invitation, Plan, Quota, QuotaRequest
from backupweb.accounts.staff import StaffModelAdmin, is_staff, labelled, moment
from backupweb.lib.sizes import in_words


@admin.register(Plan)
class PlanAdmin(StaffModelAdmin):
    """Limits with a name. A plan that somebody has is not deleted."""

    list_display = ["name", "limit_shown", "people", "note"]
    sortable_by = ()
    form = PlanForm

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(people=Count("quotas"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        had = obj is not None and (obj.quotas.exists() or obj.invitation_set.exists())
        return is_staff(request) and not had

    @admin.display(description=_("room"), ordering="limit")
    def limit_shown(self, plan: Plan) -> str:
        return in_words(plan.limit)

    @admin.display(description=_("people"), ordering="people")
    def people(self, plan: Any) -> str:
        address = reverse("admin:accounts_account_changelist")
        return format_html('<a href="{}?quota__plan__id__exact={}">{}</a>', address, plan.pk, plan.people)


class Waiting(admin.SimpleListFilter):
    """Wishes that nobody has answered, unless the others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waiting")), ("granted", _("granted")), ("declined", _("declined"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                return queryset.filter(decided=None)
            case "granted":
                return queryset.filter(granted=True)
            case "declined":
                return queryset.filter(granted=False)
        return queryset


@admin.register(QuotaRequest)
class QuotaRequestAdmin(StaffModelAdmin):
    """Who asks for more room; one page answers, and the person hears of it by mail."""

    list_display = ["account", "wanted_shown", "has_now", "reason", moment("made", _("made")), "state", "answer"]
    list_display_links = None
    list_filter = [Waiting]
    list_select_related = ["account", "account__quota", "account__quota__plan"]
    ordering = ["-pk"]
    sortable_by = ()

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", decide, name="accounts_quotarequest_decide"), *super().get_urls()]

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        if object_id is None:
            raise PermissionDenied
        if not str(object_id).isdecimal():
            raise Http404
        return redirect("admin:accounts_quotarequest_decide", object_id)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows a wish, and answers it."""
        wish = QuotaRequest.objects.select_related("account").filter(pk=pk).first()
        if wish is None:
            raise Http404
        form = DecisionForm(request.POST or None, initial={"limit": wish.wanted})
        if request.method == "POST" and form.is_valid():
            self._answer(request, wish, form)
            return redirect("admin:accounts_quotarequest_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Request for more room"),
            "wish": wish,
            "wanted": in_words(wish.wanted),
            "quota": Quota.objects.of(wish.account),
            "form": form,
        }
        return TemplateResponse(request, "admin/accounts/quotarequest/decide.html", context)

    def _answer(self, request: HttpRequest, wish: QuotaRequest, form: DecisionForm) -> None:
        granted = form.cleaned_data["answer"] == "grant"
        try:
            with transaction.atomic(), audit.witnessed(wish, Quota.objects.of(wish.account)):
                rooms.quota_request_decide(request=wish, granted=granted, limit=form.cleaned_data["limit"])
        except RequestDecided as refusal:
            messages.error(request, refusal.message)
            return
        said = _("Granted. %(name)s is told by mail.") if granted else _("Declined. %(name)s is told by mail.")
        messages.success(request, said % {"name": wish.account.username})

    @admin.display(description=_("wanted"))
    def wanted_shown(self, wish: QuotaRequest) -> str:
        return in_words(wish.wanted)

    @admin.display(description=_("has now"))
    def has_now(self, wish: QuotaRequest) -> str:
        quota = getattr(wish.account, "quota", None)
        return "–" if quota is None else str(quota)

    @labelled(_("state"), {"granted": "success", "declined": "warning", "waiting": "info"})
    def state(self, wish: QuotaRequest) -> Any:
        if wish.granted is None:
            return "waiting", _("waiting")
        return ("granted", _("granted")) if wish.granted else ("declined", _("declined"))

    @admin.display(description=_("Answer"))
    def answer(self, wish: QuotaRequest) -> str:
        if wish.granted is not None:
            return ""
        address = reverse("admin:accounts_quotarequest_decide", args=[wish.pk])
        return format_html('<a class="bw-button" href="{}">{}</a>', address, _("Answer"))


@admin.register(Invitation)
class InvitationAdmin(StaffModelAdmin):
    """Links that make one account each."""

    list_display = [
        "for_whom",
        "plan",
        moment("made", _("made")),
        moment("expires", _("expires")),
        moment("used", _("used on")),
        "withdraw",
    ]
    list_select_related = ["plan"]
    list_display_links = None
    sortable_by = ()
    form = InvitationForm
    ordering = ["-pk"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return is_staff(request)

    @admin.display(description=_("for whom"))
    def for_whom(self, invitation: Invitation) -> str:
        return invitation.note or "–"

    @admin.display(description=_("Withdraw"))
    def withdraw(self, invitation: Invitation) -> str:
        if invitation.used is not None:
            return ""
        address = reverse("admin:accounts_invitation_delete", args=[invitation.pk])
        return format_html('<a class="bw-button" href="{}">{}</a>', address, _("Withdraw"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made, link = services.invitation_create(
            note=obj.note, days=form.cleaned_data["days"], plan=form.cleaned_data["plan"]
        )
        obj.pk = made.pk
        obj.refresh_from_db()
        address, language = form.cleaned_data["address"], form.cleaned_data["language"]
        if address and services.invitation_send(invitation=made, link=link, address=address, language=language):
            messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": address})
            return
        if address:
            messages.warning(request, _("The letter could not be sent."))
        # The only time that the link can be seen.
        messages.success(request, format_html("{} <code data-link>{}</code>", _("Pass this link on now:"), link))
