"""What reading a database of WhatsApp costs in headless Chromium, by SQLite and by Python: one JSON line.

The same messages as Android's `msgstore.db`, which SQLite's WebAssembly reads, and as `ChatStorage.sqlite` of iOS, for
which Python is loaded. Each is read in the worker of the site that does it, started by a page of the site, under its
policy.

    python -m bench.deep_import [--messages 50000] [--rounds 3]

`download_bytes` are the files that the worker asks for, as `make build` compresses them; `start_first` is the first
start of a new profile, `start` the median of those after it; `read` from handing the file over to having the chats on
the page; `memory_bytes` is what the renderers grow by until then, `left_bytes` what is still there after the worker has
ended.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]

from bench.chromium import Page
from bench.site import ROOT, Site

_DIST = ROOT / "frontend" / "dist"
_VECTORS = ROOT / "tests" / "vectors" / "databases"
_WORDS = ["morning", "today", "cake", "maybe", "garden", "later", "lovely", "train", "waiting", "greetings"]
_START = 1_600_000_000
_APPLE = 978_307_200

#: Comlink's messages, said by hand; the page has the files in an input of its own.
_ASK = """
(async () => {
    const worker = new Worker('/static/%s', { type: 'module' })
    let number = 0
    const ask = (name, ...values) => new Promise((resolve, reject) => {
        const id = String(++number)
        worker.addEventListener('message', ({ data }) => {
            if (data.id !== id) return
            if (data.type === 'RAW') resolve(data.value)
            else reject(new Error('the worker refused'))
        })
        worker.addEventListener('error', () => reject(new Error('no worker')))
        const argumentList = values.map((value) => ({ type: 'RAW', value }))
        worker.postMessage({ id, type: 'APPLY', path: [name], argumentList })
    })
    const begun = performance.now()
    await ask('start')
    const started = performance.now()
    const [content] = document.querySelector('#bench-file').files
    const found = await ask('read', [{ name: content.name, content, log: null }], [content.name])
    const read = performance.now()
    window.benchWorker = worker
    const records = (found.parts ?? []).reduce((sum, part) => sum + part.records.length, 0)
    return { start: (started - begun) / 1000, read: (read - started) / 1000, records }
})()
"""
_INPUT = "document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'bench-file' }))"


def _said(number: int) -> str:
    return " ".join(_WORDS[(number * 7 + at * 3) % 10] for at in range(4 + number % 9))


def _made(folder: Path, name: str, schema: str, statement: str, rows: Iterable[tuple[Any, ...]]) -> Path:
    """A database of the tests' schema, with these rows in place of theirs."""
    path = folder / name
    database = sqlite3.connect(path)
    database.executescript((_VECTORS / f"{schema}.sql").read_text())
    tables = [str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in set(tables) - {"jid", "chat", "ZWACHATSESSION", "sqlite_sequence"}:
        database.execute(f"DELETE FROM {table}")
    database.executemany(statement, rows)
    database.commit()
    database.execute("VACUUM")
    database.close()
    return path


def make_android(folder: Path, messages: int) -> Path:
    """One chat of two in `msgstore.db`."""
    return _made(
        folder,
        "msgstore.db",
        "msgstore",
        "INSERT INTO message (chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp, message_type,"
        " text_data, sort_id) VALUES (1, ?, ?, 0, 0, ?, 0, ?, ?)",
        ((n % 2, f"A{n:019X}", (_START + n * 60) * 1000, _said(n), n) for n in range(messages)),
    )


def make_ios(folder: Path, messages: int) -> Path:
    """The same chat in `ChatStorage.sqlite`."""
    return _made(
        folder,
        "ChatStorage.sqlite",
        "ChatStorage",
        "INSERT INTO ZWAMESSAGE (ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZSTANZAID, ZMESSAGEDATE, ZTEXT)"
        " VALUES (1, ?, 0, ?, ?, ?)",
        ((n % 2, f"A{n:019X}", _START - _APPLE + n * 60, _said(n)) for n in range(messages)),
    )


def built(pattern: str) -> list[Path]:
    """Files of the build; at least one."""
    found = sorted(_DIST.glob(pattern))
    if not found:
        raise RuntimeError(f"{pattern} is not built")
    return found


def carried(files: Iterable[Path]) -> int:
    """What goes over the line: brotli where it helps, as WhiteNoise does it, else the file as it is."""
    total = 0
    for file in files:
        content = file.read_bytes()
        # What is compressed already is not tried again.
        sizes = [len(content)] if len(gzip.compress(content, 6)) > 0.95 * len(content) else []
        total += min(sizes or [len(content), len(brotli.compress(content, quality=11))])
    return total


def needed_by(worker: Path, *others: str) -> list[Path]:
    """The worker, the parts that it names, and these."""
    text = worker.read_text(encoding="utf-8")
    parts = [file for file in built("assets/*") if file.name in text and file != worker]
    inner = [
        file
        for file in built("assets/*.wasm")
        for part in parts
        if part.suffix == ".js" and file.name in part.read_text()
    ]
    return [worker, *dict.fromkeys([*parts, *inner]), *(file for pattern in others for file in built(pattern))]


def measure(site: Site, worker: Path, database: Path, messages: int, rounds: int) -> dict[str, Any]:
    """A new profile, and in it one worker after another."""
    address = str(worker.relative_to(_DIST))
    with Page(site.url + "/try/") as page:
        page.evaluate(_INPUT)
        page.give_files("document.querySelector('#bench-file')", database)
        time.sleep(2)
        before = page.memory_bytes()
        took, grown, left = [], 0, 0
        for _ in range(rounds + 1):
            took.append(page.evaluate(_ASK % address))
            grown = max(grown, page.memory_bytes() - before)
            page.evaluate("benchWorker.terminate()")
            time.sleep(3)
            left = page.memory_bytes() - before
    if any(round_["records"] != messages for round_ in took):
        raise RuntimeError("not everything was read")
    later = took[1:] or took
    return {
        "start_first": round(took[0]["start"], 2),
        "start": round(statistics.median(each["start"] for each in later), 2),
        "read": round(statistics.median(each["read"] for each in later), 2),
        "memory_bytes": grown,
        "left_bytes": left,
        "database_bytes": database.stat().st_size,
    }


def main() -> None:
    """Prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    (sqlite,) = built("assets/database.worker-*.js")
    (python,) = built("assets/deep-import.worker-*.js")
    wheels = [f"wheels/*/{name}-*.whl" for name in ("deep_import", "whatsapp_chat_exporter", "markupsafe", "tqdm")]
    runtime = [
        f"pyodide/*/{name}" for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
    ]
    told: dict[str, Any] = {"load": round(os.getloadavg()[0], 1), "messages": options.messages}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        site = Site(folder / "site").start()
        try:
            for name, worker, database, files in (
                ("sqlite", sqlite, make_android(folder, options.messages), needed_by(sqlite)),
                ("python", python, make_ios(folder, options.messages), needed_by(python, *runtime, *wheels)),
            ):
                told[name] = measure(site, worker, database, options.messages, options.rounds)
                told[name]["download_bytes"] = carried(files)
        finally:
            site.kill()
    told["read_ratio_to_sqlite"] = round(told["python"]["read"] / told["sqlite"]["read"], 1)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
