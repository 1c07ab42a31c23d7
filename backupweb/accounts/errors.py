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
