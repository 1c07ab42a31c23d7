"""Forms of the admin: sizes as people write them, answers to wishes, invitations with a number of days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from backupweb.accounts.models import Invitation, Plan, Quota
from backupweb.lib.env import Environment

if TYPE_CHECKING:
    QuotaModelForm = forms.ModelForm[Quota]
    InvitationModelForm = forms.ModelForm[Invitation]
    PlanModelForm = forms.ModelForm[Plan]
    PlanChoice = forms.ModelChoiceField[Plan]
else:  # Django's classes take no parameters while the program runs
    QuotaModelForm = InvitationModelForm = PlanModelForm = forms.ModelForm
    PlanChoice = forms.ModelChoiceField


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


def plan_choice() -> PlanChoice:
    """One of the plans, or none."""
    return PlanChoice(
        label=_("Plan"),
        queryset=Plan.objects.all(),
        required=False,
        empty_label=_("no plan: the default of this site"),
        widget=UnfoldAdminSelectWidget,
    )


class QuotaForm(QuotaModelForm):
    """The room of one account: a plan, or a limit of its own."""

    plan = plan_choice()
    limit = SizeField(
        label=_("Limit of its own"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Such as 500MB, 5GB or 2TB. Empty: what the plan says, or the default of this site."),
    )

    class Meta:
        model = Quota
        fields = ["plan", "limit"]


class PlanForm(PlanModelForm):
    """A name and how much room it means."""

    limit = SizeField(label=_("Room"), widget=UnfoldAdminTextInputWidget, help_text=_("Such as 500MB, 5GB or 2TB."))

    class Meta:
        model = Plan
        fields = ["name", "limit", "note"]
        widgets = {"name": UnfoldAdminTextInputWidget, "note": UnfoldAdminTextInputWidget}


class PlanChoiceForm(forms.Form):
    """Which plan somebody gets."""

    plan = plan_choice()


class DecisionForm(forms.Form):
    """Yes or no; how much in all, if yes."""

    limit = SizeField(
        label=_("Room in all"), widget=UnfoldAdminTextInputWidget, help_text=_("Such as 500MB, 5GB or 2TB.")
    )
    answer = forms.ChoiceField(choices=[("grant", ""), ("decline", "")])


class InvitationForm(InvitationModelForm):
    """For whom, for how long, with how much room."""

    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=365, initial=14, widget=UnfoldAdminIntegerFieldWidget
    )
    plan = plan_choice()
    address = forms.EmailField(
        label=_("Send it to"),
        required=False,
        widget=UnfoldAdminEmailInputWidget,
        help_text=_("An e-mail address, used for this letter and not kept. Empty: you pass the link on yourself."),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = Invitation
        fields = ["note", "plan"]
        widgets = {"note": UnfoldAdminTextInputWidget}
