"""Settings, and whether the browser's side was built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks

from backupweb.ops.checks import TAG
from backupweb.ops.doctor.finding import Finding, State


def settings_fit() -> Iterator[Finding]:
    """What `manage.py check` says."""
    found = run_checks(tags=[TAG])
    for message in found:
        state = State.TROUBLE if message.is_serious() else State.CARE
        yield Finding("settings", state, str(message.msg), str(message.hint or "See docs/operations.md, Settings."))
    if not found:
        yield Finding("settings", State.WELL, f"The settings fit together ({settings.BACKUPWEB_MODE}).")
    if settings.DEVELOPMENT:
        yield Finding(
            "settings",
            State.CARE,
            "This is a development server: it answers to this machine only.",
            "For people to use it, set BACKUPWEB_MODE=production.",
        )


def browser_side_is_built() -> Iterator[Finding]:
    """Pages without it are empty."""
    built = [Path(folder) / "manifest.json" for folder in settings.STATICFILES_DIRS]
    if not any(file.is_file() for file in built):
        yield Finding("browser's side", State.TROUBLE, "The pages' scripts and styles are not built.", "`make build`")
    else:
        yield Finding("browser's side", State.WELL, "The pages' scripts and styles are built.")
