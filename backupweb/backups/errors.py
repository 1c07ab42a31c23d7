"""What the backups refuse."""

from django.utils.translation import gettext_lazy as _

from backupweb.lib.errors import DomainError


class NoSuchObject(DomainError):
    """Nobody of this account announced or stored it."""

    code = "backups.no_such_object"
    message = _("This object is not there.")
    status = 404


class ObjectDiffers(DomainError):
    """The id was announced with other facts; ids are never used twice."""

    code = "backups.object_differs"
    message = _("This object was announced before with another size or hash.")
    status = 409


class QuotaExceeded(DomainError):
    """`missing` bytes more than there is room for. Nothing was reserved."""

    code = "backups.quota_exceeded"
    message = _("There is not enough room. Delete something, or ask for more.")
    status = 413


class WrongSize(DomainError):
    """More or fewer bytes than were announced. Nothing was kept."""

    code = "backups.wrong_size"
    message = _("The object does not have the announced length.")
    status = 413


class WrongHash(DomainError):
    """Other bytes than were announced. Nothing was kept."""

    code = "backups.wrong_hash"
    message = _("The object did not arrive as it was sent. Send it again.")
    status = 409


class CutOff(DomainError):
    """The body ended before its time. Nobody is left to hear it."""

    code = "backups.cut_off"
    message = _("The upload was cut off.")
    status = 400


class BadRange(DomainError):
    """The range lies outside the object."""

    code = "backups.bad_range"
    message = _("The object is shorter than that.")
    status = 416


class NoHead(DomainError):
    """No head of this sequence, or none at all yet."""

    code = "backups.no_head"
    message = _("Nothing has been backed up yet.")
    status = 404


class HeadMoved(DomainError):
    """Another device was faster; `sequence` is the newest head's."""

    code = "backups.head_moved"
    message = _("Another device changed the backup in the meantime.")
    status = 409


class NotStored(DomainError):
    """`missing` objects that the commit needs are not stored. Nothing was changed."""

    code = "backups.not_stored"
    message = _("Not everything has arrived yet. Send what is missing and try again.")
    status = 409
