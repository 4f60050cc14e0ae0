"""Whether a difference is more than luck, in words."""

from __future__ import annotations

import math

from recsys.evaluation.reading import LEVEL


def luck(p: float) -> str:
    """What a corrected p means."""
    return {None: "not tested", True: f"more than luck ({chance(p)})", False: f"may be luck ({chance(p)})"}[_sure(p)]


def corrected(low: float, high: float, p: float) -> str:
    """Why an interval without 0 proves nothing, to stand behind it; "" where that needs no word.

    The interval is of one pair, `p` counts in how many pairs were compared.
    """
    if _sure(p) is not False or low <= 0 <= high:
        return ""
    return "without 0, but of this pair alone: of several that are compared, one comes so far by chance"


def surely(p: float) -> str:
    """The same, as the answer to "more than luck?"."""
    return {None: "not tested", True: f"yes ({chance(p)})", False: f"unsure ({chance(p)})"}[_sure(p)]


def chance(p: float) -> str:
    """ "p < .001", "p = .051", "p = .20"."""
    if p < 0.001:
        return "p < .001"
    if p >= 0.995:
        return "p = 1"
    return f"p = {p:.{2 if p >= 0.1 else 3}f}".replace("0.", ".")


def _sure(p: float) -> bool | None:
    """Whether a corrected p passes; None where nothing was tested."""
    return None if math.isnan(p) else p < LEVEL
