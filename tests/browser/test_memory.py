"""Memory stays flat: a 2 GiB export goes through browser and server in pieces, there and back."""

from __future__ import annotations

import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from bench.chromium import Page
from bench.person import add_export, first_unlock, press, sign_up
from bench.site import Site

pytestmark = pytest.mark.one_database

GIB = 1024**3
MIB = 1024**2


def two_gib_export(folder: Path) -> Path:
    """A chat with 128 videos of 16 MiB, no two alike."""
    path = folder / "WhatsApp Chat - Family.zip"
    random = np.random.default_rng(5)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        lines = []
        for n in range(128):
            name = f"{n:08d}-VIDEO-2026-09-19-10-00-00.mp4"
            lines.append(f"\u200e[19/09/2026, 10:00:{n % 60:02d}] Anna: \u200e<attached: {name}>\r\n")
            archive.writestr(name, random.bytes(16 * MIB))
        archive.writestr("_chat.txt", "".join(lines))
    return path


class Peak:
    """The largest of what a measure gives while something else goes on, four times a second."""

    def __init__(self, measure: Callable[[], int]) -> None:
        self._measure = measure
        self._over = threading.Event()
        self.bytes = 0
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            self.bytes = max(self.bytes, self._measure())
            time.sleep(0.25)


def get_back(page: Page) -> None:
    """Gets everything back as one zip, up to the point where the browser would save it."""
    page.forbid_downloads()
    page.evaluate("location.hash = '#/restore'")
    page.wait_for("document.querySelectorAll('input[name=form]').length === 2")
    page.evaluate("document.querySelectorAll('input[name=form]')[1].click()")
    page.wait_for("find('button', 'Prepare a download')?.disabled === false")
    press(page, "Prepare a download")
    page.wait_for("find('h1', 'Everything is back') !== null", 900)


def test_two_gib_stay_under_400_mb_in_the_browser_and_leave_the_server_flat(tmp_path: Path) -> None:
    export = two_gib_export(tmp_path)
    assert export.stat().st_size > 2 * GIB
    site = Site(tmp_path / "site", BACKUPWEB_DEFAULT_QUOTA="10GB").start()
    try:
        with Page(site.url) as page:
            sign_up(page, site)
            first_unlock(page)
            at_rest_browser = page.memory_bytes()
            server = psutil.Process(site.pid)
            at_rest_server = server.memory_info().rss
            with Peak(page.memory_bytes) as browser_peak, Peak(lambda: server.memory_info().rss) as server_peak:
                add_export(page, export)
            with Peak(page.memory_bytes) as back_peak, Peak(lambda: server.memory_info().rss) as server_back_peak:
                get_back(page)
        stored = sum(path.stat().st_size for path in site.stored_objects())
    finally:
        site.kill()
        export.unlink()
    assert stored > 2 * GIB
    # All that the renderer holds beyond an empty page: heap, buffers, WebAssembly, code.
    grown_browser = browser_peak.bytes - at_rest_browser
    grown_back = back_peak.bytes - at_rest_browser
    grown_server = max(server_peak.bytes, server_back_peak.bytes) - at_rest_server
    told = f"browser: {at_rest_browser / 1e6:.0f} + {grown_browser / 1e6:.0f} MB, back + {grown_back / 1e6:.0f} MB"
    print(f"{told}, server: + {grown_server / 1e6:.0f} MB")
    assert grown_browser < 400e6
    assert grown_back < 400e6
    # A body never lies in memory: not one of the 8 MiB packs in flight, let alone 2 GiB.
    assert grown_server < 64e6
