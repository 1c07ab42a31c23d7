"""The only importer of Zstandard (RFC 8878): the standard library's from Python 3.14 on, its backport before."""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from backupweb_client.format.errors import DamagedObjectError

LEVEL = 3
_MAGIC = bytes.fromhex("28b52ffd")


def compress(content: bytes) -> bytes:
    """One frame that states its content size."""
    return zstd.compress(content, level=LEVEL)


def decompress(packed: bytes, limit: int) -> bytes:
    """The content of exactly one frame that states its size; size and limit (bytes) are looked at before unpacking."""
    if not packed.startswith(_MAGIC):
        raise DamagedObjectError("malformed")
    try:
        size = zstd.get_frame_info(packed).decompressed_size
    except zstd.ZstdError as error:
        raise DamagedObjectError("malformed") from error
    if size is None:
        raise DamagedObjectError("malformed")
    if size > limit:
        raise DamagedObjectError("too-large")
    return _unpack(packed, size)


def _unpack(packed: bytes, size: int) -> bytes:
    unpacker = zstd.ZstdDecompressor()
    try:
        # One byte more than stated, so that a frame that holds more than it states is seen without unpacking it all.
        content = unpacker.decompress(packed, max_length=size + 1)
    except zstd.ZstdError as error:
        raise DamagedObjectError("malformed") from error
    if not unpacker.eof or unpacker.unused_data or len(content) != size:
        raise DamagedObjectError("malformed")
    return content
