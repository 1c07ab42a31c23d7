"""The kinds of security events: in which group each is shown, and in which words."""

from __future__ import annotations

from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Group = Literal["signing-in", "unlocking", "devices", "ways", "account"]

GROUPS: dict[Group, str | Promise] = {
    "signing-in": _("Signing in"),
    "unlocking": _("Unlocking"),
    "devices": _("Devices"),
    "ways": _("Ways to unlock"),
    "account": _("Account"),
}

GROUP_OF: dict[str, Group] = {
    "signed-in": "signing-in",
    "signed-out": "signing-in",
    "signed-up": "signing-in",
    "sign-in-failed": "signing-in",
    "password-changed": "signing-in",
    "password-reset": "signing-in",
    "email-changed": "signing-in",
    "passkey-added": "signing-in",
    "passkey-removed": "signing-in",
    "second-factor-added": "signing-in",
    "second-factor-removed": "signing-in",
    "second-factor-reset": "signing-in",
    "vault-guess": "unlocking",
    "vault-opened": "unlocking",
    "vault-wrong-password": "unlocking",
    "vault-erased": "unlocking",
    "device-paired": "devices",
    "device-revoked": "devices",
    "way-added": "ways",
    "way-removed": "ways",
    "key-changed": "ways",
    "vault-enrolled": "ways",
    "vault-removed": "ways",
    "deletion-planned": "account",
    "deletion-called-off": "account",
    "suspended": "account",
    "readmitted": "account",
    "exported": "account",
}

# By kind and detail; without detail, what is said when nothing finer is known.
_WORDS: dict[tuple[str, str], str | Promise] = {
    ("signed-in", ""): _("Signed in"),
    ("signed-in", "password"): _("Signed in with the sign-in password"),
    ("signed-in", "password_reset"): _("Signed in after resetting the sign-in password"),
    ("signed-in", "code"): _("Signed in with a code by e-mail"),
    ("signed-in", "passkey"): _("Signed in with a passkey"),
    ("signed-in", "second-step"): _("Signed in with a second step"),
    ("signed-out", ""): _("Signed out"),
    ("signed-up", ""): _("The account was made"),
    ("sign-in-failed", ""): _("Somebody tried to sign in with a wrong password"),
    ("password-changed", ""): _("The sign-in password was changed"),
    ("password-reset", ""): _("The sign-in password was reset by e-mail"),
    ("email-changed", ""): _("The e-mail address was changed"),
    ("passkey-added", ""): _("A passkey for signing in was added"),
    ("passkey-removed", ""): _("A passkey for signing in was removed"),
    ("second-factor-added", ""): _("A second step for signing in was set up"),
    ("second-factor-added", "recovery_codes"): _("Spare codes for signing in were made"),
    ("second-factor-removed", ""): _("A second step for signing in was switched off"),
    ("second-factor-removed", "recovery_codes"): _("The spare codes for signing in were removed"),
    ("second-factor-reset", ""): _("New spare codes for signing in were made"),
    ("vault-guess", ""): _("The password of your chats was tried"),
    ("vault-opened", ""): _("Unlocked with the password"),
    ("vault-wrong-password", ""): _("The password of your chats was wrong"),
    ("vault-erased", ""): _("Too many wrong passwords: the password was erased"),
    ("vault-enrolled", ""): _("The password of your chats was set"),
    ("vault-removed", ""): _("The password of your chats was removed"),
    ("device-paired", ""): _("A device was paired"),
    ("device-paired", "picture"): _("A device was paired by picture"),
    ("device-paired", "code"): _("A device was paired by code"),
    ("device-revoked", ""): _("A device was signed out"),
    ("way-added", ""): _("A way to unlock was added"),
    ("way-added", "recovery-code"): _("A recovery code was set up"),
    ("way-added", "passkey"): _("A passkey was set up for unlocking"),
    ("way-removed", ""): _("A way to unlock was removed"),
    ("way-removed", "recovery-code"): _("A recovery code was removed"),
    ("way-removed", "passkey"): _("A passkey was removed from unlocking"),
    ("key-changed", ""): _("The key of your chats was changed; the old ways to unlock went with it"),
    ("deletion-planned", ""): _("The deletion of the account was planned"),
    ("deletion-called-off", ""): _("The deletion of the account was called off"),
    ("suspended", ""): _("The account was suspended"),
    ("readmitted", ""): _("The account was readmitted"),
    ("exported", ""): _("What the server has about you was downloaded"),
}
# Where the number of guesses that are left is worth telling.
_NUMBERED = {"vault-guess", "vault-wrong-password"}


def sentence(kind: str, detail: str, number: int | None) -> str:
    """What happened, in the language that is active."""
    words = str(_WORDS.get((kind, detail)) or _WORDS.get((kind, ""), kind))
    if number is None or kind not in _NUMBERED:
        return words
    return f"{words} ({gettext('guesses left: %(number)s') % {'number': number}})"
