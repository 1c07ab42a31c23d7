"""What the vault refuses."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class VaultError(DomainError):
    """Whatever the vault refuses."""


class NoRecord(VaultError):
    """No password is set, or not this one any more."""

    code = "vault.no_record"
    message = _("No backup password is set. Use another way to unlock.")
    status = 404


class VaultErased(VaultError):
    """Guesses used the record up, `guesses` of them; none when its key was found destroyed."""

    code = "vault.erased"
    message = _("The backup password was erased. Use another way to unlock, then set a new password.")
    status = 410


class WrongPassword(VaultError):
    """The proof does not hold; `left` guesses remain."""

    code = "vault.wrong_password"
    message = _("That was not the right password. Try again while guesses are left.")
    status = 403


class ExchangeGone(VaultError):
    """Too late, used before, begun with another process, or the record went in the meantime."""

    code = "vault.exchange_gone"
    message = _("This took too long, or something changed in the meantime. Begin again.")
    status = 409


class MalformedMessage(VaultError):
    """No message of the protocol. It cost nothing."""

    code = "vault.malformed"
    message = _("The key vault does not understand this message. Reload the page and try again.")
    status = 422


class VaultUnavailable(VaultError):
    """Ledger, token or host cannot be reached. No guess is given out while that is so."""

    code = "vault.unavailable"
    message = _("The key vault cannot be reached. Try again later, or use another way to unlock.")
    status = 503


class StaffHoldsNoVault(VaultError):
    """Who administers this server keeps no backup password on it."""

    code = "vault.staff"
    message = _("Staff accounts have no backup password. Use an account of your own.")
    status = 403


class SocketNeeded(VaultError):
    """Several processes answer, and an exchange lives in one of them."""

    code = "vault.socket_needed"
    message = _("The key vault needs a lasting connection here. Allow WebSockets, or use another way to unlock.")
    status = 409
