"""Reading a chat: parsing beside two peers, merging, searching, and the way to the first message: one JSON line.

All of one size works on the same text, and the peers run in the same round: `whatsapp-chat-parser` in the same browser,
in a worker of its own like ours; `whatstk` in CPython, in an environment that is made for it and thrown away (its GPL
keeps it out of everything else here). Ratios are ours to theirs in one round, their median is told; below 1 is faster.

    python -m bench.reader [--sizes 150000,500000] [--rounds 3] [--only parts,site]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from bench.chromium import Page
from bench.exports import Chat, files
from bench.parts import served
from bench.person import add_export, first_unlock, prepare, sign_in, sign_up
from bench.site import ROOT, Site

WHATSTK = "whatstk==0.9.1"
_PEER = """
import sys, time
from whatstk import WhatsAppChat
begun = time.perf_counter()
chat = WhatsAppChat.from_source(sys.argv[1], hformat="[%d/%m/%Y, %H:%M:%S] %name:")
print(time.perf_counter() - begun, len(chat.df))
"""

#: From a click on the chat to its newest message, to all of it, and how smoothly it then scrolls.
_OPEN = """
(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const until = async (condition) => {
        for (;;) {
            const found = condition()
            if (found) return found
            await frame()
        }
    }
    const begun = performance.now()
    ;(await until(() => find('.chat-row'))).click()
    await until(() => find('.row[data-here]'))
    const first = (performance.now() - begun) / 1000
    await until(() => find('.row[aria-setsize]')?.getAttribute('aria-setsize') > 1)
    const whole = (performance.now() - begun) / 1000
    const list = find('.scroll')
    const frames = []
    let nodes = 0
    let last = performance.now()
    for (let step = 0; step < 240; step++) {
        list.scrollTop -= step < 120 ? 180 : 4000
        await frame()
        const now = performance.now()
        frames.push(now - last)
        last = now
        nodes = Math.max(nodes, find('.all').childElementCount)
    }
    frames.sort((one, other) => one - other)
    return { first, whole, frame: frames[120], slow: frames[228], rows: nodes }
})()
"""


def make_text(messages: int, folder: Path) -> Path:
    """The text of an iOS export of so many messages."""
    chat = Chat(messages=messages, counts=((1, 1), (1, 1), (1, 1)))
    name, body, _ = next(iter(files(chat, "a")))
    path = folder / f"{messages}" / name
    path.parent.mkdir()
    path.write_bytes(body())
    return path


class Whatstk:
    """The peer in CPython, in an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "whatstk" / "bin" / "python"
        uv = ROOT / ".venv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", folder / "whatstk"], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", self.python, WHATSTK], check=True)

    def seconds(self, text: Path) -> float:
        """Of parsing alone; starting Python and its imports are not counted."""
        told = subprocess.run([self.python, "-c", _PEER, text], check=True, capture_output=True, text=True)
        return float(told.stdout.split()[0])


def parts(text: Path, peer: Whatstk, rounds: int) -> dict[str, Any]:
    """Milliseconds, medians; each part in a worker that is new."""
    taken: dict[str, list[float]] = {}
    keys: list[float] = []
    with served(Path(__file__).parent / "reading") as address, Page(address) as page:
        page.give_files("document.querySelector('#file')", text)
        page.wait_for("typeof part === 'function'")
        for _ in range(rounds):
            for name in ("parse", "whatsapp-chat-parser", "merge", "search"):
                found = page.evaluate(f"part({json.dumps(name)})")
                taken.setdefault(name, []).append(found["milliseconds"])
                if name == "search":
                    keys.append(found["slowestKey"])
            taken.setdefault("whatstk", []).append(peer.seconds(text) * 1000)

    def ratio(name: str) -> float:
        return round(statistics.median(a / b for a, b in zip(taken["parse"], taken[name], strict=True)), 3)

    return {
        "ms": {name: round(statistics.median(times)) for name, times in taken.items()},
        "slowest_key_ms": round(max(keys), 1),
        "ratio_to_whatsapp_chat_parser": ratio("whatsapp-chat-parser"),
        "ratio_to_whatstk": ratio("whatstk"),
    }


def site(text: Path, folder: Path) -> dict[str, Any]:
    """The chat on a device that sees it for the first time, and its memory when all of it is open."""
    export = folder / f"WhatsApp Chat - {text.parent.name}.zip"
    with zipfile.ZipFile(export, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, text.name)
    running = Site(folder / f"site-{text.parent.name}").start()
    try:
        with Page(running.url) as page:
            sign_up(page, running)
            code = first_unlock(page)
            add_export(page, export)
        with Page(running.url) as page:
            sign_in(page, running)
            prepare(page)
            page.wait_for("find('button', 'Open') !== null")
            page.evaluate(
                "(field => { field.value = " + json.dumps(code) + ";"
                " field.dispatchEvent(new Event('input', { bubbles: true })); find('button', 'Open').click() })"
                "(find('input, textarea'))"
            )
            page.wait_for("find('.chat-row') !== null")
            before = page.memory_bytes()
            found = page.evaluate(_OPEN)
            time.sleep(2)
            memory = page.memory_bytes() - before
    finally:
        running.kill()
    return {
        "first_message_s": round(found["first"], 2),
        "whole_chat_s": round(found["whole"], 2),
        "frame_ms": round(found["frame"], 1),
        "frame_95_ms": round(found["slow"], 1),
        "rows": found["rows"],
        "memory_mb": round(memory / 1e6),
    }


def main() -> None:
    """Prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="150000,500000", help="messages, with commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="parts,site", help="some of: parts,site")
    options = parser.parse_args()
    wanted = options.only.split(",")
    told: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        peer = Whatstk(folder) if "parts" in wanted else None
        for size in map(int, options.sizes.split(",")):
            text = make_text(size, folder)
            found = {} if peer is None else parts(text, peer, options.rounds)
            told[f"{size}"] = found | (site(text, folder) if "site" in wanted else {})
    print(json.dumps(told))


if __name__ == "__main__":
    main()
