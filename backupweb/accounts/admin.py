"""People, their room and invitations. Staff see names and sizes; they cannot act as a person."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline

from backupweb.accounts import selectors, services
from backupweb.accounts.forms import InvitationForm, QuotaForm
from backupweb.accounts.models import Account, Invitation, Quota
from backupweb.lib.sizes import in_words

# Who changes a person's addresses, passkeys or sessions can sign in as that person; and groups are not used.
for model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


class StaffModelAdmin(ModelAdmin):
    """Staff may look at everything there is to see; there are no finer rights."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_staff(request)


def _is_staff(request: HttpRequest) -> bool:
    return isinstance(request.user, Account) and request.user.is_active and request.user.is_staff


class OverQuota(admin.SimpleListFilter):
    """Accounts that keep more than they may, or nearly."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("over quota")), ("nearly", _("less than a tenth left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "over":
            return queryset.filter(room_free__lte=0)
        if self.value() == "nearly":
            return queryset.filter(room_free__gt=0, room_free__lt=F("room_limit") / 10)
        return queryset


class QuotaInline(StackedInline):
    """The room of one account."""

    model = Quota
    form = QuotaForm
    can_delete = False
    fields = ["limit", "used_shown", "reserved_shown"]
    readonly_fields = ["used_shown", "reserved_shown"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("used"))
    def used_shown(self, quota: Quota) -> str:
        return in_words(quota.used)

    @admin.display(description=_("reserved"))
    def reserved_shown(self, quota: Quota) -> str:
        return in_words(quota.reserved)


@admin.register(Account)
class AccountAdmin(StaffModelAdmin):
    """Who has an account and how much it keeps.

    Name, address and password are not to be changed here: whoever sets them can sign in as that person.
    """

    list_display = ["username", "usage", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = [OverQuota, "is_active", "is_staff"]
    search_fields = ["username", "email"]
    fields = ["username", "email", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    inlines = [QuotaInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return selectors.with_room(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Account | None:
        account: Account | None = super().get_object(request, object_id, from_field)
        if account is not None:
            Quota.objects.of(account)
        return account

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        readonly = ["username", "email", "date_joined", "last_login"]
        # Nobody makes themselves, or their friends, more than they are.
        if not request.user.is_superuser or obj == request.user:
            readonly += ["is_staff", "is_superuser"]
        return readonly

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return _is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return False

    @admin.display(description=_("used"), ordering="room_used")
    def usage(self, account: Any) -> str:
        share = min(1.0, account.room_used / max(account.room_limit, 1))
        return format_html(
            '<span aria-hidden="true" style="{}"><span style="{}; width: {}%; background: {}"></span></span> {} / {}',
            "display: inline-block; vertical-align: middle; width: 8rem; height: .5rem; margin-inline-end: .5rem;"
            "border-radius: .25rem; overflow: hidden; background: color-mix(in srgb, currentColor 15%, transparent)",
            "display: block; height: 100%; min-width: 2px",
            f"{share * 100:.1f}",
            "var(--color-primary-600)" if share < 1 else "crimson",
            in_words(account.room_used),
            in_words(account.room_limit),
        )


@admin.register(Invitation)
class InvitationAdmin(StaffModelAdmin):
    """Links that make one account each."""

    list_display = ["__str__", "made", "expires", "used"]
    form = InvitationForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return _is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made, link = services.invitation_create(note=obj.note, days=form.cleaned_data["days"])
        obj.pk = made.pk
        obj.refresh_from_db()
        # The only time that the link can be seen.
        messages.success(request, format_html("{} <code data-link>{}</code>", _("Pass this link on now:"), link))
