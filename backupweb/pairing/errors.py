"""What the post office refuses."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class NoMailbox(DomainError):
    """No open mailbox of that kind in this account, or not with this token."""

    code = "pairing.none"
    message = _("No other device is waiting. Begin again on both devices.")
    status = 404


class MailboxTaken(DomainError):
    """A mailbox is joined once."""

    code = "pairing.taken"
    message = _("Another device was quicker. Begin again on both devices.")
    status = 409


class OutOfTurn(DomainError):
    """Not this side, not this phase, or another letter of this phase is there already."""

    code = "pairing.out_of_turn"
    message = _("The two devices do not agree on where they are. Begin again on both devices.")
    status = 409


class WrongSize(DomainError):
    """A letter has exactly the size of its phase."""

    code = "pairing.wrong_size"
    message = _("The other device sent something that does not fit. Reload the page on both devices.")
    status = 413


class PairingOver(DomainError):
    """Ended by either side, or after two minutes."""

    code = "pairing.over"
    message = _("Pairing has ended. Begin again on both devices.")
    status = 410


class TooManyMailboxes(DomainError):
    """More open mailboxes than one person needs at a time."""

    code = "pairing.too_many"
    message = _("Too many devices are pairing already. Wait two minutes and try again.")
    status = 409
