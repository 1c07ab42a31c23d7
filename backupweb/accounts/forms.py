"""Forms of the admin: sizes as people write them, invitations with a number of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from backupweb.accounts.models import Invitation, Quota
from backupweb.lib.env import Environment

if TYPE_CHECKING:
    QuotaModelForm = forms.ModelForm[Quota]
    InvitationModelForm = forms.ModelForm[Invitation]
else:  # Django's classes take no parameters while the program runs
    QuotaModelForm = InvitationModelForm = forms.ModelForm


class SizeField(forms.CharField):
    """A number of bytes, written as `5GB`."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
            if value >= factor and value % factor == 0:
                return f"{value // factor}{unit}"
        return str(value)

    def clean(self, value: Any) -> int | None:
        if not value:
            return None
        try:
            return Environment({"size": str(value)}).size("size", "")
        except ImproperlyConfigured as error:
            raise ValidationError(_("Write a size such as 500MB, 5GB or 2TB.")) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class QuotaForm(QuotaModelForm):
    """The limit of one account; empty means the site's default."""

    limit = SizeField(
        label=_("Limit"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as 500MB, 5GB or 2TB. Empty: the default of this site."),
    )

    class Meta:
        model = Quota
        fields = ["limit"]


class InvitationForm(InvitationModelForm):
    """For whom, and for how long."""

    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=365, initial=14, widget=UnfoldAdminIntegerFieldWidget
    )

    class Meta:
        model = Invitation
        fields = ["note"]
        widgets = {"note": UnfoldAdminTextInputWidget}
