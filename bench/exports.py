"""Makes chat exports that look real and are the same for the same arguments.

A chat is an endless, seeded stream of messages. Export A holds messages `[0, n)`; export B is the same chat a
month on: some dropped at the front, some new at the end, all of A's media and a few more. Media are random bytes
behind a real file header, so no compressor gains on them.

    python -m bench.exports FOLDER                  export-a.zip and export-b.zip, 566 and 586 MB
    python -m bench.exports FOLDER --scale 0.01     small ones
    python -m bench.exports FOLDER --tree           the unpacked files beside them
"""

from __future__ import annotations

import argparse
import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Dialect = Literal["ios-en", "android-de"]
Variant = Literal["a", "b"]

LRM = "\u200e"
BLOCK = 1000  # messages made from one seed
EPOCH = dt.datetime(2021, 3, 1, 7, 0, 0)  # noqa: DTZ001 - exports carry wall-clock times
PEOPLE = ("Anna Beispiel", "Jonas", "Li Wei", "Mama", "Søren", "+49 151 5550123")
SHORT = (
    "ok",
    "haha",
    "😂😂😂",
    "ja!",
    "nein…",
    "❤️",
    "bin unterwegs",
    "danke!",
    "gute Nacht 😴",
    "👍",
    "see you soon",
    "warte, was?",
)
SYLLABLES = (
    "ba",
    "che",
    "da",
    "ein",
    "fo",
    "gen",
    "hau",
    "in",
    "ka",
    "lich",
    "mo",
    "nu",
    "o",
    "per",
    "ru",
    "scha",
    "te",
    "un",
    "ver",
    "zi",
)


@dataclass(frozen=True)
class Kind:
    """A sort of media: how its files are named and begin, and how large they are (bytes)."""

    word: str
    prefix: str
    ending: str
    magic: bytes
    smallest: int
    largest: int


