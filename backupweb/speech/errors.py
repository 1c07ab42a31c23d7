"""What the room of the speech models refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class NoSuchModel(DomainError):
    """None of the models in the folder has this hash: it was taken away, or another one put in its place."""

    code = "speech.no_such_model"
    message = _("This site does not offer that speech model any more.")
    status = 404
