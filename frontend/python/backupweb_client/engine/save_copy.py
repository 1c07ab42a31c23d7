"""Saves an encrypted copy (format.md §9): what the newest head needs, checked, in one zip that nobody compressed."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backupweb_client.engine.chunks import index_for
from backupweb_client.engine.copy_file import FACTS, HEAD, OBJECTS, README
from backupweb_client.engine.library import Library
from backupweb_client.engine.listing import open_file_list
from backupweb_client.engine.progress import Listener, Progress, nobody
from backupweb_client.errors import ClientError, NoLibraryError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.head import Head, ListedSnapshot
from backupweb_client.format.limits import VERSION
from backupweb_client.format.sealed_object import check_promise
from backupweb_client.format.slots import PASSKEY, RECOVERY_CODE, Keyring
from backupweb_client.format.wire import to_base64url
from backupweb_client.primitives import sha256
from backupweb_client.server.api import NotStoredError

_WORDS: Final = """\
This is an encrypted copy of a Backupweb library: exported chats, sealed so that only their owner can read them.\r
\r
To open it you need its recovery code, 64 digits on a sheet of paper or in a password manager. Without it nobody can.\r
\r
- Without any site: the page /offline/backupweb-open.html of any site that runs Backupweb, saved to this computer.\r
- At any site that runs Backupweb: Settings, Encrypted copy, Open a copy.\r
- On the command line: backupweb-client list --copy FILE\r
\r
The layout is described in docs/format.md of Backupweb, section 9.\r
"""


@dataclass(frozen=True)
class SavedCopy:
    """`size` in bytes, of the whole file."""

    imports: int
    objects: int
    size: int


def save_copy(library: Library, site: str, path: Path, tell: Listener = nobody) -> SavedCopy:
    """Nothing is named as finished before it is complete."""
    if path.exists():
        raise ClientError(f"{path} is already there.", "Choose another name.")
    keyring = library.api.keyring()
    followed = library.newest_head()
    if keyring is None or followed.head.sequence == 0:
        raise NoLibraryError
    served = library.api.head_at(followed.head.sequence)
    if sha256(served.sealed) != followed.digest:
        raise DamagedObjectError("forked-head", f"head {served.sequence}")
    promised = _promised(library, followed.head)
    total = sum(size for size, _ in promised.values())
    unfinished = path.with_name(f".{path.name}.unfinished")
    done = 0
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_STORED) as archive:
            archive.writestr(README, _WORDS)
            archive.writestr(FACTS, _facts(keyring, site, followed.head.sequence))
            archive.writestr(HEAD, served.sealed)
            for object_id, (size, digest) in promised.items():
                archive.writestr(OBJECTS + object_id.hex(), _fetch(library, object_id, size, digest))
                done += size
                tell(Progress("saving", done, total))
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return SavedCopy(len(followed.head.snapshots), len(promised), path.stat().st_size)


def _facts(keyring: Keyring, site: str, sequence: int) -> str:
    slots = [
        {
            "id": slot.slot_id.hex(),
            "kind": slot.kind,
            "parameters": to_base64url(slot.parameters),
            "sealed": to_base64url(slot.sealed),
            "label": slot.label,
        }
        for slot in keyring.slots
        # A password's slot lies in the vault, a device's on the device.
        if slot.kind in {RECOVERY_CODE, PASSKEY}
    ]
    fields = {
        "format": VERSION,
        "site": site,
        "library": keyring.library.hex(),
        "epoch": keyring.epoch,
        "check": to_base64url(keyring.check),
        "sequence": sequence,
        "slots": slots,
    }
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _promised(library: Library, head: Head) -> dict[bytes, tuple[int, bytes]]:
    """Length and hash of every object that the head needs: snapshots, catalogs, then packs."""
    promised = {each.snapshot_id: (each.size, each.digest) for each in head.snapshots}
    packs: dict[bytes, tuple[int, bytes]] = {}
    needed: set[bytes] = set()
    for listed in head.snapshots:
        needed |= _of_import(library, head, listed, packs)
    promised |= {each.catalog_id: (each.size, each.digest) for each in head.catalogs if each.catalog_id in needed}
    return promised | packs


def _of_import(
    library: Library, head: Head, listed: ListedSnapshot, packs: dict[bytes, tuple[int, bytes]]
) -> set[bytes]:
    snapshot = library.snapshot(listed)
    index = index_for(library, head, snapshot)
    chunks = [chunk for file in open_file_list(library, index, snapshot) for chunk in file.chunks]
    for chunk in (*snapshot.files.chunks, *chunks):
        pack = index.locate(chunk).pack
        packs[pack.pack_id] = (pack.size, pack.digest)
    return {each.catalog_id for each in snapshot.catalogs}


def _fetch(library: Library, object_id: bytes, size: int, digest: bytes) -> bytes:
    subject = f"object {object_id.hex()}"
    try:
        content = library.api.read_object(object_id)
        check_promise(content, size=size, digest=digest)
    except NotStoredError as error:
        raise DamagedObjectError("missing", subject) from error
    except DamagedObjectError as error:
        raise error.about(subject) from error
    return content
