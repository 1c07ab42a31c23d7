"""The key tree of one library and one epoch (format.md §2).

root key (32)
 ├─ chunk-id    names chunks and frames, makes the cut key
 ├─ chunk-seal  makes one key per frame
 ├─ snapshot    catalogs and snapshots
 ├─ head        heads
 ├─ journal     the local journal of an unfinished import
 ├─ earlier     root keys of earlier epochs, until all of theirs is sealed anew
 └─ check       public: which root key a keyring belongs to
"""

from dataclasses import dataclass, field
from typing import Final

from backupweb_client.format.limits import ID_BYTES, ROOT_KEY_BYTES
from backupweb_client.format.wire import u32
from backupweb_client.primitives import hkdf, hmac_sha256

CHUNK_ID: Final = b"backupweb/v1/chunk-id"
CHUNK_SEAL: Final = b"backupweb/v1/chunk-seal"
SNAPSHOT: Final = b"backupweb/v1/snapshot"
HEAD: Final = b"backupweb/v1/head"
JOURNAL: Final = b"backupweb/v1/journal"
EARLIER: Final = b"backupweb/v1/earlier"
KEYRING_CHECK: Final = b"backupweb/v1/keyring-check"


@dataclass(frozen=True)
class RootKey:
    """What every slot holds. It has no string form."""

    secret: bytes = field(repr=False)
    library: bytes
    epoch: int

    def __post_init__(self) -> None:
        if len(self.secret) != ROOT_KEY_BYTES or len(self.library) != ID_BYTES or not 1 <= self.epoch < 2**32:
            raise ValueError("a root key has 32 bytes, a library id 16, an epoch begins at 1")


@dataclass(frozen=True)
class LibraryKeys:
    """Everything that is derived from one root key."""

    library: bytes
    epoch: int
    chunk_id: bytes = field(repr=False)
    chunk_seal: bytes = field(repr=False)
    snapshot: bytes = field(repr=False)
    head: bytes = field(repr=False)
    journal: bytes = field(repr=False)
    earlier: bytes = field(repr=False)
    cut: bytes = field(repr=False)
    check: bytes

    def frame_key(self, frame_id: bytes) -> bytes:
        return hmac_sha256(self.chunk_seal, frame_id)

    def place(self) -> bytes:
        """library(16) ‖ u32 epoch: what every seal is bound to."""
        return self.library + u32(self.epoch)


def derive_library_keys(root: RootKey) -> LibraryKeys:
    def derived(label: bytes, length: int = 32) -> bytes:
        return hkdf(root.secret, root.library, label + b"\0" + u32(root.epoch), length)

    chunk_id = derived(CHUNK_ID)
    return LibraryKeys(
        library=root.library,
        epoch=root.epoch,
        chunk_id=chunk_id,
        chunk_seal=derived(CHUNK_SEAL),
        snapshot=derived(SNAPSHOT),
        head=derived(HEAD),
        journal=derived(JOURNAL),
        earlier=derived(EARLIER),
        cut=hmac_sha256(chunk_id, b"\0cut"),
        check=derived(KEYRING_CHECK, ID_BYTES),
    )
