"""A chat of two years, in two exports that overlap: the later one begins in the middle of the earlier one."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.browser.exports import LRM, picture, voice_note

NAME = "Bergfreunde"
PEOPLE = ("Anna Beispiel", "Ben Muster", "Cleo Probe")
WORDS = (
    *("wir", "gehen", "morgen", "früh", "los", "und", "nehmen", "die", "Seilbahn", "Kaffee", "Hütte", "Gipfel"),
    *("Regen", "Sonne", "Grüße", "schön", "leider", "Zug", "danke", "super"),
)
ALL = 3000
NEEDLE = "Murmeltier im Schneegestöber"
NEEDLE_AT = 1234


@dataclass(frozen=True)
class Line:
    text: str
    file: str | None


def lines() -> list[Line]:
    """Every message of the chat; the same each time."""
    chance = random.Random(7)
    now = datetime(2024, 9, 1, 8, 0)  # noqa: DTZ001 - a wall clock
    made = []
    for number in range(ALL):
        now += timedelta(minutes=chance.choice((0, 1, 2, 7, 40, 900)))
        who = PEOPLE[chance.randrange(3)]
        words = " ".join(chance.choices(WORDS, k=chance.randint(1, 14)))
        file = None
        if number == NEEDLE_AT:
            words = NEEDLE
        elif number % 60 == 30:
            file = f"IMG-{now:%Y%m%d}-WA{number:04}.png"
            words = f"{LRM}{file} (Datei angehängt)"
        elif number % 400 == 50:
            file = f"PTT-{now:%Y%m%d}-WA{number:04}.wav"
            words = f"{LRM}{file} (Datei angehängt)"
        made.append(Line(f"{now:%d.%m.%y, %H:%M} - {who}: {words}", file))
    return made


def exports(folder: Path) -> tuple[Path, Path]:
    """The first two thousand messages, and all from the one thousand five hundredth on."""
    all_of_it = lines()
    return (
        _write(folder / f"WhatsApp-Chat mit {NAME}.zip", all_of_it[:2000]),
        _write(folder / f"WhatsApp-Chat mit {NAME} (1).zip", all_of_it[1500:]),
    )


def _write(path: Path, chosen: list[Line]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        text = "\n".join(line.text for line in chosen) + "\n"
        archive.writestr(f"WhatsApp-Chat mit {NAME}.txt", text)
        for name, body in _files(chosen):
            archive.writestr(name, body)
    return path


def _files(chosen: list[Line]) -> Iterator[tuple[str, bytes]]:
    for place, line in enumerate(chosen):
        if line.file is not None:
            width = 200 + int(line.file[-8:-4]) % 97  # every picture another
            yield line.file, picture(width, 140) if line.file.endswith("png") else voice_note(0.5 + place % 3)
