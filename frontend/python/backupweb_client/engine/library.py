"""A library: unlocked by its recovery code, followed from the newest head this device has seen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from backupweb_client.errors import ClientError, KeyChangedError, NoLibraryError, WrongRecoveryCodeError
from backupweb_client.format.catalog import Catalog, open_catalog
from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.follow import FollowedHead, RememberedHead, follow_head
from backupweb_client.format.head import NO_PARENT, Head, ListedCatalog, ListedSnapshot, seal_head
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.limits import ID_BYTES, ROOT_KEY_BYTES
from backupweb_client.format.recovery_code import RecoveryCode, make_recovery_code
from backupweb_client.format.sealed_object import check_promise
from backupweb_client.format.slots import (
    RECOVERY_CODE,
    Keyring,
    OpenedSlot,
    WrongCode,
    open_earlier,
    open_slot,
    recovery_wrapping_key,
    seal_slot,
)
from backupweb_client.format.snapshot import Snapshot, open_snapshot
from backupweb_client.places import HeadMemory
from backupweb_client.primitives import Random, system_random
from backupweb_client.server.api import Api, NotStoredError


def utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Surroundings:
    """What the engine asks of the world beside the server: memory, chance and time."""

    memory: HeadMemory
    random: Random = system_random
    now: Callable[[], str] = utc_now


@dataclass(frozen=True)
class Library:
    """An unlocked library. It holds no head: each task reads the newest one."""

    api: Api
    keys: LibraryKeys
    """Those of the newest epoch, under which everything is sealed."""
    around: Surroundings
    _earlier: dict[int, LibraryKeys] = field(default_factory=dict)

    def keys_of(self, epoch: int) -> LibraryKeys:
        """Those that open what is listed with this epoch: the newest, or an earlier one until all is sealed anew."""
        if epoch == self.keys.epoch:
            return self.keys
        if epoch not in self._earlier:
            raise DamagedObjectError("malformed")
        return self._earlier[epoch]

    def newest_head(self) -> FollowedHead:
        """The newest head, followed from the one remembered, which it then replaces."""
        remembered = self.around.memory.recall(self.keys.library)
        served = self.api.head()
        if served is None:
            return self._before_the_first(remembered)
        try:
            followed = follow_head(
                self.keys, remembered, sequence=served.sequence, sealed=served.sealed, fetch=self._sealed_head
            )
        except DamagedObjectError as error:
            if error.code == "not-authentic" and self._key_is_old():
                raise KeyChangedError from error
            raise error.about(f"head {served.sequence}") from error
        for key in followed.head.earlier:
            if key.epoch not in self._earlier:
                self._earlier[key.epoch] = open_earlier(self.keys, key.epoch, key.check, key.slot_id, key.sealed)
        self.around.memory.remember(self.keys.library, followed.remembered())
        return followed

    def remember(self, head: FollowedHead) -> None:
        self.around.memory.remember(self.keys.library, head.remembered())

    def snapshot(self, listed: ListedSnapshot) -> Snapshot:
        subject = f"snapshot {listed.snapshot_id.hex()}"
        try:
            sealed = self.read_object(listed.snapshot_id, size=listed.size, digest=listed.digest)
            snapshot = open_snapshot(self.keys_of(listed.epoch), listed.snapshot_id, sealed)
        except DamagedObjectError as error:
            raise error.about(subject) from error
        # It says to which chat it was added; to which it belongs now, the head says.
        return replace(snapshot, conversation=listed.conversation)

    def catalog(self, listed: ListedCatalog) -> Catalog:
        try:
            sealed = self.read_object(listed.catalog_id, size=listed.size, digest=listed.digest)
            return open_catalog(self.keys_of(listed.epoch), listed.catalog_id, sealed)
        except DamagedObjectError as error:
            raise error.about(f"catalog {listed.catalog_id.hex()}") from error

    def read_object(self, object_id: bytes, *, size: int, digest: bytes) -> bytes:
        """A whole object, with the length and hash that were promised."""
        try:
            content = self.api.read_object(object_id)
        except NotStoredError as error:
            raise DamagedObjectError("missing") from error
        check_promise(content, size=size, digest=digest)
        return content

    def _key_is_old(self) -> bool:
        keyring = self.api.keyring()
        return keyring is not None and keyring.library == self.keys.library and keyring.epoch > self.keys.epoch

    def _sealed_head(self, sequence: int) -> bytes:
        try:
            served = self.api.head_at(sequence)
        except NotStoredError as error:
            raise DamagedObjectError("missing", f"head {sequence}") from error
        if served.sequence != sequence:
            raise DamagedObjectError("wrong-library", f"head {sequence}")
        return served.sealed

    def _before_the_first(self, remembered: RememberedHead | None) -> FollowedHead:
        """No head yet: set-up was cut off after the keyring. A device that has seen one knows better."""
        if remembered is not None:
            raise DamagedObjectError("older-head", "head")
        empty = Head(self.keys.library, self.keys.epoch, 0, NO_PARENT, self.around.now())
        return FollowedHead(empty, NO_PARENT)


def unlock(api: Api, code: RecoveryCode, around: Surroundings) -> Library:
    keyring = api.keyring()
    if keyring is None:
        raise NoLibraryError
    slots = [slot for slot in keyring.slots if slot.kind == RECOVERY_CODE]
    if not slots:
        raise ClientError(
            "This library has no recovery code, and a password or a passkey unlocks in the browser only.",
            "Unlock it there and make a new code.",
        )
    for slot in slots:
        wrapping_key = recovery_wrapping_key(code.random_digits, keyring.library, slot.slot_id)
        match open_slot(keyring, slot, wrapping_key):
            case OpenedSlot(keys=keys):
                return Library(api, keys, around)
            case WrongCode():
                continue
    raise WrongRecoveryCodeError


def init_library(api: Api, around: Surroundings) -> tuple[RecoveryCode, Library]:
    """Makes root key, recovery code, keyring and the first head of an account that has none."""
    random = around.random
    root = RootKey(random(ROOT_KEY_BYTES), random(ID_BYTES), epoch=1)
    code, slot_id = make_recovery_code(random), random(ID_BYTES)
    wrapping_key = recovery_wrapping_key(code.random_digits, root.library, slot_id)
    slot = seal_slot(root, RECOVERY_CODE, slot_id, wrapping_key, random)
    keys = derive_library_keys(root)
    api.create_keyring(Keyring(root.library, root.epoch, keys.check, (slot,)), label="Recovery code")
    library = Library(api, keys, around)
    first = Head(root.library, root.epoch, 1, NO_PARENT, around.now())
    if api.commit(1, seal_head(keys, first, random)) is not None:
        raise ClientError("Another device set this library up at the same time.", "Unlock it with that device's code.")
    library.newest_head()
    return code, library
