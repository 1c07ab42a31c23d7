"""What the browser's worker calls: JavaScript's bytes in, plain values out. A refusal is its name."""

from collections.abc import Iterable
from typing import Protocol

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import RootKey
from backupweb_client.second_opinion import Piece, SecondReader


class _Bytes(Protocol):
    """A `Uint8Array`."""

    def to_bytes(self) -> bytes: ...


def begin(
    root: tuple[_Bytes, str, int, str],
    head: tuple[int, _Bytes],
    snapshots: Iterable[tuple[str, _Bytes]],
    catalogs: Iterable[tuple[str, _Bytes]],
) -> SecondReader | str:
    """`root`: secret, library, epoch and check. `head`: its sequence and its sealed bytes. The rest by id."""
    secret, library, epoch, check = root
    sequence, sealed = head
    try:
        reader = SecondReader(RootKey(secret.to_bytes(), bytes.fromhex(library), epoch), bytes.fromhex(check))
        reader.open_library(sequence, sealed.to_bytes(), _by_id(snapshots), _by_id(catalogs))
    except DamagedObjectError as error:
        return error.code
    return reader


def read(reader: SecondReader, pack_id: str, offset: int, sealed: _Bytes) -> str:
    """SHA-256 of what a piece holds, in hexadecimal digits, or the name of its refusal."""
    digest = reader.read(Piece(bytes.fromhex(pack_id), offset, sealed.to_bytes()))
    return digest.hex() if isinstance(digest, bytes) else digest


def sample_hash(reader: SecondReader) -> str:
    """One hash over all that was opened, in hexadecimal digits."""
    return reader.sample_hash().hex()


def _by_id(objects: Iterable[tuple[str, _Bytes]]) -> dict[bytes, bytes]:
    return {bytes.fromhex(identity): sealed.to_bytes() for identity, sealed in objects}
