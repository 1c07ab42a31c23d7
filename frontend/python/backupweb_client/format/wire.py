"""Reading and writing bytes: big-endian numbers, varints in their shortest form, base64url without padding."""

import base64
import binascii
import re

from backupweb_client.format.errors import DamagedObjectError

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_VARINT_BYTES = 5


def u8(number: int) -> bytes:
    return number.to_bytes(1, "big")


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "big")


def varint(number: int) -> bytes:
    """Unsigned LEB128 of a number below 2³², in its shortest form: one to five bytes."""
    if not 0 <= number < 2**32:
        raise ValueError("a varint is at least 0 and below 2**32")
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def to_base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of base64url (RFC 4648 §5) without padding; any other spelling of the same bytes is refused."""
    if not _BASE64URL.fullmatch(text):
        raise DamagedObjectError("malformed")
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise DamagedObjectError("malformed") from error
    if to_base64url(content) != text:
        raise DamagedObjectError("malformed")
    return content


class ByteReader:
    """Reads from the front to the back; reading beyond the end is `malformed`."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._content):
            raise DamagedObjectError("malformed")
        taken = self._content[self._at : end]
        self._at = end
        return taken

    def u8(self) -> int:
        return self.take(1)[0]

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def varint(self) -> int:
        number = 0
        for index in range(_VARINT_BYTES):
            byte = self.u8()
            number |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                if (byte == 0 and index > 0) or number >= 2**32:
                    break  # a longer spelling than needed, or too large
                return number
        raise DamagedObjectError("malformed")

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._content):
            raise DamagedObjectError("malformed")
