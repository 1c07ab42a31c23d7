"""Cutting files into chunks (format.md §4).

Text is cut where a keyed function of one whole line says so: no window rolls over the bytes, so the sizes of
chunks tell nothing about what lies within, and the same lines are cut alike in the next export.
"""

import codecs
from typing import Final, Literal, Protocol, get_args

from backupweb_client.format.limits import FIXED_CHUNK, SQLITE_CHUNK, TEXT_HEAD, TEXT_SMALLEST, TEXT_STEP
from backupweb_client.primitives import blake2s

Cut = Literal["text", "sqlite", "fixed"]
CUTS: Final[tuple[Cut, ...]] = get_args(Cut)
_SQLITE_MAGIC: Final = b"SQLite format 3\0"


class Cutter(Protocol):
    """Takes a file in pieces of any size and gives chunks; where it cuts does not depend on the pieces."""

    def push(self, piece: bytes) -> list[bytes]: ...

    def end(self) -> list[bytes]: ...


def choose_cut(head: bytes) -> Cut:
    """The cut for a file that begins with `head`: its first 8,192 bytes, or all of it if shorter."""
    head = head[:TEXT_HEAD]
    if head.startswith(_SQLITE_MAGIC):
        return "sqlite"
    return "text" if head and _is_text(head) else "fixed"


def create_cutter(cut: Cut, cut_key: bytes) -> Cutter:
    match cut:
        case "text":
            return LineCutter(cut_key)
        case "sqlite":
            return EveryCutter(SQLITE_CHUNK)
        case "fixed":
            return EveryCutter(FIXED_CHUNK)


def _is_text(head: bytes) -> bool:
    if 0 in head:
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head, final=len(head) < TEXT_HEAD)
    except UnicodeDecodeError:
        return False
    # Python waits for the end of a surrogate's three bytes before it refuses them; they begin no character.
    cut_off, _ = decoder.getstate()
    return not (len(cut_off) > 1 and cut_off[0] == 0xED and cut_off[1] >= 0xA0)


class EveryCutter:
    """Cuts every `size` bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pending = bytearray()

    def push(self, piece: bytes) -> list[bytes]:
        self._pending += piece
        full = len(self._pending) // self._size * self._size
        chunks = [bytes(self._pending[at : at + self._size]) for at in range(0, full, self._size)]
        del self._pending[:full]
        return chunks

    def end(self) -> list[bytes]:
        rest = bytes(self._pending)
        self._pending.clear()
        return [rest] if rest else []


class LineCutter:
    """Keyed line cuts."""

    def __init__(self, cut_key: bytes) -> None:
        self._key = cut_key
        self._chunk = bytearray()
        self._line = bytearray()
        # The line in hand is longer than a chunk may be: its front has been cut off, and no function is asked for it.
        self._overlong = False

    def push(self, piece: bytes) -> list[bytes]:
        chunks: list[bytes] = []
        for part in piece.splitlines(keepends=True) if _only_lf(piece) else _lines(piece):
            self._line += part
            self._shorten(chunks)
            if part.endswith(b"\n"):
                self._end_line(chunks)
        return chunks

    def end(self) -> list[bytes]:
        chunks: list[bytes] = []
        if self._line:
            self._end_line(chunks)
        self._flush(chunks)
        return chunks

    def _shorten(self, chunks: list[bytes]) -> None:
        """Rule 2: cuts an overlong line every 262,112 bytes, and keeps 1 to 262,112 of them."""
        if len(self._line) <= FIXED_CHUNK:
            return
        if not self._overlong:
            self._overlong = True
            self._flush(chunks)  # rule 1
        while len(self._line) > FIXED_CHUNK:
            chunks.append(bytes(self._line[:FIXED_CHUNK]))
            del self._line[:FIXED_CHUNK]

    def _end_line(self, chunks: list[bytes]) -> None:
        line = bytes(self._line)
        self._line.clear()
        if self._overlong:
            self._overlong = False
            self._chunk += line
            return
        if self._chunk and len(self._chunk) + len(line) > FIXED_CHUNK:
            self._flush(chunks)
        self._chunk += line
        if len(self._chunk) >= TEXT_SMALLEST and self._ends_chunk(line):
            self._flush(chunks)

    def _ends_chunk(self, line: bytes) -> bool:
        value = int.from_bytes(blake2s(self._key, line)[:4], "big")
        return value * TEXT_STEP < len(line) << 32

    def _flush(self, chunks: list[bytes]) -> None:
        if self._chunk:
            chunks.append(bytes(self._chunk))
            self._chunk.clear()


def _only_lf(piece: bytes) -> bool:
    """`bytes.splitlines` also breaks at carriage returns; a file without them takes its faster way."""
    return b"\r" not in piece


def _lines(piece: bytes) -> list[bytes]:
    parts = piece.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
