"""What the accounts refuse."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class KeyMaterialRefused(DomainError):
    """A passkey's PRF output opens a library: the server refuses to see it, whoever sends it."""

    code = "accounts.key_material"
    message = _("This request holds key material that must stay in the browser. Nothing was kept of it.")
    status = 400


class NoSuchDevice(DomainError):
    """No session of this number in this account, or not any more."""

    code = "accounts.no_such_device"
    message = _("This device is not signed in any more. Reload the page.")
    status = 404


class RequestWaiting(DomainError):
    """One wish for more room at a time."""

    code = "accounts.request_waiting"
    message = _("You have already asked for more room. Take that back first, or wait for the answer.")
    status = 409


class RequestTooSmall(DomainError):
    """The wish is for no more than there is."""

    code = "accounts.request_too_small"
    message = _("You have that much room already. Ask for more than that.")
    status = 409


class RequestDecided(DomainError):
    """Somebody answered this wish before, or the person took it back."""

    code = "accounts.request_decided"
    message = _("This request was answered or taken back in the meantime.")
    status = 409


class LastAdmin(DomainError):
    """Without this account nobody could run the site any more."""

    code = "accounts.last_admin"
    message = _("This is the last admin. Make somebody else an admin first.")
    status = 409


class DeletionUnderWay(DomainError):
    """The time has come, and the first things may be gone."""

    code = "accounts.deletion_under_way"
    message = _("The deletion of this account has begun. It cannot be stopped any more.")
    status = 409


class DeletionNotYours(DomainError):
    """An admin planned the deletion: the person cannot call it off."""

    code = "accounts.deletion_not_yours"
    message = _("Whoever runs this site decided this, and only they can take it back. Ask them.")
    status = 403
