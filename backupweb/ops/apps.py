"""Names the context to Django, registers its checks and listens to what allauth tells."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpsConfig(AppConfig):
    name = "backupweb.ops"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from backupweb.ops import checks, events  # noqa: F401, PLC0415  # registered by being imported

        events.listen()
