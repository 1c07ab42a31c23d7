"""Names the context to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    name = "backupweb.backups"
    verbose_name = _("Backups")
