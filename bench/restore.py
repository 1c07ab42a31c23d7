"""Getting everything back in headless Chromium beside `restic restore` of the same files: one JSON line.

Export A of `bench.exports` is added once through the page, and once, unpacked, to a restic repository on the same disk.
Then, round by round in turn: the page restores everything as files into a folder, the page restores everything as one
zip, restic restores its tree. The folder is one of the browser's private file system, which stands in for the person's
own: a picker cannot be clicked here, and all that comes behind the picker is the same. Ratios are medians of the
rounds' ratios.

    python -m bench.restore [--scale 1.0] [--rounds 5] [--keep FOLDER] [--only files,zip]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.chromium import Page
from bench.exports import Chat, write_zip
from bench.person import add_export, first_unlock, prepare, press, sign_up
from bench.site import Site

FORMS = ("files", "zip")

#: A folder of the browser's own in the place of the one that a person picks, a new one for each round.
FOLDER = """
window.showDirectoryPicker = async () => {
    const root = await navigator.storage.getDirectory()
    await root.removeEntry("bench", { recursive: true }).catch(() => undefined)
    return await root.getDirectoryHandle("bench", { create: true })
}
"""

#: Presses the button and waits for the end; milliseconds in between, by the page's own clock.
UNTIL_DONE = """
(async () => {
    const begun = performance.now()
    find("button", %s).click()
    for (;;) {
        const title = document.querySelector("bw-restore-page h1")?.textContent ?? ""
        if (title === "Everything is back") return performance.now() - begun
        if (title.startsWith("Not")) throw new Error(document.querySelector("bw-restore-page").textContent)
        await new Promise((resolve) => setTimeout(resolve, 10))
    }
})()
"""

#: What lies in the folder of a round.
COUNT = """
(async () => {
    let [files, bytes] = [0, 0]
    const walk = async (folder) => {
        for await (const entry of folder.values())
            if (entry.kind === "directory") await walk(entry)
            else [files, bytes] = [files + 1, bytes + (await entry.getFile()).size]
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle("bench"))
    return [files, bytes]
})()
"""

CLEAN = """
(async () => {
    const root = await navigator.storage.getDirectory()
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true }).catch(() => undefined)
})()
"""


@dataclass(frozen=True)
class Run:
    """One restore: seconds of wall, processor seconds of browser and server, the most memory the renderers held."""

    seconds: float
    browser: float
    server: float
    memory: int


@dataclass(frozen=True)
class Peer:
    """One restore of restic's: seconds of wall and of processor."""

    seconds: float
    processor: float


