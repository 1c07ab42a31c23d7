"""The key vault, and who else may read what is secret."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from backupweb.ops.doctor.finding import Finding, State
from backupweb.vault import door
from backupweb.vault import services as vault
from backupweb.vault.errors import VaultUnavailable
from backupweb.vault.ledger import Standing

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FILES = ("BACKUPWEB_SECRET_KEY_FILE", "BACKUPWEB_STORE_SECRET_FILE", "BACKUPWEB_VAULT_PKCS11_PIN_FILE")


def vault_counts() -> Iterator[Finding]:
    """Whether a guess could be counted now."""
    if settings.BACKUPWEB_VAULT_URL is not None:
        yield from _elsewhere()
        return
    folder = settings.BACKUPWEB_VAULT_KEYS
    match vault.ledger_standing():
        case Standing.NOT_THERE:
            yield Finding(
                "vault",
                State.TROUBLE,
                f"The key folder {folder} is empty, but there are backup passwords. Nothing is lost yet: nobody can "
                "unlock with a password until it is back.",
                "Is it mounted, and is BACKUPWEB_VAULT_KEYS still right? Only if it is gone for good: "
                "`manage.py vault_new_ledger` says what then becomes of the passwords.",
            )
        case Standing.ANOTHER:
            yield Finding(
                "vault",
                State.TROUBLE,
                f"The key folder {folder} belongs to another vault. Nothing is lost: the right one is somewhere else.",
                "Put back the folder of this vault, or point BACKUPWEB_VAULT_KEYS to it. Only if it is gone for good: "
                "`manage.py vault_new_ledger`.",
            )
        case Standing.OURS:
            yield from _embedded()


def _embedded() -> Iterator[Finding]:
    try:
        door.vault().alive()
    except (VaultUnavailable, OSError):
        yield Finding(
            "vault",
            State.TROUBLE,
            "The vault cannot use its key-encryption key.",
            "May this user read and write the key folder? With a token: does it answer, and is the PIN right?",
        )
    else:
        yield Finding("vault", State.WELL, "The vault is embedded, and could count a guess now.")


def _elsewhere() -> Iterator[Finding]:
    try:
        alive = door.vault().alive()
    except Exception:  # the network has errors of many kinds
        alive = False
    if alive:
        yield Finding("vault", State.WELL, f"The vault at {settings.BACKUPWEB_VAULT_URL} answers.")
    else:
        yield Finding(
            "vault",
            State.TROUBLE,
            f"The vault at {settings.BACKUPWEB_VAULT_URL} does not answer.",
            "Does `manage.py run_vault` run there, does a firewall stand between, have the certificates expired?",
        )


def keys_are_private() -> Iterator[Finding]:
    """What others on this machine may read is no secret."""
    open_to_others = [str(path) for path in _secret_files() if path.exists() and path.stat().st_mode & _OTHERS]
    if open_to_others:
        yield Finding(
            "key files",
            State.TROUBLE,
            f"Others on this machine may read {', '.join(open_to_others)}.",
            "`chmod go= ` for each of them (in a container: a secret with mode 0400).",
        )
    else:
        yield Finding("key files", State.WELL, "Keys and secrets are readable by this user only.")


def _secret_files() -> Iterator[Path]:
    folder = Path(settings.BACKUPWEB_VAULT_KEYS)
    if settings.BACKUPWEB_VAULT_URL is None and folder.is_dir():
        yield folder
        yield from folder.iterdir()
    yield Path(settings.BACKUPWEB_DATA) / "secret-key"
    # Below /run/secrets the engine decides who may read, and only this container sees it.
    named = (os.environ.get(name, "") for name in _FILES)
    yield from (Path(path) for path in named if path and not path.startswith("/run/secrets/"))
    if settings.BACKUPWEB_VAULT_CERTIFICATE_KEY is not None:
        yield settings.BACKUPWEB_VAULT_CERTIFICATE_KEY
