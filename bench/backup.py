"""First and second backup of a generated export in headless Chromium against a local server: one JSON line.

The page is driven like a person drives it, over a bare DevTools connection. `ratio_to_webcrypto` sets the first
backup's bytes a second against AES-256-GCM of the same browser in the same run: 256 KiB messages, one after another,
which is one core.

    python -m bench.backup [--scale 1.0] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.chromium import Page
from bench.exports import Chat, write_zip
from bench.person import add_export, first_unlock, sign_up
from bench.site import Site

RAW_AES = """
(async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"])
    const message = new Uint8Array(262144)
    const run = async (count) => {
        for (let n = 0; n < count; n++)
            await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12).fill(n) }, key, message)
    }
    await run(64)
    const begun = performance.now()
    await run(1024)
    return (1024 * message.length) / (performance.now() - begun) / 1000
})()
"""


@dataclass(frozen=True)
class Figure:
    """One backup: size of the export (bytes), time until *Done* (seconds), bytes the store grew by."""

    bytes: int
    seconds: float
    stored: int

    @property
    def rate(self) -> float:
        """MB of export a second."""
        return self.bytes / self.seconds / 1e6


def measure(page: Page, site: Site, export: Path) -> Figure:
    """Adds one export and waits for *Done*."""
    before = sum(path.stat().st_size for path in site.stored_objects())
    begun = time.monotonic()
    add_export(page, export)
    seconds = time.monotonic() - begun
    after = sum(path.stat().st_size for path in site.stored_objects())
    return Figure(export.stat().st_size, seconds, after - before)


def main() -> None:
    """Makes the exports, runs both backups, prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count of the export")
    parser.add_argument("--keep", type=Path, help="a folder for the exports, used again by the next run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        chat = Chat().scaled(options.scale)
        first, second = (folder / f"export-{variant}-{options.scale:g}.zip" for variant in "ab")
        for path, variant in ((first, "a"), (second, "b")):
            if not path.exists():
                write_zip(chat, variant, path)  # type: ignore[arg-type]
        site = Site(Path(scratch) / "site", BACKUPWEB_DEFAULT_QUOTA="20GB").start()
        try:
            with Page(site.url) as page:
                sign_up(page, site)
                first_unlock(page)
                raw = float(page.evaluate(RAW_AES))
                a, b = measure(page, site, first), measure(page, site, second)
        finally:
            site.kill()
    print(
        json.dumps(
            {
                "bytes": a.bytes,
                "seconds": round(a.seconds, 2),
                "mb_per_s": round(a.rate, 1),
                "stored_bytes": a.stored,
                "second_bytes": b.bytes,
                "second_seconds": round(b.seconds, 2),
                "second_mb_per_s": round(b.rate, 1),
                "second_stored_bytes": b.stored,
                "webcrypto_mb_per_s": round(raw, 1),
                "ratio_to_webcrypto": round(a.rate / raw, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
