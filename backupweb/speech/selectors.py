"""The models in the admin's folder, known by their first bytes and their hash, never by their names alone.

A model of whisper.cpp begins with a magic number and eleven numbers about its shape:

    magic(4) ‖ words(4) ‖ … ‖ layers of the encoder(4) ‖ … ‖ form of the weights(4)
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from backupweb.speech.errors import NoSuchModel

MAGIC = 0x67676D6C
# Weights and what is computed of them must find room in the two gigabytes that WebAssembly has in a browser.
LARGEST = 2**30
_HEADER = struct.Struct("<I11i")
# The first vocabulary that holds signs for languages; one with fewer knows English alone.
_MANY_LANGUAGES = 51865
_LAYERS = {4, 6, 12, 24, 32}


@dataclass(frozen=True)
class SpeechModel:
    """A model, and where it lies."""

    path: Path
    name: str
    size: int
    sha256: str
    multilingual: bool


def models_offered() -> list[SpeechModel]:
    """All that browsers can use, the smallest first. Files that are no models are passed over: `doctor` names them."""
    found = (_read(path) for path in _files())
    return sorted((model for model in found if model is not None), key=lambda model: (model.size, model.name))


def model_of(sha256: str) -> SpeechModel:
    """The model with this hash."""
    for model in models_offered():
        if model.sha256 == sha256:
            return model
    raise NoSuchModel


def passed_over() -> list[str]:
    """Names of files in the folder that are offered to nobody."""
    return [path.name for path in _files() if _read(path) is None]


def _files() -> Iterator[Path]:
    folder = settings.BACKUPWEB_SPEECH_MODELS
    if folder is not None and folder.is_dir():
        yield from (path for path in sorted(folder.glob("*.bin")) if path.is_file())


def _read(path: Path) -> SpeechModel | None:
    try:
        facts = path.stat()
        return _looked_at(path, facts.st_size, facts.st_mtime_ns)
    except OSError:
        return None  # it was taken away meanwhile, or may not be read


@lru_cache(maxsize=64)
def _looked_at(path: Path, size: int, _changed: int) -> SpeechModel | None:
    """Half a gigabyte takes seconds to hash, so it is done once for each state of a file."""
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or size > LARGEST:
            return None
        magic, words, *_, layers, _, _, _, _, _, _ = _HEADER.unpack(header)
        if magic != MAGIC or layers not in _LAYERS:
            return None
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return SpeechModel(path, path.name, size, sha256, words >= _MANY_LANGUAGES)
