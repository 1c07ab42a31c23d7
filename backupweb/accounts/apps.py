"""Names the context to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "backupweb.accounts"
    verbose_name = _("Accounts")
