"""The parts of sealing and reading in workers of a real browser, each beside its peers in the same run.

The page is built from `page.ts` and `worker.ts`, served on this machine, and asked for every part in turn.
"""

from __future__ import annotations

import functools
import json
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.chromium import Page
from bench.server.processes import cpu_seconds
from bench.site import ROOT

HERE = Path(__file__).parent
# Two workers each, as a crew on two processors; reading is one worker's work.
SEALING = ("seal", "seal-and-hash", "webcrypto", "secretstream", "age")
READING = ("unzip", "fflate")
_MEGABYTES = 512


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextmanager
def served(page: Path) -> Iterator[str]:
    """The address of the page in this folder, built and served."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npx", "vite", "build", "--config", str(page / "vite.config.ts"), "--logLevel", "error"]
        subprocess.run([*command, "--outDir", folder], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            # `localhost`, because WebCrypto needs a secure context.
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()


def measure(export: Path, *, rounds: int) -> dict[str, Any]:
    """Medians; a ratio is one of neighbours in the same round."""
    rates: dict[str, list[float]] = {name: [] for name in SEALING + READING}
    spent = dict.fromkeys(rates, 0.0)
    moved = dict.fromkeys(rates, 0)
    with served(HERE) as address, Page(address) as page:
        page.give_files("document.querySelector('#file')", export)
        page.wait_for("typeof prepare === 'function'")
        for _ in range(rounds):
            for name, found in rates.items():
                workers = 2 if name in SEALING else 1
                asked = f"{json.dumps(name)}, {workers}, {_MEGABYTES * 1_000_000}"
                page.evaluate(f"prepare({asked}).then((timed) => {{ globalThis.timed = timed }})")
                before = cpu_seconds([page.process.pid])
                timed = page.evaluate("timed()")
                spent[name] += cpu_seconds([page.process.pid]) - before
                moved[name] += timed["bytes"]
                found.append(timed["bytes"] / timed["seconds"] / 1e6)

    def ratio(mine: str, peer: str) -> float:
        return round(statistics.median(a / b for a, b in zip(rates[mine], rates[peer], strict=True)), 3)

    return {
        "parts_mb_per_s": {name: round(statistics.median(rates[name])) for name in rates},
        "parts_cpu_seconds_per_gb": {name: round(spent[name] / moved[name] * 1e9, 2) for name in rates},
        "ratio_to_webcrypto": ratio("seal", "webcrypto"),
        "ratio_to_secretstream": ratio("seal", "secretstream"),
        "ratio_to_age": ratio("seal", "age"),
        "ratio_to_fflate": ratio("unzip", "fflate"),
    }
