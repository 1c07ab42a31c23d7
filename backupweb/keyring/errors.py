"""What the keyring refuses."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class NoKeyring(DomainError):
    """First unlock has not happened yet."""

    code = "keyring.none"
    message = _("No key has been made for this account yet.")
    status = 404


class KeyringExists(DomainError):
    """Another keyring is there already; it is never overwritten."""

    code = "keyring.exists"
    message = _("This account already has a key. Unlock it instead.")
    status = 409


class KeyChanged(DomainError):
    """The keyring is another epoch's; `epoch` says whose."""

    code = "keyring.key_changed"
    message = _("The key of this account was changed on another device. Unlock anew.")
    status = 409


class NoSuchSlot(DomainError):
    """No slot of this id in this account's keyring."""

    code = "keyring.no_such_slot"
    message = _("This way to unlock is not there any more.")
    status = 404


class SlotDiffers(DomainError):
    """The id is taken by a slot with other content."""

    code = "keyring.slot_differs"
    message = _("Another way to unlock has the same name. Reload the page and try again.")
    status = 409


class LastSlot(DomainError):
    """Without a slot nobody could ever open the library again."""

    code = "keyring.last_slot"
    message = _("This is the last way to unlock. Add another one first.")
    status = 409


class TooManySlots(DomainError):
    """More slots than anybody needs."""

    code = "keyring.too_many_slots"
    message = _("There are too many ways to unlock. Remove one first.")
    status = 409
