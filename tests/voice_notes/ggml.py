"""Makes a model file as whisper.cpp reads it out of Whisper weights as CTranslate2 keeps them.

The package registry carries such weights, and no file in whisper.cpp's own form. This is for tests only: whoever offers
a model to people takes the published file, whose hash others know (docs/operations.md, "Voice notes as text").
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

MAGIC = 0x67676D6C
_HALF = 1
_QUANTISED = 7  # q8_0, as a whole file
_PLAIN_TENSOR, _HALF_TENSOR, _QUANTISED_TENSOR = 0, 1, 8
_BLOCK = 32
_CTRANSLATE2 = 6
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_RATE, _WINDOW, _TOP_HZ = 16_000, 400, 8_000.0


def convert(folder: Path, target: Path, *, quantised: bool) -> None:
    """Writes `folder`'s model.bin and tokenizer.json as one file. Quantised, it is half as large."""
    tensors = dict(_read(folder / "model.bin"))
    text_heads, audio_state = int(tensors["decoder/num_heads"]), tensors["encoder/conv1/weight"].shape[0]
    mels = tensors["encoder/conv1/weight"].shape[1]
    words, text_state = tensors["decoder/embeddings/weight"].shape
    audio_context = tensors["encoder/position_encodings/encodings"].shape[0]
    text_context = tensors["decoder/position_encodings/encodings"].shape[0]
    layers = {
        side: sum(name.startswith(side) and name.endswith("/ffn/linear_0/bias") for name in tensors)
        for side in ("encoder", "decoder")
    }
    kind = _QUANTISED if quantised else _HALF
    parameters = (
        words,
        audio_context,
        audio_state,
        text_heads,
        layers["encoder"],
        text_context,
        text_state,
        text_heads,
        layers["decoder"],
        mels,
        kind,
    )
    with target.open("wb") as file:
        file.write(struct.pack("<I11i", MAGIC, *parameters))
        filters = mel_filters(mels)
        file.write(struct.pack("<2i", *filters.shape))
        file.write(filters.astype("<f4").tobytes())
        vocabulary = _vocabulary(folder / "tokenizer.json")
        file.write(struct.pack("<i", len(vocabulary)))
        for word in vocabulary:
            file.write(struct.pack("<I", len(word)) + word)
        for name, tensor in _renamed(tensors, layers):
            _write(file, name, tensor, quantised=quantised)


# ---------------------------------------------------------------- what CTranslate2 wrote


def _read(path: Path) -> Iterator[tuple[str, NDArray[np.generic]]]:
    with path.open("rb") as file:

        def number(form: str) -> int:
            return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])

        def text() -> str:
            return file.read(number("<H")).rstrip(b"\0").decode()

        if number("<I") != _CTRANSLATE2 or text() != "WhisperSpec":
            raise ValueError("no Whisper weights of CTranslate2, version 6")
        number("<I")
        for _ in range(number("<I")):
            name = text()
            shape = tuple(number("<I") for _ in range(number("<B")))
            kind = _TYPES[number("<B")]
            yield name, np.frombuffer(file.read(number("<I")), kind).reshape(shape)


def _vocabulary(path: Path) -> list[bytes]:
    """The words by number; Whisper's own signs, which follow, whisper.cpp knows by itself."""
    byte_of = {sign: byte for byte, sign in _signs().items()}
    known: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
    words = sorted(known, key=known.__getitem__)
    return [bytes(byte_of[sign] for sign in word) for word in words]


def _signs() -> dict[int, str]:
    """GPT-2 writes each byte as a sign that can be seen: itself, or one from U+0100 on."""
    seen = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(seen)]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + place) for place, byte in enumerate(others)}


# ---------------------------------------------------------------- what whisper.cpp reads


