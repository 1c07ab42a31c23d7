"""Names the context to Django, and the admin's door."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin  # its class by name would be taken for one of ours
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "backupweb.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from backupweb.accounts import audit  # noqa: PLC0415  # models come first

        audit.listen()


class StaffAdminConfig(admin.AdminConfig):
    default = False
    default_site = "backupweb.accounts.staff.StaffSite"