KINDS = (
    Kind(
        "PHOTO", "IMG", "jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00", 60_000, 400_000
    ),
    Kind("VIDEO", "VID", "mp4", b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", 2_000_000, 15_000_000),
    Kind("AUDIO", "PTT", "opus", b"OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00", 10_000, 80_000),
)


@dataclass(frozen=True)
class Chat:
    """How much there is in the chat; counts are (in export A, new in export B), one pair per kind of media."""

    messages: int = 150_000
    counts: tuple[tuple[int, int], ...] = ((3000, 60), (40, 2), (400, 8))
    change: float = 0.02
    media_scale: float = 1.0
    seed: int = 1
    dialect: Dialect = "ios-en"
    renumber: bool = False

    @property
    def shift(self) -> int:
        """Messages that B drops at the front and adds at the end."""
        return max(1, round(self.messages * self.change))

    def scaled(self, scale: float) -> Chat:
        """The same chat with every count multiplied."""
        counts = tuple((max(1, round(old * scale)), max(1, round(new * scale))) for old, new in self.counts)
        return Chat(
            max(1, round(self.messages * scale)),
            counts,
            self.change,
            self.media_scale,
            self.seed,
            self.dialect,
            self.renumber,
        )


@dataclass(frozen=True)
class Medium:
    """One media file: its kind, its number within the kind, the message it hangs on, its size in bytes."""

    kind: int
    index: int
    at: int
    size: int


def _random(*key: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def _media(chat: Chat) -> list[Medium]:
    media = []
    for number, (kind, (old, new)) in enumerate(zip(KINDS, chat.counts, strict=True)):
        for index in range(old + new):
            random = _random(chat.seed, 2, number, index)
            size = int(kind.smallest * (kind.largest / kind.smallest) ** (random.random() ** 2) * chat.media_scale)
            at = (
                int(random.integers(0, chat.messages))
                if index < old
                else chat.messages + int(random.integers(0, chat.shift))
            )
            media.append(Medium(number, index, at, max(size, 64)))
    return sorted(media, key=lambda medium: (medium.at, medium.kind, medium.index))


def _when(message: int) -> dt.datetime:
    """Steady on average, bursty in detail, always rising."""
    return EPOCH + dt.timedelta(seconds=message * 517 + message * 2654435761 % 400)


def _media_name(chat: Chat, medium: Medium, first: int) -> str:
    kind, when = KINDS[medium.kind], _when(medium.at)
    if chat.dialect == "android-de":
        return f"{kind.prefix}-{when:%Y%m%d}-WA{medium.index:04d}.{kind.ending}"
    # A renumbering exporter counts from the first message kept, so that every name in B differs from A.
    number = medium.at - first if chat.renumber else medium.at
    return f"{number + 1:08d}-{kind.word}-{when:%Y-%m-%d-%H-%M-%S}-{medium.index}.{kind.ending}"


def _media_bytes(chat: Chat, medium: Medium) -> bytes:
    magic = KINDS[medium.kind].magic
    return magic + _random(chat.seed, 3, medium.kind, medium.index).bytes(medium.size - len(magic))


def _words(seed: int) -> tuple[list[str], NDArray[np.float64]]:
    random = _random(seed, 1)
    words = [
        "".join(SYLLABLES[i] for i in random.integers(0, len(SYLLABLES), random.integers(1, 5))) for _ in range(7000)
    ]
    weights = 1.0 / (np.arange(len(words)) + 2.7)
    return words, np.cumsum(weights / weights.sum())


def _lines(chat: Chat, first: int, last: int, attached: dict[int, list[str]]) -> Iterator[str]:
    words, chances = _words(chat.seed)
    for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
        random = _random(chat.seed, 4, block)
        who = random.integers(0, len(PEOPLE), BLOCK)
        short = random.random(BLOCK) < 0.16
        pick = random.integers(0, len(SHORT), BLOCK)
        lengths = np.clip(random.lognormal(2.05, 0.75, BLOCK), 1, 90).astype(int)
        chosen = np.searchsorted(chances, random.random(int(lengths.sum())))
        ends = np.cumsum(lengths)
        for j in range(BLOCK):
            message = block * BLOCK + j
            if not first <= message < last:
                continue
            said = SHORT[pick[j]] if short[j] else " ".join(words[i] for i in chosen[ends[j] - lengths[j] : ends[j]])
            yield from _record(chat.dialect, _when(message), PEOPLE[who[j]], said, attached.get(message, []))


def _record(dialect: Dialect, when: dt.datetime, who: str, said: str, names: list[str]) -> Iterator[str]:
    if dialect == "android-de":
        head = f"{when:%d.%m.%y, %H:%M} - {who}: "
        yield from (f"{head}{LRM}{name} (Datei angehängt)\n" for name in names)
        yield f"{head}{said}\n"
    else:
        head = f"[{when:%d/%m/%Y, %H:%M:%S}] {who}: "
        yield from (f"{LRM}{head}{LRM}<attached: {name}>\r\n" for name in names)
        yield f"{head}{said}\r\n"


def files(chat: Chat, variant: Variant) -> Iterator[tuple[str, Callable[[], bytes], bool]]:
    """Every file of the export, the text first: name, a function that gives the bytes, whether it is text."""
    first = 0 if variant == "a" else chat.shift
    last = chat.messages if variant == "a" else chat.messages + chat.shift
    attached: dict[int, list[str]] = {}
    kept = []
    for medium in _media(chat):
        if medium.at < last:
            name = _media_name(chat, medium, first)
            attached.setdefault(medium.at, []).append(name)
            kept.append((name, medium))
    text = "_chat.txt" if chat.dialect == "ios-en" else "WhatsApp-Chat mit Wandergruppe.txt"
    yield text, lambda: "".join(_lines(chat, first, last, attached)).encode(), True
    for name, medium in kept:
        yield name, lambda medium=medium: _media_bytes(chat, medium), False  # type: ignore[misc]


def write_zip(chat: Chat, variant: Variant, path: Path) -> Path:
    """Writes the export as a zip, text deflated and media stored, as phones do."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data, is_text in files(chat, variant):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            archive.writestr(info, data(), compresslevel=6)
    return path


def write_tree(chat: Chat, variant: Variant, folder: Path) -> Path:
    """Writes the export's files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data, _ in files(chat, variant):
        (folder / name).write_bytes(data())
    return folder


def main() -> None:
    """Reads the command line and writes both exports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count")
    parser.add_argument("--dialect", choices=["ios-en", "android-de"], default="ios-en")
    parser.add_argument("--renumber", action="store_true", help="B numbers its media anew, as some exporters do")
    parser.add_argument("--tree", action="store_true", help="the unpacked files too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chat = Chat(dialect=options.dialect, renumber=options.renumber).scaled(options.scale)
    for variant in ("a", "b"):
        print(write_zip(chat, variant, options.folder / f"export-{variant}.zip"))
        if options.tree:
            print(write_tree(chat, variant, options.folder / f"export-{variant}"))


if __name__ == "__main__":
    main()
