"""How sure a share is."""

from __future__ import annotations

from typing import Final

LEVEL: Final = 0.95
LEVEL_Z: Final = 1.96  # of it, in standard errors


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share, Wilson 1927; (0, 1) of nothing."""
    from scipy.stats import binomtest

    if not count:
        return 0.0, 1.0
    found = binomtest(right, count).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)
