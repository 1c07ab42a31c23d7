"""What operations refuse."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class NotReady(DomainError):
    """Alive, but not fit to serve: the code's parameters say what is missing (1: not fit)."""

    code = "ops.not_ready"
    message = _("The server is not ready.")
    status = 503
