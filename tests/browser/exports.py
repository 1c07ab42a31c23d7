"""Hand-written exports for the journeys: small, with pictures that really show and a voice note that really plays."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

LRM = "\u200e"

ANDROID_GERMAN = f"""\
19.09.26, 09:49 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Nur Personen in diesem Chat können sie \
lesen, anhören oder teilen. Mehr\u00a0erfahren
19.09.26, 09:52 - Anna Beispiel: Guten Morgen ☀️
19.09.26, 09:52 - Ben Muster: Morgen! Alles gepackt?
Ich bring Kaffee mit
- zweite Zeile: mit Doppelpunkt
19.09.26, 09:53 - Anna Beispiel: {LRM}IMG-20260919-WA0001.png (Datei angehängt)
Am Gipfel
19.09.26, 09:54 - Ben Muster: <Medien ausgeschlossen>
19.09.26, 09:55 - Anna Beispiel: Diese Nachricht wurde gelöscht.
19.09.26, 09:56 - Ben Muster: {LRM}PTT-20260919-WA0002.wav (Datei angehängt)
20.09.26, 18:03 - Anna Beispiel: Schön war's! 😊
20.09.26, 18:04 - Ben Muster: {LRM}Tourenplan.pdf (Datei angehängt)
"""

#: What the text holds: messages with media and placeholders, without the notice at the top.
ANDROID_GERMAN_MESSAGES = 9


def picture(width: int = 640, height: int = 420) -> bytes:
    """A PNG of hills at dawn."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            hill = height * 0.62 + 40 * ((x * 7 // width) % 2) + (x * x // 900) % 37
            if y > hill:
                rows += bytes((40 + y // 6, 90 + y // 8, 70))
            else:
                rows += bytes((250 - y // 4, 200 - y // 5, 170 + y // 8))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(bytes(rows), 6)) + part(b"IEND", b"")
    )


def voice_note(seconds: float = 1.5, rate: int = 8000) -> bytes:
    """A WAV of a rising tone."""
    samples = bytearray()
    phase = 0.0
    for n in range(int(seconds * rate)):
        phase += (220 + 220 * n / (seconds * rate)) / rate
        samples += struct.pack("<h", int(12000 * (2 * abs(2 * (phase % 1) - 1) - 1)))
    return b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16
    ) + b"data" + struct.pack("<I", len(samples)) + bytes(samples)  # fmt: skip


def android_german(folder: Path) -> Path:
    """`WhatsApp-Chat mit Ben Muster.zip`: text, picture, voice note, document, a file nobody names."""
    path = folder / "WhatsApp-Chat mit Ben Muster.zip"
    entries = {
        "WhatsApp-Chat mit Ben Muster.txt": ANDROID_GERMAN.encode(),
        "IMG-20260919-WA0001.png": picture(),
        "PTT-20260919-WA0002.wav": voice_note(),
        "Tourenplan.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        "niemand-nennt-mich.bin": bytes(range(256)) * 40,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in entries.items():
            info = zipfile.ZipInfo(name, (2026, 9, 20, 18, 5, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
            archive.writestr(info, body)
    return path


def entries(path: Path) -> dict[str, bytes]:
    """Every entry of a zip and its bytes."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}
