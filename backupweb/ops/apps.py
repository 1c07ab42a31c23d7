"""Names the context to Django, registers its checks and listens to what allauth tells."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OpsConfig(AppConfig):
    name = "backupweb.ops"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from backupweb.ops import checks, events  # noqa: F401, PLC0415  # registered by being imported

        events.listen()
        _hide_jobs()


def _hide_jobs() -> None:
    # A letter that waits is nobody's to read, and its page in the admin would show it.
    from django.contrib import admin  # noqa: PLC0415
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    if admin.site.is_registered(DBTaskResult):
        admin.site.unregister(DBTaskResult)
