"""People in the admin: how much each keeps, when they were last here, and what staff may do about it.

Name, address, sign-in password, passkeys and sessions are not to be changed here: whoever sets them can sign in as that
person. `docs/operations.md` lists what can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import StackedInline
from unfold.decorators import action

from backupweb.accounts import audit, leaving, rooms, selectors, services
from backupweb.accounts.forms import PlanChoiceForm, QuotaForm
from backupweb.accounts.models import Account, Quota
from backupweb.accounts.staff import StaffModelAdmin, is_staff, labelled
from backupweb.backups.models import Snapshot
from backupweb.lib.errors import DomainError
from backupweb.lib.sizes import in_words

SEEN = {"30": _("not for 30 days"), "90": _("not for 90 days"), "365": _("not for a year")}


# ---------------------------------------------------------------- who is shown


class Status(admin.SimpleListFilter):
    """How an account stands."""

    title = _("state")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("active")), ("suspended", _("suspended")), ("leaving", _("deletion planned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "active":
                return queryset.filter(is_active=True, delete_after=None)
            case "suspended":
                return queryset.filter(is_active=False)
            case "leaving":
                return queryset.exclude(delete_after=None)
        return queryset


class RoomLeft(admin.SimpleListFilter):
    """Accounts that keep more than they may, or nearly."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("over quota")), ("nearly", _("less than a tenth left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "over":
                return queryset.filter(room_free__lte=0)
            case "nearly":
                return queryset.filter(room_free__gt=0, room_free__lt=F("room_limit") / 10)
        return queryset


class LastSeen(admin.SimpleListFilter):
    """Accounts that nobody has signed in to for long."""

    title = _("last sign-in")
    parameter_name = "seen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(SEEN.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in SEEN:
            return queryset
        before = timezone.now() - timedelta(days=int(str(self.value())))
        return queryset.filter(Q(last_login__lt=before) | Q(last_login=None, date_joined__lt=before))


class Staff(admin.SimpleListFilter):
    """Who else opens these pages."""

    title = _("rights")
    parameter_name = "staff"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("belongs to the staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(is_staff=True) if self.value() == "yes" else queryset


# ---------------------------------------------------------------- what may be done


@dataclass(frozen=True)
class Deed:
    """Something that is asked for once more before it is done to several people."""

    title: Any
    warning: str | Promise
    do: Callable[[Account, Account, dict[str, Any]], None]
    form: type[forms.Form] = forms.Form
    # Staff keep each other out only where they may make each other staff, and nobody keeps themselves out.
    spares_staff: bool = True
    danger: bool = False

    def may_be_done_to(self, account: Account, by: Account) -> bool:
        """Whether it is this admin's to do."""
        return not self.spares_staff or (account != by and (by.is_superuser or not account.is_staff))


def _give_plan(account: Account, by: Account, told: dict[str, Any]) -> None:
    with audit.witnessed(Quota.objects.of(account)):
        rooms.plan_set(accounts=[account], plan=told["plan"])


def _suspend(account: Account, by: Account, told: dict[str, Any]) -> None:
    with audit.witnessed(account):
        leaving.suspend(account=account)


def _readmit(account: Account, by: Account, told: dict[str, Any]) -> None:
    with audit.witnessed(account):
        leaving.readmit(account=account)


def _sign_out(account: Account, by: Account, told: dict[str, Any]) -> None:
    ended = selectors.devices_of(account)
    services.sessions_end(ended)
    audit.note(account, {"sessions": [str(len(ended)), "0"]} if ended else None)


def _plan_deletion(account: Account, by: Account, told: dict[str, Any]) -> None:
    with audit.witnessed(account):
        leaving.deletion_plan(account=account, by=by)


def _cancel_deletion(account: Account, by: Account, told: dict[str, Any]) -> None:
    with audit.witnessed(account):
        leaving.deletion_cancel(account=account, by=by)


DEEDS: dict[str, Deed] = {
    "give_plan": Deed(
        _("Set the plan"),
        _("A limit of an account's own still goes before its plan. Nothing that is kept is deleted by a smaller plan."),
        _give_plan,
        form=PlanChoiceForm,
        spares_staff=False,
    ),
    "sign_out": Deed(
        _("Sign out everywhere"),
        _("Every device of these people is signed out at once. What is unlocked on a device stays readable there."),
        _sign_out,
    ),
    "suspend": Deed(
        _("Suspend"),
        _("These people are signed out at once and cannot sign in. Everything they keep stays where it is."),
        _suspend,
        danger=True,
    ),
    "readmit": Deed(_("Readmit"), _("These people can sign in again."), _readmit),
    "plan_deletion": Deed(
        _("Plan deletion"),
        _("After the days of grace everything these people keep is deleted for good. They are told by mail now."),
        _plan_deletion,
        danger=True,
    ),
    "cancel_deletion": Deed(
        _("Call off deletion"), _("These accounts stay. The people are told by mail."), _cancel_deletion
    ),
}


# ---------------------------------------------------------------- the pages


class QuotaInline(StackedInline):
    """The room of one account."""

    model = Quota
    form = QuotaForm
    can_delete = False
    fields = ["plan", "limit", "used_shown", "reserved_shown"]
    readonly_fields = ["used_shown", "reserved_shown"]
    verbose_name = verbose_name_plural = _("room")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("used"))
    def used_shown(self, quota: Quota) -> str:
        return in_words(quota.used)

    @admin.display(description=_("reserved"))
    def reserved_shown(self, quota: Quota) -> str:
        return in_words(quota.reserved)


