"""The compose files, read as an engine would: files laid over each other, variables filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
BASE = ROOT / "compose.yaml"
OVERLAYS = ROOT / "deploy" / "compose"
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::([?-])([^}]*))?\}")

Service = dict[str, Any]


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """`${NAME}`, `${NAME:-otherwise}`, `${NAME:?complaint}`."""

    def value(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if variables.get(name):
            return variables[name]
        if kind != "-":
            raise KeyError(f"{name}: {rest}")
        return str(rest)

    return _VARIABLE.sub(value, text)


def services(*overlays: str, variables: Mapping[str, str]) -> dict[str, Service]:
    """The services of compose.yaml under these overlays."""
    merged: dict[str, Service] = {}
    for path in (BASE, *(OVERLAYS / f"{name}.yaml" for name in overlays)):
        for name, service in yaml.safe_load(filled_in(path.read_text(), variables))["services"].items():
            merged[name] = _laid_over(merged.get(name, {}), service)
    return merged


def _laid_over(below: Service, above: Service) -> Service:
    merged = {**below, **above}
    for key in ("environment", "depends_on"):
        if isinstance(below.get(key), dict) and isinstance(above.get(key), dict):
            merged[key] = {**below[key], **above[key]}
    if "volumes" in below and "volumes" in above:
        merged["volumes"] = [*below["volumes"], *above["volumes"]]
    return merged
