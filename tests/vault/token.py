"""A real token for tests: SoftHSM, with a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test.utils import override_settings

from backupweb.lib.secret import SecretBytes
from backupweb.vault import token

ROOT = Path(__file__).parents[2]
LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "314159"


def library() -> Path:
    """SoftHSM's library; installs it where it is missing."""
    if shutil.which("softhsm2-util") is None:
        subprocess.run([ROOT / "deploy" / "dev" / "debian.sh", "softhsm2"], check=True)
    return next(path for path in map(Path, LIBRARIES) if path.exists())


def make_folder(folder: Path) -> None:
    """Points SoftHSM, which looks once per process, at a folder of its own."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)


def make_token(label: str) -> None:
    """Makes an empty token."""
    words = ["--init-token", "--free", "--label", label, "--so-pin", "27182818", "--pin", PIN]
    subprocess.run(["softhsm2-util", *words], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def in_token(label: str, pin: str = PIN) -> Iterator[None]:
    """The vault's KEK is in this token."""
    with override_settings(
        BACKUPWEB_VAULT_PKCS11_LIBRARY=library(),
        BACKUPWEB_VAULT_PKCS11_TOKEN=label,
        BACKUPWEB_VAULT_PKCS11_PIN=SecretBytes(pin.encode()),
    ):
        yield


def look_anew() -> None:
    """As a process does that starts again: what is known of tokens is forgotten."""
    token._tokens.clear()
