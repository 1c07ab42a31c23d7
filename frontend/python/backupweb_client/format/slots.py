"""A slot: one sealed copy of the root key (format.md §3).

    sealed slot   version(1)=0x01 ‖ nonce(12) ‖ ciphertext(32) ‖ tag(16)          61 bytes
    AAD           "backupweb/v1/slot" ‖ 0x00 ‖ library(16) ‖ u32 epoch ‖ u8 kind ‖ slot id(16) ‖ parameters

GCM does not commit to its key, so `check` is recomputed from what was opened.
"""

from dataclasses import dataclass, replace
from typing import Final

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.keys import LibraryKeys, RootKey, derive_library_keys
from backupweb_client.format.limits import ROOT_KEY_BYTES, SEAL_OVERHEAD, VERSION
from backupweb_client.format.stretching import read_stretching
from backupweb_client.format.wire import u8, u32
from backupweb_client.primitives import NONCE_BYTES, NotAuthenticError, Random, gcm_open, gcm_seal, hkdf, same

RECOVERY_CODE: Final = 1
PASSWORD: Final = 2
PASSKEY: Final = 3
DEVICE: Final = 4
EARLIER: Final = 5
SEALED_SLOT_BYTES: Final = SEAL_OVERHEAD + ROOT_KEY_BYTES
LONGEST_CREDENTIAL: Final = 1_023
_PASSKEY_VERSION: Final = 1
_EPOCH_BYTES: Final = 4
_RECOVERY_LABEL: Final = b"backupweb/v1/recovery-code"
_PASSWORD_LABEL: Final = b"backupweb/v1/password"
_PASSKEY_LABEL: Final = b"backupweb/v1/passkey"
_SLOT_LABEL: Final = b"backupweb/v1/slot"


@dataclass(frozen=True)
class Slot:
    slot_id: bytes
    kind: int
    parameters: bytes
    sealed: bytes
    label: str = ""
    """What a person calls it; nothing that is sealed depends on it."""


@dataclass(frozen=True)
class Keyring:
    library: bytes
    epoch: int
    check: bytes
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class OpenedSlot:
    root: RootKey
    keys: LibraryKeys


@dataclass(frozen=True)
class WrongCode:
    """The key does not fit the slot: most likely another library's code. Expected, so a value."""


def recovery_wrapping_key(random_digits: str, library: bytes, slot_id: bytes) -> bytes:
    """`random_digits` are the 48 digits of the code that are not check digits."""
    return hkdf(random_digits.encode("ascii"), library, _RECOVERY_LABEL + b"\0" + slot_id, 32)


def password_wrapping_key(export_key: bytes, library: bytes, record_id: bytes) -> bytes:
    """`export_key` is OPAQUE's, 64 bytes: this client speaks with no vault, and opens what somebody else retrieved."""
    if len(export_key) != 64:
        raise ValueError("an export key has 64 bytes")
    return hkdf(export_key, library, _PASSWORD_LABEL + b"\0" + record_id, 32)


def passkey_wrapping_key(output: bytes, library: bytes, slot_id: bytes) -> bytes:
    """`output` is that of WebAuthn's PRF extension, 32 bytes."""
    if len(output) != 32:
        raise ValueError("a PRF output has 32 bytes")
    return hkdf(output, library, _PASSKEY_LABEL + b"\0" + slot_id, 32)


def seal_earlier(later: LibraryKeys, root: RootKey, slot_id: bytes, random: Random) -> Slot:
    """The root key of an earlier epoch, for the heads of a later one."""
    return seal_slot(root, EARLIER, slot_id, later.earlier, random, parameters=u32(later.epoch))


def open_earlier(later: LibraryKeys, epoch: int, check: bytes, slot_id: bytes, sealed: bytes) -> LibraryKeys:
    """What an earlier root key opens. Whoever holds the later one sealed it: what does not open is damage."""
    slot = Slot(slot_id=slot_id, kind=EARLIER, parameters=u32(later.epoch), sealed=sealed)
    match open_slot(Keyring(later.library, epoch, check, (slot,)), slot, later.earlier):
        case OpenedSlot(keys=keys):
            return keys
        case WrongCode():
            raise DamagedObjectError("not-authentic")


def read_credential(parameters: bytes) -> bytes:
    """The credential id in the parameters of a passkey's slot."""
    if not 2 <= len(parameters) <= 1 + LONGEST_CREDENTIAL or parameters[0] != _PASSKEY_VERSION:
        raise DamagedObjectError("malformed")
    return parameters[1:]


def seal_slot(
    root: RootKey, kind: int, slot_id: bytes, wrapping_key: bytes, random: Random, *, parameters: bytes = b""
) -> Slot:
    _refuse_unknown(kind, parameters)
    unsealed = Slot(slot_id=slot_id, kind=kind, parameters=parameters, sealed=b"")
    nonce = random(NONCE_BYTES)
    ciphertext = gcm_seal(wrapping_key, nonce, root.secret, _associated(root.library, root.epoch, unsealed))
    return replace(unsealed, sealed=u8(VERSION) + nonce + ciphertext)


def open_slot(keyring: Keyring, slot: Slot, wrapping_key: bytes) -> OpenedSlot | WrongCode:
    """The root key and what follows from it, or `WrongCode` when the tag does not fit."""
    sealed = slot.sealed
    if len(sealed) < SEALED_SLOT_BYTES:
        raise DamagedObjectError("truncated")
    if sealed[0] != VERSION:
        raise DamagedObjectError("unknown-version")
    if len(sealed) > SEALED_SLOT_BYTES:
        raise DamagedObjectError("too-large")
    _refuse_unknown(slot.kind, slot.parameters)
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        secret = gcm_open(wrapping_key, nonce, ciphertext, _associated(keyring.library, keyring.epoch, slot))
    except NotAuthenticError:
        return WrongCode()
    root = RootKey(secret=secret, library=keyring.library, epoch=keyring.epoch)
    keys = derive_library_keys(root)
    if not same(keys.check, keyring.check):
        raise DamagedObjectError("wrong-id")
    return OpenedSlot(root=root, keys=keys)


def _refuse_unknown(kind: int, parameters: bytes) -> None:
    """Parameters change what a slot means: a client that does not understand them keeps its hands off."""
    if kind == PASSWORD:
        read_stretching(parameters)
    elif kind == PASSKEY:
        read_credential(parameters)
    elif kind == EARLIER:
        if len(parameters) != _EPOCH_BYTES:
            raise DamagedObjectError("malformed")
    elif kind not in {RECOVERY_CODE, DEVICE} or parameters:
        raise DamagedObjectError("malformed")


def _associated(library: bytes, epoch: int, slot: Slot) -> bytes:
    return _SLOT_LABEL + b"\0" + library + u32(epoch) + u8(slot.kind) + slot.slot_id + slot.parameters
