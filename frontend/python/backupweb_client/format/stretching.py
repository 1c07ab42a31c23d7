"""How slow a guess at a password must be: the parameters of Argon2id (vault.md §2).

    u8 scheme = 1 ‖ u32 memory in KiB ‖ u8 passes ‖ u8 lanes                      7 bytes

The limits are compiled in: whoever keeps the slot can neither make guessing cheap nor stop the device with them.
"""

from dataclasses import dataclass
from typing import Final

from backupweb_client.format.errors import DamagedObjectError
from backupweb_client.format.wire import ByteReader

_SCHEME: Final = 1
_MEMORY: Final = range(65_536, 1_048_576 + 1)
_PASSES: Final = range(3, 16 + 1)
_LANES: Final = range(4, 16 + 1)


@dataclass(frozen=True)
class Stretching:
    memory: int
    passes: int
    lanes: int


def read_stretching(parameters: bytes) -> Stretching:
    reader = ByteReader(parameters)
    scheme = reader.u8()
    stretching = Stretching(memory=reader.u32(), passes=reader.u8(), lanes=reader.u8())
    reader.end()
    allowed = stretching.memory in _MEMORY and stretching.passes in _PASSES and stretching.lanes in _LANES
    if scheme != _SCHEME or not allowed:
        raise DamagedObjectError("malformed")
    return stretching
