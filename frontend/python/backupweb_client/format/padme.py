"""Padmé (Nikitin et al., PURBs, PoPETs 2019): lengths are rounded up so that few bits of them show."""

from backupweb_client.format.limits import SMALLEST_PADDED


def padme(length: int) -> int:
    """`length` (bytes) rounded up to a multiple of 2^(E−S), E = ⌊log₂ length⌋, S = ⌊log₂ E⌋ + 1."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    kept = exponent.bit_length()  # ⌊log₂ E⌋ + 1
    step = 1 << (exponent - kept)
    return -(-length // step) * step


def padded(length: int) -> int:
    """What packs and sealed objects are padded to: Padmé, and at least 4,096 bytes."""
    return padme(max(SMALLEST_PADDED, length))
