"""Numbers of bytes for people, in the units in which quotas are given: 5 GB are five thousand million."""

from __future__ import annotations

from django.utils.formats import number_format

_UNITS = (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3))


def in_words(size: int) -> str:
    """`5 GB`, `1.3 MB`, `12 B`; the decimal sign is the language's."""
    for unit, factor in _UNITS:
        if size >= factor:
            value = round(size / factor, 1)
            whole = value == int(value) or value >= 100
            return f"{number_format(value, decimal_pos=0 if whole else 1)}\u00a0{unit}"
    return f"{size}\u00a0B"
