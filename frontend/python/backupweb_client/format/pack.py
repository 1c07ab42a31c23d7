"""Packs: sealed frames one after another, then random bytes (format.md §6).

full pack   frames ‖ random                        exactly 8,388,608 bytes
last pack   frames ‖ random                        padme(frames), at least 4,096 bytes
"""

from dataclasses import dataclass

from backupweb_client.format.catalog import PackEntry
from backupweb_client.format.frame import FrameEntry, SealedFrame
from backupweb_client.format.limits import ID_BYTES, PACK_BYTES
from backupweb_client.format.padme import padded
from backupweb_client.primitives import Random, sha256


@dataclass(frozen=True)
class FinishedPack:
    entry: PackEntry
    content: bytes


class PackBuilder:
    """One open pack; it holds the frames until it is finished."""

    def __init__(self) -> None:
        self._frames: list[FrameEntry] = []
        self._content = bytearray()

    @property
    def empty(self) -> bool:
        return not self._frames

    def has_room(self, frame: SealedFrame) -> bool:
        return len(self._content) + len(frame.sealed) <= PACK_BYTES

    def add(self, frame: SealedFrame) -> None:
        if not self.has_room(frame):
            raise ValueError("the frame does not fit into this pack")
        self._frames.append(frame.entry)
        self._content += frame.sealed

    def finish(self, random: Random, *, last: bool) -> FinishedPack:
        """The pack with its padding; a last pack is padded by Padmé, any other to the full size."""
        if self.empty:
            raise ValueError("a pack holds at least one frame")
        size = padded(len(self._content)) if last else PACK_BYTES
        content = bytes(self._content) + random(size - len(self._content))
        return FinishedPack(PackEntry(random(ID_BYTES), sha256(content), size, tuple(self._frames)), content)
