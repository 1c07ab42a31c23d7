"""The second implementation on another device: what is listed is opened and held against the exports themselves."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from backupweb_client.choose import read_shelf
from backupweb_client.engine.library import Library, Surroundings, unlock
from backupweb_client.engine.restore import restore_original
from backupweb_client.format.recovery_code import RecoveryCode, read_recovery_code
from backupweb_client.places import HeadMemory
from backupweb_client.server.api import Api
from backupweb_client.server.session import sign_in
from backupweb_client.server.transport import Transport


def content(export: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Names, times and bytes of every entry, in order."""
    with zipfile.ZipFile(export) as archive:
        return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]


class Witness:
    """It remembers the newest head across all that happens: an older one would be refused."""

    def __init__(self, origin: str, name: str, password: str, code: str, folder: Path) -> None:
        typed = read_recovery_code(code)
        if not isinstance(typed, RecoveryCode):
            raise TypeError("no recovery code")
        self._code = typed
        self._heads = HeadMemory(folder / "heads.json")
        self._transport = Transport(origin)
        sign_in(self._transport, name, password, lambda: "")

    def _library(self) -> Library:
        return unlock(Api(self._transport), self._code, Surroundings(self._heads))

    def expect(self, *states: list[Path]) -> None:
        """The library lists the exports of one of these states, each once, and gives them back byte for byte."""
        library = self._library()
        shelf = read_shelf(library)
        wanted = {(export.name, export.stat().st_size): export for state in states for export in state}
        listed = sorted((each.source.name, each.source.size) for each in shelf.snapshots)
        if listed not in [sorted((export.name, export.stat().st_size) for export in state) for state in states]:
            raise AssertionError(f"listed {listed} of {sorted(wanted)}")
        for snapshot in shelf.snapshots:
            with TemporaryDirectory() as folder:
                restored = restore_original(library, shelf.head, snapshot, Path(folder))
                if content(restored) != content(wanted[snapshot.source.name, snapshot.source.size]):
                    raise AssertionError(f"{snapshot.source.name} came back otherwise")
