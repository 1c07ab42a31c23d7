"""Where this program keeps what it remembers: session and newest heads, readable by their owner only."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backupweb_client.errors import ClientError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.follow import RememberedHead
from backupweb_client.format.strict_json import Fields, parse_json

CONFIG_VARIABLE = "BACKUPWEB_CONFIG"


@dataclass(frozen=True)
class Places:
    folder: Path

    @property
    def session(self) -> Path:
        return self.folder / "session.json"

    @property
    def heads(self) -> Path:
        return self.folder / "heads.json"


def places(environment: Mapping[str, str]) -> Places:
    """$BACKUPWEB_CONFIG, else backupweb in $XDG_CONFIG_HOME, else ~/.config/backupweb."""
    if own := environment.get(CONFIG_VARIABLE):
        return Places(Path(own))
    base = environment.get("XDG_CONFIG_HOME")
    return Places((Path(base) if base else Path.home() / ".config") / "backupweb")


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step; nobody but the owner may read it at any moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


class HeadMemory:
    """The newest head this device has seen, per library: what makes a rollback visible."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, library: bytes) -> RememberedHead | None:
        return self._read().get(library)

    def remember(self, library: bytes, head: RememberedHead) -> None:
        heads = self._read()
        if heads.get(library) == head:
            return
        heads[library] = head
        content = {
            each.hex(): {"sequence": known.sequence, "sha256": known.digest.hex()} for each, known in heads.items()
        }
        write_private(self._path, json.dumps(content, indent=2) + "\n")

    def _read(self) -> dict[bytes, RememberedHead]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            fields = parse_json(content)
            return {bytes.fromhex(name): _read_head(fields.inner(name)) for name in fields.names()}
        except (DamagedObjectError, ValueError) as error:
            # Starting over silently would let a server roll the library back.
            raise ClientError(
                f"{self._path} is damaged: it remembers which state of your library was seen last.",
                "Compare the state with another device, then delete the file.",
            ) from error


class NoMemory(HeadMemory):
    """For encrypted copies: an old one is no rollback, and what it holds is not what a server showed."""

    def __init__(self) -> None:
        super().__init__(Path())

    def recall(self, library: bytes) -> RememberedHead | None:
        return None

    def remember(self, library: bytes, head: RememberedHead) -> None:
        pass


def _read_head(fields: Fields) -> RememberedHead:
    return RememberedHead(fields.whole("sequence"), fields.digest("sha256"))
