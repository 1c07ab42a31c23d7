"""One byte range out of a `Range` header (RFC 9110, section 14): what we serve is asked for in single ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backupweb.backups.errors import BadRange

_SINGLE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class ByteRange:
    """From `start` (included) to `end` (excluded)."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.end - self.start


def read_range(header: str | None, size: int) -> ByteRange | None:
    """The range asked for; None means the whole: no header, several ranges, or a form we do not know.

    Raises BadRange, which carries the true size, when the range begins beyond the end.
    """
    found = _SINGLE.fullmatch(header.strip()) if header else None
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        suffix = min(int(found[2]), size)
        if suffix == 0:
            raise BadRange(size=size)
        return ByteRange(size - suffix, size)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise BadRange(size=size)
    return ByteRange(start, min(int(found[2]) + 1, size) if found[2] else size)