def _renamed(tensors: dict[str, NDArray[np.generic]], layers: dict[str, int]) -> Iterator[tuple[str, Array]]:
    def of(name: str) -> Array:
        return tensors[name].astype(np.float32)

    def both(new: str, old: str, weight: str = "weight", bias: str = "bias") -> Iterator[tuple[str, Array]]:
        yield f"{new}.weight", of(f"{old}/{weight}")
        yield f"{new}.bias", of(f"{old}/{bias}")

    def norm(new: str, old: str) -> Iterator[tuple[str, Array]]:
        yield from both(new, old, "gamma", "beta")

    def attention(new: str, old: str, parts: str) -> Iterator[tuple[str, Array]]:
        """CTranslate2 lays query, key and value on top of each other, and gives the key a bias of zeros."""
        linear = f"{old}/linear_0"
        if parts == "kv":
            yield from both(f"{new}.query", linear)
            linear = f"{old}/linear_1"
        weights = np.split(of(f"{linear}/weight"), len(parts))
        biases = np.split(of(f"{linear}/bias"), len(parts))
        for part, weight, bias in zip(parts, weights, biases, strict=True):
            name = {"q": "query", "k": "key", "v": "value"}[part]
            yield f"{new}.{name}.weight", weight
            if part != "k":
                yield f"{new}.{name}.bias", bias
        yield from both(f"{new}.out", f"{old}/linear_{2 if parts == 'kv' else 1}")

    yield "encoder.positional_embedding", of("encoder/position_encodings/encodings")
    for conv in ("conv1", "conv2"):
        yield f"encoder.{conv}.weight", of(f"encoder/{conv}/weight")
        yield f"encoder.{conv}.bias", of(f"encoder/{conv}/bias")[:, None]
    yield from norm("encoder.ln_post", "encoder/layer_norm")
    yield "decoder.positional_embedding", of("decoder/position_encodings/encodings")
    yield "decoder.token_embedding.weight", of("decoder/embeddings/weight")
    yield from norm("decoder.ln", "decoder/layer_norm")
    for side, count in layers.items():
        for number in range(count):
            new, old = f"{side}.blocks.{number}", f"{side}/layer_{number}"
            yield from norm(f"{new}.attn_ln", f"{old}/self_attention/layer_norm")
            yield from attention(f"{new}.attn", f"{old}/self_attention", "qkv")
            if side == "decoder":
                yield from norm(f"{new}.cross_attn_ln", f"{old}/attention/layer_norm")
                yield from attention(f"{new}.cross_attn", f"{old}/attention", "kv")
            yield from norm(f"{new}.mlp_ln", f"{old}/ffn/layer_norm")
            yield from both(f"{new}.mlp.0", f"{old}/ffn/linear_0")
            yield from both(f"{new}.mlp.2", f"{old}/ffn/linear_1")


def _write(file: BinaryIO, name: str, tensor: Array, *, quantised: bool) -> None:
    small = tensor.ndim < 2 or tensor.shape[-1] == 1 or name.endswith("positional_embedding")
    kind = _PLAIN_TENSOR if small else _HALF_TENSOR
    if quantised and not small and "conv" not in name:
        kind = _QUANTISED_TENSOR
    said = name.encode()
    file.write(struct.pack("<3i", tensor.ndim, len(said), kind))
    file.write(struct.pack(f"<{tensor.ndim}i", *reversed(tensor.shape)) + said)
    if kind == _QUANTISED_TENSOR:
        file.write(_in_blocks(tensor))
    else:
        file.write(tensor.astype("<f4" if small else "<f2").tobytes())


def _in_blocks(tensor: Array) -> bytes:
    """q8_0: of each 32 numbers the largest as a half float, and all as whole parts of it from -127 to 127."""
    blocks = tensor.reshape(-1, _BLOCK)
    scale = np.abs(blocks).max(axis=1, keepdims=True) / 127
    parts = np.rint(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)).astype(np.int8)
    made = np.zeros(len(blocks), dtype=[("scale", "<f2"), ("parts", "i1", _BLOCK)])
    made["scale"], made["parts"] = scale[:, 0], parts
    return made.tobytes()


def mel_filters(count: int) -> Array:
    """Triangles on Slaney's mel scale, each of the same area: straight up to 1 kHz, logarithmic above."""
    edge, step, ratio = 1000.0, 200 / 3, np.log(6.4) / 27

    def mel(hertz: float) -> float:
        return hertz / step if hertz < edge else edge / step + float(np.log(hertz / edge)) / ratio

    marks = np.linspace(0, mel(_TOP_HZ), count + 2)
    corners = np.where(marks < edge / step, marks * step, edge * np.exp(ratio * (marks - edge / step)))
    tones = np.linspace(0, _RATE / 2, _WINDOW // 2 + 1)
    left, middle, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (tones - left) / (middle - left), (right - tones) / (right - middle)
    filters = np.maximum(0, np.minimum(rising, falling)) * 2 / (right - left)
    made: Array = filters.astype(np.float32)
    return made
