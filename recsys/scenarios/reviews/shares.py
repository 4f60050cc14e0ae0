"""How sure a share is."""

from __future__ import annotations

from math import sqrt
from typing import Final

LEVEL_Z: Final = 1.96  # of 95 %


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share, Wilson 1927; (0, 1) of nothing."""
    if not count:
        return 0.0, 1.0
    share, z = right / count, LEVEL_Z**2 / count
    middle = (share + z / 2) / (1 + z)
    half = LEVEL_Z * sqrt(share * (1 - share) / count + z / (4 * count)) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)
