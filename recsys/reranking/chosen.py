"""From the settings of a request to the re-rankers that do it, in the order that was set."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from recsys.reranking.calibration import Calibrated
from recsys.reranking.contract import Reranker
from recsys.reranking.determinantal import Determinantal
from recsys.reranking.limiting import Capped, Exposed
from recsys.reranking.spreading import MarginalRelevance, MeanDistance
from recsys.schema import Reranking

TAIL, NEW, CHOSEN = "tail", "new", "chosen"  # groups of a pool
DIVERSIFY: Final[dict[str, Callable[[float], Reranker]]] = {
    "distance": MeanDistance,
    "mmr": MarginalRelevance,
    "dpp": Determinantal,
}


def rerankers(settings: Reranking, k: int) -> list[Reranker]:
    """The re-rankers of these settings for a shelf of k; none where nothing is set."""
    by_step = {"caps": _caps(settings), "exposure": _floors(settings, k)}
    by_step["diversity"] = [DIVERSIFY[settings.diversify](settings.diversity)] if settings.diversity > 0 else []
    calibrated = Calibrated(settings.calibration, settings.calibrate_to)
    by_step["calibration"] = [calibrated] if settings.calibration > 0 else []
    return [reranker for step in settings.steps for reranker in by_step[step]]


def _caps(settings: Reranking) -> list[Reranker]:
    caps = {"category": settings.category_cap, "brand": settings.brand_cap}
    return [Capped(most, by) for by, most in caps.items() if most]


def _floors(settings: Reranking, k: int) -> list[Reranker]:
    floors: list[Reranker] = []
    if settings.chosen:
        floors.append(Exposed(len(settings.chosen), CHOSEN, "chosen product"))
    shares = ((settings.tail_share, TAIL, "long-tail product"), (settings.new_share, NEW, "new product"))
    for share, group, of in shares:
        if share > 0:
            floors.append(Exposed(math.ceil(round(share * k, 6)), group, of))  # 0.15 of 20 is 3, not 3.0000000000000004
    return floors
