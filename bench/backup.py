"""First and second backup of a generated export in headless Chromium, beside restic and borg: one JSON line.

The page is driven like a person drives it, over a bare DevTools connection. A round is: restic and borg back up the
unpacked folders into empty repositories on the same disk, then a new person adds the same two exports as zips; ratios
are those of one round, and their median is told. The clock runs from *Seal and send* to *It is safe*, where everything
was sent, committed and read back; looking into the file before is told apart, for the peers have nothing like it. The
parts of the work follow, beside raw WebCrypto, libsodium, age and fflate in the same browser (`bench.parts`).

    python -m bench.backup [--scale 1.0] [--rounds 5] [--only a,b,renumbered] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import parts
from bench.chromium import Page
from bench.exports import Chat, Variant, write_tree, write_zip
from bench.peers import Borg, Restic, Taken, size_of
from bench.person import choose_export, first_unlock, send_export, sign_up
from bench.server.processes import cpu_seconds
from bench.site import Site


@dataclass(frozen=True)
class Export:
    """The same content as a zip and as a folder."""

    zip: Path
    tree: Path

    @classmethod
    def make(cls, chat: Chat, variant: Variant, folder: Path) -> Export:
        """Reads it again where an earlier run has left it."""
        name = f"{'renumbered' if chat.renumber else 'export'}-{variant}-{chat.messages}"
        made = cls(folder / f"{name}.zip", folder / name)
        if not made.zip.exists():
            write_zip(chat, variant, made.zip)
        if not made.tree.exists():
            write_tree(chat, variant, made.tree)
        return made


@dataclass(frozen=True)
class Added:
    """One export through the browser: `looking` into it, then `taken` like a peer."""

    looking: float
    taken: Taken
    server_cpu: float


def add(page: Page, site: Site, export: Export) -> Added:
    """Adds one export and waits for *It is safe*."""
    store = site.folder / "data" / "packs"
    begun = time.perf_counter()
    choose_export(page, export.zip)
    looking = time.perf_counter() - begun
    stored = size_of(store) if store.exists() else 0
    browser, server = [page.process.pid], site.pids
    cpu, server_cpu = cpu_seconds(browser), cpu_seconds(server)
    begun = time.perf_counter()
    send_export(page)
    seconds = time.perf_counter() - begun
    taken = Taken(seconds, cpu_seconds(browser) - cpu, size_of(store) - stored)
    return Added(looking, taken, cpu_seconds(server) - server_cpu)


@contextmanager
def person(site: Site, name: str) -> Iterator[Page]:
    """Somebody new with a key, in a browser of their own."""
    with Page(site.url) as page:
        sign_up(page, site, name)
        first_unlock(page)
        yield page


def main() -> None:
    """Makes the exports, runs the rounds, prints the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count of the export")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="a,b,renumbered", help="some of: a,b,renumbered")
    parser.add_argument("--keep", type=Path, help="a folder for the exports, used again by the next run")
    options = parser.parse_args()
    wanted = options.only.split(",")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        chat = Chat().scaled(options.scale)
        exports = {"a": Export.make(chat, "a", folder)}
        if "b" in wanted:
            exports["b"] = Export.make(chat, "b", folder)
        if "renumbered" in wanted:
            exports["renumbered"] = Export.make(replace(chat, renumber=True), "b", folder)
        site = Site(Path(scratch) / "site", BACKUPWEB_DEFAULT_QUOTA="20GB").start()
        try:
            rounds = [one_round(site, exports, Path(scratch) / str(number), number) for number in range(options.rounds)]
        finally:
            site.kill()
        found = told(exports, rounds) | parts.measure(exports["a"].zip, rounds=options.rounds)
    print(json.dumps({"load": round(os.getloadavg()[0], 1)} | found))


Round = dict[str, dict[str, Any]]


