"""A site with two web processes on one socket, as `manage.py serve --processes 2` runs them."""

from __future__ import annotations

from pathlib import Path

from bench.site import Site


class Served:
    """It runs while it is entered."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.site = Site(folder, BACKUPWEB_LIMIT_BEGIN="1000000/60", **settings)

    def __enter__(self) -> Served:
        self.site.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.site.kill()

    @property
    def pids(self) -> list[int]:
        """All of it: the web processes and who started them hang on this one."""
        return [self.site.supervisor.pid]
