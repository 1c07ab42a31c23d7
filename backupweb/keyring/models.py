"""A keyring says which library and epoch its slots open; a slot is one sealed copy of the root key."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backupweb.accounts.models import Account


class Keyring(models.Model):
    """One per account. `check` is public: it says to which root key the slots belong."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, verbose_name=_("account"))
    library = models.UUIDField()
    epoch = models.PositiveBigIntegerField()
    check_value = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("keyring")
        verbose_name_plural = _("keyrings")

    def __str__(self) -> str:
        return self.library.hex


class Slot(models.Model):
    """Sealed bytes and what a client needs to know in order to try to open them."""

    keyring = models.ForeignKey(Keyring, on_delete=models.CASCADE, related_name="slots")
    slot_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField()
    parameters = models.BinaryField()
    sealed = models.BinaryField()
    label = models.CharField(max_length=100, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [models.UniqueConstraint(fields=["keyring", "slot_id"], name="slot_once_per_keyring")]

    def __str__(self) -> str:
        return self.slot_id.hex