class Peak:
    """The most that the page's processes held while something went on, ten times a second."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self.bytes = 0

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.bytes = max(self.bytes, self._page.memory_bytes())

    def __enter__(self) -> Peak:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()


def _processor_seconds(process: psutil.Process) -> float:
    """Of a process and everybody it started."""
    seconds = 0.0
    for each in [process, *process.children(recursive=True)]:
        times = each.cpu_times()
        seconds += times.user + times.system
    return seconds


def by_browser(page: Page, site: Site, form: str, files: int, size: int, *, watched: bool) -> Run:
    """Restores everything once; what lies there afterwards is counted."""
    page.evaluate("location.hash = '#/'")
    page.evaluate("location.hash = '#/restore'")
    page.evaluate(FOLDER)
    radio = "input[name=form]"
    page.wait_for(f"document.querySelectorAll('{radio}').length === 2")
    page.evaluate(f"document.querySelectorAll('{radio}')[{FORMS.index(form)}].click()")
    button = "Choose a folder" if form == "files" else "Prepare a download"
    page.wait_for(f"find('button', {json.dumps(button)})?.disabled === false")
    browser, server = psutil.Process(page.process.pid), psutil.Process(site.pid)
    before = _processor_seconds(browser), _processor_seconds(server)
    with Peak(page) if watched else _nobody() as peak:
        milliseconds = float(page.evaluate(UNTIL_DONE % json.dumps(button)))
    after = _processor_seconds(browser), _processor_seconds(server)
    if form == "files" and page.evaluate(COUNT) != [files, size]:
        raise RuntimeError("not everything lies there")
    said = page.evaluate("find('h1', 'Everything is back').closest('section').textContent")
    if f"{files:,} files" not in said:
        raise RuntimeError(said)
    page.evaluate(CLEAN)
    return Run(milliseconds / 1000, after[0] - before[0], after[1] - before[1], 0 if peak is None else peak.bytes)


@contextmanager
def _nobody() -> Iterator[None]:
    yield None


class Restic:
    """The peer: a repository beside the site's store."""

    def __init__(self, folder: Path, tree: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "RESTIC_PASSWORD": "bench", "RESTIC_CACHE_DIR": str(folder / "cache")}
        self._run("init")
        self._run("backup", ".", cwd=tree)

    def _run(self, *arguments: str, cwd: Path | None = None) -> None:
        command = ["restic", "--quiet", "--repo", str(self._folder / "repository"), *arguments]
        subprocess.run(command, check=True, cwd=cwd, env=self._environment, stdout=subprocess.DEVNULL)

    def restore(self) -> Peer:
        target = self._folder / "restored"
        shutil.rmtree(target, ignore_errors=True)
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        self._run("restore", "latest", "--target", str(target))
        seconds, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        shutil.rmtree(target)
        return Peer(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


def main() -> None:
    """Makes the export, adds it, restores in turn, prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count of the export")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(FORMS), help="forms to restore to")
    parser.add_argument("--keep", type=Path, help="a folder for the export, used again by the next run")
    options = parser.parse_args()
    forms = options.only.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        export = (options.keep or folder) / f"export-a-{options.scale:g}.zip"
        if not export.exists():
            write_zip(Chat().scaled(options.scale), "a", export)
        with zipfile.ZipFile(export) as archive:
            files, size = len(archive.infolist()), sum(each.file_size for each in archive.infolist())
            archive.extractall(folder / "tree")
        restic = Restic(folder / "restic", folder / "tree")
        shutil.rmtree(folder / "tree")
        site = Site(folder / "site", BACKUPWEB_DEFAULT_QUOTA="20GB").start()
        try:
            with Page(site.url) as page:
                page.forbid_downloads()
                sign_up(page, site)
                first_unlock(page)
                add_export(page, export)
                prepare(page)
                press(page, "Read the chat")
                at_rest = page.memory_bytes()
                rounds = [
                    (
                        {form: by_browser(page, site, form, files, size, watched=False) for form in forms},
                        restic.restore(),
                    )
                    for _ in range(options.rounds)
                ]
                memory = {form: by_browser(page, site, form, files, size, watched=True).memory for form in forms}
        finally:
            site.kill()
    line: dict[str, object] = {"bytes": size, "files": files, "load": round(os.getloadavg()[0], 1)}
    line["restic_seconds"] = _median([peer.seconds for _, peer in rounds])
    line["restic_cpu_s_per_gb"] = _median([peer.processor / size * 1e9 for _, peer in rounds])
    for form in forms:
        runs = [ours[form] for ours, _ in rounds]
        line |= {
            f"{form}_seconds": _median([run.seconds for run in runs]),
            f"{form}_ratio_to_restic_restore": _median([ours[form].seconds / peer.seconds for ours, peer in rounds]),
            f"{form}_browser_cpu_s_per_gb": _median([run.browser / size * 1e9 for run in runs]),
            f"{form}_server_cpu_s_per_gb": _median([run.server / size * 1e9 for run in runs]),
            f"{form}_memory_peak_bytes": memory[form],
        }
    line["memory_at_rest_bytes"] = at_rest
    # As one zip everything is on the disk, too; files in a picked folder are the browser's slow way to write.
    line["ratio_to_restic_restore"] = line[f"{forms[-1]}_ratio_to_restic_restore"]
    print(json.dumps(line))


if __name__ == "__main__":
    main()
