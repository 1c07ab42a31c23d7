"""Names the context to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "backupweb.vault"
    verbose_name = _("Key vault")