def one_round(site: Site, exports: dict[str, Export], scratch: Path, number: int) -> Round:
    """Everybody once: `{peer or "browser": {export: what it took}}`."""
    scratch.mkdir()
    found: Round = {"restic": {}, "borg": {}, "browser": {}}
    for peer in (Restic(scratch / "restic"), Borg(scratch / "borg")):
        # `b` after `a`; what is renumbered came after `a` as well, in a repository that never saw `b`.
        found[peer.name] = {name: peer.back_up(exports[name].tree) for name in ("a", "b") if name in exports}
        peer.forget()
    with person(site, f"person-{number}") as page:
        found["browser"] = {name: add(page, site, exports[name]) for name in ("a", "b") if name in exports}
    if "renumbered" in exports:
        peer = Restic(scratch / "renumbered")
        peer.back_up(exports["a"].tree)
        found["restic"]["renumbered"] = peer.back_up(exports["renumbered"].tree)
        peer.forget()
        with person(site, f"renumbered-{number}") as page:
            add(page, site, exports["a"])
            found["browser"]["renumbered"] = add(page, site, exports["renumbered"])
    return found


def told(exports: dict[str, Export], rounds: list[Round]) -> dict[str, Any]:
    """Medians; a ratio is one of the same round."""

    def median(values: list[float], digits: int = 3) -> float:
        return round(statistics.median(values), digits)

    def ratio(export: str, peer: str, of: str) -> float:
        pairs = [(getattr(one["browser"][export].taken, of), getattr(one[peer][export], of)) for one in rounds]
        return median([mine / theirs for mine, theirs in pairs])

    size = exports["a"].zip.stat().st_size
    first = [one["browser"]["a"] for one in rounds]
    line: dict[str, Any] = {
        "bytes": size,
        "seconds": [round(one.taken.seconds, 2) for one in first],
        "looking_seconds": median([one.looking for one in first], 2),
        "mb_per_s": median([size / one.taken.seconds / 1e6 for one in first], 1),
        "browser_cpu_seconds": median([one.taken.cpu_seconds for one in first], 2),
        "server_cpu_seconds": median([one.server_cpu for one in first], 2),
        "restic_seconds": [round(one["restic"]["a"].seconds, 2) for one in rounds],
        "restic_cpu_seconds": median([one["restic"]["a"].cpu_seconds for one in rounds], 2),
        "ratio_to_restic_first": ratio("a", "restic", "seconds"),
        "ratio_to_borg_first": ratio("a", "borg", "seconds"),
        "stored_bytes": first[0].taken.added,
        "stored_ratio_to_restic_first": ratio("a", "restic", "added"),
        "stored_ratio_to_borg_first": ratio("a", "borg", "added"),
    }

    if "b" in exports:
        second = [one["browser"]["b"] for one in rounds]
        mine = [one["browser"]["a"].taken.added + one["browser"]["b"].taken.added for one in rounds]
        line |= {
            "second_seconds": [round(one.taken.seconds, 2) for one in second],
            "second_sent_bytes": second[0].taken.added,
            "restic_second_seconds": [round(one["restic"]["b"].seconds, 2) for one in rounds],
            "restic_second_bytes": [one["restic"]["b"].added for one in rounds],
            "ratio_to_restic_second": ratio("b", "restic", "seconds"),
            "bytes_ratio_to_restic_second": ratio("b", "restic", "added"),
            "bytes_ratio_to_borg_second": ratio("b", "borg", "added"),
        }
        for peer in ("restic", "borg"):
            theirs = [one[peer]["a"].added + one[peer]["b"].added for one in rounds]
            line[f"stored_ratio_to_{peer}_both"] = median([a / b for a, b in zip(mine, theirs, strict=True)])
    if "renumbered" in exports:
        line |= {
            "renumbered_sent_bytes": rounds[0]["browser"]["renumbered"].taken.added,
            "bytes_ratio_to_restic_renumbered": ratio("renumbered", "restic", "added"),
        }
    return line


if __name__ == "__main__":
    main()
