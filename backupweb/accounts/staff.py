"""The admin's door: staff only, with a second factor; and what every page behind it allows, which is to look."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from enum import Enum
from functools import update_wrapper
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin import ShowFacets, display
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold import decorators
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator
from unfold.sites import UnfoldAdminSite
from unfold.views import ChangeList

from backupweb.accounts import audit
from backupweb.accounts.models import Account

# A session lasts for weeks; what opens the admin must have been shown today.
PROOF_LASTS = timedelta(hours=12)


class Proof(Enum):
    """How somebody's second factor stands in this session."""

    GIVEN = "given"
    DUE = "due"
    NOT_SET_UP = "not set up"


def proof_of(request: HttpRequest) -> Proof:
    """A password alone does not open the admin. On a developer's own machine it does."""
    if settings.DEVELOPMENT:
        return Proof.GIVEN
    kinds = _second_factors(request)
    if not kinds:
        return Proof.NOT_SET_UP
    since = time.time() - PROOF_LASTS.total_seconds()
    records = get_authentication_records(request, cast("Account", request.user))
    fresh = any(record["method"] == "mfa" and record["at"] > since for record in records)
    return Proof.GIVEN if fresh else Proof.DUE


def _second_factors(request: HttpRequest) -> set[str]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(Authenticator.objects.filter(user=request.user, type__in=kinds).values_list("type", flat=True))


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody of the staff asks."""
    return isinstance(request.user, Account) and request.user.is_active and request.user.is_staff


class StaffSite(UnfoldAdminSite):
    """The admin. Whoever changes a person's addresses, passkeys or sessions can sign in as that person: only what says
    by its class that it was written for staff is here, whatever libraries register by themselves."""

    site_title = site_header = "Backupweb"
    index_title = _("Overview")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if isinstance(admin_class, type) and issubclass(admin_class, StaffModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request) and proof_of(request) is Proof.GIVEN

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        def acting(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(request.user, Account):  # `has_permission` saw to it
                raise PermissionDenied
            with audit.acting(request.user):
                return view(request, *args, **kwargs)

        return super().admin_view(update_wrapper(acting, view), cacheable)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Staff sign in where everybody does, so that second factors and rate limits hold for them too."""
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return _go("account_login", wanted)
        if not is_staff(request):
            raise PermissionDenied
        match proof_of(request):
            case Proof.GIVEN:
                return HttpResponseRedirect(wanted)
            case Proof.DUE:
                code = Authenticator.Type.TOTP in _second_factors(request)
                return _go("mfa_reauthenticate" if code else "mfa_reauthenticate_webauthn", wanted)
            case Proof.NOT_SET_UP:
                return render(request, "admin/second_factor.html", status=403)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")


def _go(name: str, wanted: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}")


Column = TypeVar("Column", bound=Callable[..., Any])


def labelled(description: Any, labels: dict[Any, str], **told: Any) -> Callable[[Column], Column]:
    """A column of states: the method returns one and its words, `labels` says in which colour each is shown."""
    return cast("Callable[[Column], Column]", decorators.display(description=description, label=labels, **told))


def moment(field: str, words: Any) -> Callable[[Any], str]:
    """A column with a time, short enough for a list."""

    @display(description=words, empty_value="–")
    def shown(row: Any) -> Any:
        at = getattr(row, field)
        return None if at is None else date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")

    return shown


class StaffModelAdmin(ModelAdmin):
    """Staff may look at everything there is to see; there are no finer rights. What may be changed, each page says."""

    actions: Any = None
    show_facets = ShowFacets.NEVER

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        one_button = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context | one_button, *args, **kwargs)

    # Django's own log would keep names of people beyond their accounts; ours is `accounts.audit`.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        pass

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        pass

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404


class ListAdmin(StaffModelAdmin):
    """A list says everything that may be said; there may be millions of rows, so nothing counts or sorts them all."""

    changelist: type[ChangeList] = ChangeList
    list_display_links = None
    sortable_by = ()
    paginator = InfinitePaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return self.changelist

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise Http404
