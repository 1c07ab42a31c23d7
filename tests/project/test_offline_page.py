"""The page that opens encrypted copies without any site: handed out as a file, at an address that never changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from django.conf import settings

from tests.raw import ask

ADDRESS = "/offline/backupweb-open.html"

pytestmark = pytest.mark.django_db


def built() -> bytes:
    path = Path(settings.BASE_DIR) / "frontend" / "dist" / "offline" / "backupweb-open.html"
    if not path.exists():
        pytest.skip("the browser's part is not built")
    return path.read_bytes()


def test_anybody_gets_the_file_as_the_build_made_it() -> None:
    page = built()
    answer = asyncio.run(ask("GET", ADDRESS, [], {}))
    assert (answer.status, answer.body) == (200, page)


def test_it_is_saved_and_not_run_here() -> None:
    built()
    answer = asyncio.run(ask("GET", ADDRESS, [], {}))
    assert answer.headers["content-disposition"] == 'attachment; filename="backupweb-open.html"'
    # Should a browser show it all the same, its script is none that this site lets run.
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]


def test_a_site_without_a_build_says_that_it_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    assert asyncio.run(ask("GET", ADDRESS, [], {})).status == 404
