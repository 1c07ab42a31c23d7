"""The models for voice notes, where a folder for them is named."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from backupweb.ops.doctor.finding import Finding, State
from backupweb.speech import selectors

_ABOUT = "speech models"


def models_can_be_used() -> Iterator[Finding]:
    """What is offered, and what lies there in vain."""
    folder = settings.BACKUPWEB_SPEECH_MODELS
    if folder is None:
        return
    if not folder.is_dir():
        next_step = "Mount or make it, or leave BACKUPWEB_SPEECH_MODELS empty."
        yield Finding(_ABOUT, State.CARE, "The folder for speech models is not there.", next_step)
        return
    for name in selectors.passed_over():
        next_step = "Fetch it once more and compare its hash (docs/operations.md, Voice notes as text)."
        yield Finding(_ABOUT, State.CARE, f"{name} cannot be used as a speech model.", next_step)
    count = len(selectors.models_offered())
    if count == 0:
        next_step = "Lay one there (docs/operations.md, Voice notes as text)."
        yield Finding(_ABOUT, State.CARE, "No speech model is offered, though there is a folder.", next_step)
    else:
        told = "One speech model is offered." if count == 1 else f"{count} speech models are offered."
        yield Finding(_ABOUT, State.WELL, told)
