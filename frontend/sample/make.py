"""Makes the two sample exports: `python frontend/sample/make.py` (needs numpy, Pillow, espeak-ng, opus-tools).

The chats are written by hand in `chat.de.txt` and `chat.en.txt`; this turns them into what WhatsApp's two apps export:
German from Android, English from an iPhone.
"""

from __future__ import annotations

import random
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pictures

HERE = Path(__file__).parent
LRM = "\u200e"


@dataclass(frozen=True)
class Line:
    time: datetime
    sender: str | None  # None: the app's own words
    kind: str  # text, system, deleted, photo, voice, pdf, contact
    text: str
    scene: str = ""


@dataclass(frozen=True)
class Sample:
    source: str
    zip_name: str
    group: str
    people: dict[str, str]
    voice: str
    spoken: str
    document: str
    pages: str
    rows: tuple[str, ...]


GERMAN = Sample(
    source="chat.de.txt",
    zip_name="wandergruppe.zip",
    group="Wandergruppe",
    people={"A": "Anna Beispiel", "B": "Ben Muster", "C": "Carla Probe", "J": "Jonas Vorlage"},
    voice="de",
    spoken="Ben. Hier spricht Jonas. Wenn du den Brunnen siehst, dann rechts. Wenn du den Stier siehst: wieder links.",
    document="Packliste Fassung 3.pdf",
    pages="1 Seite",
    rows=("Packliste, Fassung 3", "1  Schlafsack  780 g", "2  Loeffel (1, ohne Gabel)  18 g", "14  Regenjacke  310 g",
          "15  Regenjacke Ben  offen", "22  Leckerli fuer Kruemel  120 g", "31  Ohrstoepsel (siehe Jonas)  4 g"),
)  # fmt: skip
ENGLISH = Sample(
    source="chat.en.txt",
    zip_name="hiking-group.zip",
    group="Hiking group",
    people={"A": "Anna Example", "B": "Ben Pattern", "C": "Carla Sample", "J": "Jonas Draft"},
    voice="en-gb",
    spoken="Ben. This is Jonas. When you see the well, turn right. When you see the bull: left again.",
    document="Packing list version 3.pdf",
    pages="1 page",
    rows=("Packing list, version 3", "1  Sleeping bag  780 g", "2  Spoon (1, no fork)  18 g", "14  Rain jacket  310 g",
          "15  Rain jacket Ben  missing", "22  Treats for Crumb  120 g", "31  Ear plugs (see Jonas)  4 g"),
)  # fmt: skip


def read(sample: Sample) -> Iterator[Line]:
    """The hand-written chat, line by line; seconds are made up, always the same ones."""
    seconds = random.Random(7)  # noqa: S311
    day, last = "", datetime.min  # noqa: DTZ901
    for raw in (HERE / sample.source).read_text().splitlines():
        if raw.startswith("@"):
            day = raw[1:]
            continue
        clock, who, text = raw.split(" ", 2)
        time = datetime.fromisoformat(f"{day}T{clock}:00") + timedelta(seconds=seconds.randrange(20))
        last = time = max(time, last + timedelta(seconds=7)) if time.strftime("%H%M") == last.strftime("%H%M") else time
        if who == "*":
            deleted = re.fullmatch(r"(.*)~(\w)", text)
            if deleted:
                yield Line(time, sample.people[deleted[2]], "deleted", deleted[1])
            else:
                yield Line(time, None, "system", text)
        elif mark := re.match(r"\[(photo (?P<scene>\w+)|voice|pdf|contact)\] ?(?P<caption>.*)", text):
            yield Line(time, sample.people[who], mark[1].split()[0], mark["caption"], mark["scene"] or "")
        else:
            yield Line(time, sample.people[who], "text", text)


def media_bytes(sample: Sample, line: Line) -> bytes:
    makers = {
        "photo": lambda: pictures.jpeg(line.scene),
        "voice": lambda: voice(sample),
        "pdf": lambda: pdf(sample.rows),
        "contact": contact,
    }
    return makers[line.kind]()


