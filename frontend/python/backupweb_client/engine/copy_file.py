"""An encrypted copy as a server that can be read from (format.md §9); its directory tells places, and nothing else."""

import hashlib
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NoReturn, Self

from backupweb_client.errors import ClientError
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.limits import ID_BYTES, LARGEST_OBJECT, VERSION
from backupweb_client.format.slots import Keyring, Slot
from backupweb_client.format.strict_json import Fields, parse_json
from backupweb_client.server.api import (
    STORED,
    Addition,
    Api,
    NotStoredError,
    ObjectFacts,
    ObjectState,
    Quota,
    ServedHead,
    Ticket,
)

README: Final = "README.txt"
FACTS: Final = "copy.json"
HEAD: Final = "head"
OBJECTS: Final = "objects/"
LONGEST_FACTS: Final = 1_048_576
_LOCAL_HEADER: Final = 30
_ENCRYPTED: Final = 0x0001
_OBJECT: Final = re.compile(r"objects/[0-9a-f]{32}", re.ASCII)
_PIECE: Final = 1_048_576


class NotACopyError(ClientError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no encrypted copy, or its end is missing.", "Fetch it again from where it lies.")


class CopyFile(Api):
    """The calls that read; those that write are refused, for nothing is ever written into a copy."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ClientError(f"{path} cannot be read.", "Name a file that is there.") from error
        try:
            listed = zipfile.ZipFile(self._file).infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise NotACopyError(path) from error
        self._entries = {each.filename: each for each in listed}
        if FACTS not in self._entries or HEAD not in self._entries:
            raise NotACopyError(path)
        if len(self._entries) != len(listed) or not all(_is_stored(each) for each in listed):
            raise DamagedObjectError("malformed", str(path))
        if self._entries[FACTS].file_size > LONGEST_FACTS:
            raise DamagedObjectError("too-large", FACTS)
        try:
            self._keyring, self._sequence = _read_facts(parse_json(self._content(self._entries[FACTS])))
        except DamagedObjectError as error:
            raise error.about(FACTS) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keyring(self) -> Keyring:
        return self._keyring

    def head(self) -> ServedHead:
        entry = self._entries[HEAD]
        if entry.file_size > LARGEST_OBJECT:
            raise DamagedObjectError("too-large", HEAD)
        return ServedHead(self._sequence, self._content(entry))

    def head_at(self, sequence: int) -> ServedHead:
        if sequence != self._sequence:
            raise NotStoredError
        return self.head()

    def read_object(self, object_id: bytes, span: tuple[int, int] | None = None) -> bytes:
        entry = self._entries.get(OBJECTS + object_id.hex())
        if entry is None:
            raise NotStoredError
        return self._content(entry, span)

    def quota(self) -> Quota:
        return Quota(0, 0, 0)

    def objects(self) -> list[ObjectState]:
        """There is no table to believe: every byte is read."""
        return [
            ObjectState(bytes.fromhex(name.removeprefix(OBJECTS)), STORED, entry.file_size, self._digest(entry))
            for name, entry in self._entries.items()
            if _OBJECT.fullmatch(name)
        ]

    def create_keyring(self, keyring: Keyring, label: str) -> NoReturn:
        _read_only()

    def begin(self, objects: Sequence[ObjectFacts]) -> NoReturn:
        _read_only()

    def put(self, ticket: Ticket, content: bytes) -> NoReturn:
        _read_only()

    def finish(self, ids: Iterable[bytes]) -> NoReturn:
        _read_only()

    def commit(
        self, sequence: int, sealed: bytes, *, add: Sequence[Addition] = (), remove: Sequence[bytes] = ()
    ) -> NoReturn:
        _read_only()

    def abandon(self, ids: Sequence[bytes]) -> NoReturn:
        _read_only()

    def _digest(self, entry: zipfile.ZipInfo) -> bytes:
        digest = hashlib.sha256()
        for start in range(0, entry.file_size, _PIECE):
            digest.update(self._content(entry, (start, start + _PIECE)))
        return digest.digest()

    def _content(self, entry: zipfile.ZipInfo, span: tuple[int, int] | None = None) -> bytes:
        if entry.header_offset < 0:
            raise DamagedObjectError("malformed", entry.filename)
        self._file.seek(entry.header_offset)
        header = self._file.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\3\4":
            raise DamagedObjectError("malformed", entry.filename)
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        start, end = span or (0, entry.file_size)
        begin = entry.header_offset + _LOCAL_HEADER + name + extra
        self._file.seek(begin + start)
        # What is asked beyond the end is not there; the caller sees that by the length.
        return self._file.read(max(0, min(end, entry.file_size) - start))


def _is_stored(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.compress_type == zipfile.ZIP_STORED
        and entry.compress_size == entry.file_size
        and not entry.flag_bits & _ENCRYPTED
    )


def _read_facts(fields: Fields) -> tuple[Keyring, int]:
    if fields.whole("format") != VERSION:
        raise DamagedObjectError("unknown-version")
    fields.text("site")
    library, epoch = fields.identity("library"), fields.whole("epoch", 2**32 - 1)
    check, sequence = fields.base64url("check"), fields.whole("sequence")
    slots = tuple(_read_slot(each) for each in fields.inners("slots"))
    fields.complete()
    if len(check) != ID_BYTES or epoch < 1 or sequence < 1:
        raise DamagedObjectError("malformed")
    return Keyring(library, epoch, check, slots), sequence


def _read_slot(fields: Fields) -> Slot:
    slot = Slot(
        slot_id=fields.identity("id"),
        kind=fields.whole("kind"),
        parameters=fields.base64url("parameters"),
        sealed=fields.base64url("sealed"),
        label=fields.text("label"),
    )
    fields.complete()
    return slot


def _read_only() -> NoReturn:
    raise ClientError("An encrypted copy is only read.", "Leave `--copy` out to change the library at its server.")
