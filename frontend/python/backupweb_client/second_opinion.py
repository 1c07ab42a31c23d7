"""A library opened once more, from its root key and sealed bytes alone: what another program read is read again here.

Nothing of the other program's is believed: keys are derived here, the head is opened here, catalogs and snapshots are
held against the head, and where a piece lies is looked up in the catalogs that were opened here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backupweb_client.format.catalog import open_catalog
from backupweb_client.format.errors import DamagedObjectError, Refusal
from backupweb_client.format.frame import FrameEntry, open_frame
from backupweb_client.format.head import open_head
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.limits import HASH_BYTES, ID_BYTES
from backupweb_client.format.sealed_object import check_promise
from backupweb_client.format.slots import open_earlier
from backupweb_client.format.snapshot import open_snapshot
from backupweb_client.format.wire import u32
from backupweb_client.primitives import same, sha256


@dataclass(frozen=True)
class Piece:
    """A frame as the other program fetched it, and where."""

    pack_id: bytes
    offset: int
    sealed: bytes


class SecondReader:
    def __init__(self, root: RootKey, check: bytes) -> None:
        self._keys: LibraryKeys = derive_library_keys(root)
        if not same(self._keys.check, check):
            raise DamagedObjectError("wrong-id")
        self._epochs: dict[int, LibraryKeys] = {self._keys.epoch: self._keys}
        self._frames: dict[tuple[bytes, int], tuple[LibraryKeys, FrameEntry]] = {}
        self._opened: dict[tuple[bytes, int], bytes] = {}

    def open_library(
        self, sequence: int, sealed: bytes, snapshots: Mapping[bytes, bytes], catalogs: Mapping[bytes, bytes]
    ) -> None:
        """The head, and its snapshots and catalogs that are given, by id; one that it does not list is refused."""
        head = open_head(self._keys, sequence, sealed)
        for key in head.earlier:
            self._epochs[key.epoch] = open_earlier(self._keys, key.epoch, key.check, key.slot_id, key.sealed)
        listed_snapshots = {each.snapshot_id: each for each in head.snapshots}
        listed_catalogs = {each.catalog_id: each for each in head.catalogs}
        if not (snapshots.keys() <= listed_snapshots.keys() and catalogs.keys() <= listed_catalogs.keys()):
            raise DamagedObjectError("missing")
        for snapshot_id, content in snapshots.items():
            snapshot = listed_snapshots[snapshot_id]
            check_promise(content, size=snapshot.size, digest=snapshot.digest)
            open_snapshot(self._keys_of(snapshot.epoch), snapshot_id, content)
        for catalog_id, content in catalogs.items():
            catalog = listed_catalogs[catalog_id]
            check_promise(content, size=catalog.size, digest=catalog.digest)
            keys = self._keys_of(catalog.epoch)
            for pack in open_catalog(keys, catalog_id, content).packs:
                for offset, frame in pack.placed():
                    self._frames.setdefault((pack.pack_id, offset), (keys, frame))

    def _keys_of(self, epoch: int) -> LibraryKeys:
        """Those of the newest epoch, or of an earlier one until all is sealed anew."""
        if epoch not in self._epochs:
            raise DamagedObjectError("malformed")
        return self._epochs[epoch]

    def read(self, piece: Piece) -> bytes | Refusal:
        """SHA-256 of what the piece holds, or the name of its refusal."""
        found = self._frames.get((piece.pack_id, piece.offset))
        if found is None:
            return "missing"
        try:
            digest = sha256(b"".join(open_frame(*found, piece.sealed)))
        except DamagedObjectError as error:
            return error.code
        self._opened[piece.pack_id, piece.offset] = digest
        return digest

    def sample_hash(self) -> bytes:
        """Over all that was opened."""
        return sample_hash((pack_id, offset, digest) for (pack_id, offset), digest in self._opened.items())


def sample_hash(read: Iterable[tuple[bytes, int, bytes]]) -> bytes:
    """
    One hash over a sample: of each piece its pack, where it begins, and SHA-256 of what it holds.

    SHA-256( per piece, by pack id and then by offset: pack id(16) ‖ u32 offset ‖ SHA-256(32) )
    """
    parts: list[bytes] = []
    for pack_id, offset, digest in sorted(read):
        if len(pack_id) != ID_BYTES or len(digest) != HASH_BYTES:
            raise ValueError("a pack id has 16 bytes, a hash 32")
        parts += [pack_id, u32(offset), digest]
    return sha256(b"".join(parts))