def android(sample: Sample) -> tuple[str, dict[str, bytes], str]:
    """As Android's app writes it in German: minutes only, line feeds, the attachment's name first."""
    lines, files = [], {}
    for number, line in enumerate(read(sample)):
        head = f"{line.time:%d.%m.%y, %H:%M} - "
        if line.kind == "system":
            lines.append(head + line.text)
        elif line.kind in ("text", "deleted"):
            lines.append(f"{head}{line.sender}: {line.text}")
        else:
            name = {
                "photo": f"IMG-{line.time:%Y%m%d}-WA{number:04}.jpg",
                "voice": f"PTT-{line.time:%Y%m%d}-WA{number:04}.opus",
                "pdf": sample.document,
                "contact": "Alois Hütte.vcf",
            }[line.kind]
            files[name] = media_bytes(sample, line)
            caption = f"\n{line.text}" if line.text else ""
            lines.append(f"{head}{line.sender}: {LRM}{name} (Datei angehängt){caption}")
    return f"WhatsApp-Chat mit {sample.group}.txt", files, "".join(line + "\n" for line in lines)


def iphone(sample: Sample) -> tuple[str, dict[str, bytes], str]:
    """As the iPhone's app writes it in English: brackets, seconds, invisible marks, carriage returns."""
    lines, files = [], {}
    for number, line in enumerate(read(sample), start=1):
        head = f"[{line.time:%d/%m/%Y, %H:%M:%S}] "
        if line.kind == "system":
            lines.append(f"{head}{sample.group}: {LRM}{line.text}")
        elif line.kind == "deleted":
            lines.append(f"{LRM}{head}{line.sender}: {LRM}{line.text}")
        elif line.kind == "text":
            lines.append(f"{head}{line.sender}: {line.text}")
        else:
            stamp = f"{line.time:%Y-%m-%d-%H-%M-%S}"
            name, words = {
                "photo": (f"{number:08}-PHOTO-{stamp}.jpg", line.text),
                "voice": (f"{number:08}-AUDIO-{stamp}.opus", ""),
                "pdf": (f"{number:08}-{sample.document}", f"{sample.document} • {LRM}{sample.pages}"),
                "contact": (f"{number:08}-Alois Hut.vcf", ""),
            }[line.kind]
            files[name] = media_bytes(sample, line)
            lines.append(f"{LRM}{head}{line.sender}: {words + ' ' if words else ''}{LRM}<attached: {name}>")
    return "_chat.txt", files, "".join(line + "\r\n" for line in lines)


def voice(sample: Sample) -> bytes:
    """A machine that reads, a little too slowly; that is the joke."""
    spoken = subprocess.run(  # noqa: S603
        ["espeak-ng", "-v", sample.voice, "-s", "128", "-p", "34", "--stdout", sample.spoken],  # noqa: S607
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    return subprocess.run(
        ["opusenc", "--quiet", "--bitrate", "18", "--serial", "7", "--discard-comments", "-", "-"],  # noqa: S607
        input=spoken, capture_output=True, check=True,
    ).stdout  # fmt: skip


def pdf(rows: tuple[str, ...]) -> bytes:
    """One page of lines: the smallest file that every reader opens."""
    words = b"BT /F1 20 Tf 60 760 Td " + b" 0 -34 Td /F1 14 Tf ".join(
        b"(" + row.replace("(", r"\(").replace(")", r"\)").encode("latin-1") + b") Tj" for row in rows
    ) + b" ET"  # fmt: skip
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


def contact() -> bytes:
    card = ("BEGIN:VCARD", "VERSION:3.0", "N:;Alois;;;", "FN:Alois Hütte", "TEL;type=CELL:+49 176 04069012",
            "NOTE:Wennst kimmst\\, kimmst.", "END:VCARD")  # fmt: skip
    return "".join(line + "\r\n" for line in card).encode()


def write(sample: Sample, parts: tuple[str, dict[str, bytes], str]) -> None:
    text_name, files, text = parts
    entries = {text_name: text.encode(), **files}
    with zipfile.ZipFile(HERE / sample.zip_name, "w") as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, (2026, 10, 3, 10, 45, 0))
            entry.compress_type = (
                zipfile.ZIP_DEFLATED if name.endswith((".txt", ".pdf", ".vcf")) else zipfile.ZIP_STORED
            )
            archive.writestr(entry, content, compresslevel=9)


if __name__ == "__main__":
    write(GERMAN, android(GERMAN))
    write(ENGLISH, iphone(ENGLISH))
    (HERE / "../src/ui/pictures/hut.jpg").write_bytes(pictures.jpeg("hut", quality=74, width=520))