def _asked(name: str) -> Any:
    @admin.action(description=DEEDS[name].title)
    def ask(self: AccountAdmin, request: HttpRequest, queryset: QuerySet[Account]) -> HttpResponse | None:
        return self.ask(request, queryset, name)

    ask.__name__ = name
    return ask


@admin.register(Account)
class AccountAdmin(StaffModelAdmin):
    """Who has an account, how much it keeps, and how it stands."""

    list_display = ["username", "usage", "plan", "last_backup", "last_seen", "status"]
    list_filter = [Status, RoomLeft, LastSeen, "quota__plan", Staff]
    list_select_related = ["quota__plan"]
    list_per_page = 50
    # Of a million people, those on the page are enough to be wrong about.
    list_disable_select_all = True
    search_fields = ["username", "email"]
    search_help_text = _("name or e-mail address")
    ordering = ["-date_joined"]
    actions = [_asked(name) for name in DEEDS]
    actions_list: Any = ["invite"]
    inlines = [QuotaInline]
    change_form_outer_after_template: Any = "admin/accounts/account/deeds.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        newest = Snapshot.objects.all().newest_of_each()
        return selectors.with_room(super().get_queryset(request)).annotate(newest=newest)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Account | None:
        account: Account | None = super().get_object(request, object_id, from_field)
        if account is not None:
            Quota.objects.of(account)
        return account

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (None, {"fields": [("name", "email"), ("stands", "language"), ("date_joined", "last_seen")]}),
            (
                _("Backup"),
                {"fields": [("last_backup", "snapshots"), ("passkeys", "devices"), "events"]},
            ),
            (_("Rights"), {"fields": [("is_staff", "is_superuser")]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        readonly = [
            *("name", "email", "language", "date_joined", "last_seen", "stands"),
            *("last_backup", "snapshots", "passkeys", "devices", "events"),
        ]
        # Nobody makes themselves, or their friends, more than they are.
        if not isinstance(request.user, Account) or not request.user.is_superuser or obj == request.user:
            readonly += ["is_staff", "is_superuser"]
        return readonly

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return is_staff(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        words = {"is_staff": _("Belongs to the staff"), "is_superuser": _("Says who belongs to the staff")}
        helps = {
            "is_staff": _("Opens the admin, with a second factor. Such an account has no password for chats."),
            "is_superuser": _("May do so for others, and shut the staff's own accounts."),
        }
        return super().get_form(request, obj, change, labels=words, help_texts=helps, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Room changes as it does everywhere: by its services, so that the person's open pages hear of it."""
        for line in formset.forms:
            quota: Quota = line.instance
            with transaction.atomic(), audit.witnessed(Quota.objects.of(quota.account)):
                if "plan" in line.changed_data:
                    rooms.plan_set(accounts=[quota.account], plan=line.cleaned_data["plan"])
                if "limit" in line.changed_data:
                    rooms.limit_set(account=quota.account, limit=line.cleaned_data["limit"])
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        account = self.get_object(request, object_id)
        told = {} if account is None else {"deeds": self._deeds_for(request, account), "person": account}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **told})

    # ------------------------------------------------------------ what is shown

    @admin.display(description=_("used"), ordering="room_used")
    def usage(self, account: Any) -> str:
        share = min(1.0, account.room_used / max(account.room_limit, 1))
        told = {
            "percent": f"{share * 100:.1f}",
            "level": "full" if share >= 1 else "scarce" if share >= 0.8 else "fine",
            "used": in_words(account.room_used),
            "limit": in_words(account.room_limit),
        }
        return render_to_string("admin/accounts/account/usage.html", told)

    @admin.display(description=_("plan"), ordering="quota__plan", empty_value="–")
    def plan(self, account: Account) -> str | None:
        quota = getattr(account, "quota", None)
        if quota is not None and quota.limit is not None:
            return _now("its own limit")
        return None if quota is None or quota.plan is None else quota.plan.name

    @admin.display(description=_("last backup"), empty_value="–")
    def last_backup(self, account: Any) -> str | None:
        return None if account.newest is None else date_format(timezone.localtime(account.newest), "SHORT_DATE_FORMAT")

    @admin.display(description=_("last sign-in"), ordering="last_login", empty_value="–")
    def last_seen(self, account: Account) -> str | None:
        at = account.last_login
        return None if at is None else date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")

    @labelled(_("state"), {"active": "success", "suspended": "warning", "leaving": "danger"}, ordering="is_active")
    def status(self, account: Account) -> tuple[str, str]:
        if account.delete_after is not None:
            day = date_format(timezone.localtime(account.delete_after), "SHORT_DATE_FORMAT")
            return "leaving", _now("to be deleted on %(day)s") % {"day": day}
        return ("active", _now("active")) if account.is_active else ("suspended", _now("suspended"))

    # On a person's page labels have no colours, and a name needs no rules for making one.
    @admin.display(description=_("state"))
    def stands(self, account: Account) -> str:
        return self.status(account)[1]

    @admin.display(description=_("name"))
    def name(self, account: Account) -> str:
        return account.username

    @admin.display(description=_("snapshots"))
    def snapshots(self, account: Account) -> int:
        return Snapshot.objects.all().visible_to(account).count()

    @admin.display(description=_("passkeys"))
    def passkeys(self, account: Account) -> int:
        return selectors.passkeys_of(account).count()

    @admin.display(description=_("signed-in devices"))
    def devices(self, account: Account) -> int:
        return UserSession.objects.filter(user=account).count()

    @admin.display(description=_("security events"))
    def events(self, account: Account) -> str:
        address = reverse("admin:ops_securityevent_changelist")
        return format_html('<a href="{}?account__id__exact={}">{}</a>', address, account.pk, _("What happened"))

    # ------------------------------------------------------------ what is done

    @action(description=_("Invite somebody"), url_path="invite", icon="person_add")  # type: ignore[operator, arg-type]  # the theme's own types are off
    def invite(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:accounts_invitation_add")

    def ask(self, request: HttpRequest, queryset: QuerySet[Account], name: str) -> HttpResponse | None:
        """Names everybody concerned and asks once more; after the yes, does it and says how it went."""
        deed, by = DEEDS[name], request.user
        if not isinstance(by, Account):  # the door saw to it
            raise TypeError
        chosen = list(queryset.order_by("username"))
        concerned = [account for account in chosen if deed.may_be_done_to(account, by)]
        spared = [account for account in chosen if not deed.may_be_done_to(account, by)]
        form = deed.form(request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and form.is_valid():
            self._do(request, deed, concerned, by, form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": deed.title,
            "name": name,
            "deed": deed,
            "form": form,
            "concerned": concerned,
            "spared": spared,
            "checkbox": ACTION_CHECKBOX_NAME,
            "grace": settings.BACKUPWEB_DELETION_DAYS if name == "plan_deletion" else None,
        }
        return TemplateResponse(request, "admin/accounts/account/ask.html", context)

    def _do(
        self, request: HttpRequest, deed: Deed, concerned: list[Account], by: Account, told: dict[str, Any]
    ) -> None:
        done = 0
        for account in concerned:
            try:
                deed.do(account, by, told)
                done += 1
            except DomainError as refusal:
                messages.error(request, f"{account.username}: {refusal.message}")
        if done:
            said = ngettext("%(deed)s: done for %(number)s person.", "%(deed)s: done for %(number)s people.", done)
            messages.success(request, said % {"deed": deed.title, "number": done})

    def _deeds_for(self, request: HttpRequest, account: Account) -> list[tuple[str, Deed]]:
        left_out = {"readmit" if account.is_active else "suspend"}
        left_out.add("cancel_deletion" if account.delete_after is None else "plan_deletion")
        by = request.user
        return [
            (name, deed)
            for name, deed in DEEDS.items()
            if name not in {*left_out, "give_plan"} and isinstance(by, Account) and deed.may_be_done_to(account, by)
        ]
