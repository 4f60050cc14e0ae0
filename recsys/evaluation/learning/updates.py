"""How long one step of learning takes."""

from __future__ import annotations

from time import perf_counter
from typing import Final

import numpy as np

from recsys.learning.pairwise import MOST_ITEMS, Pace, Taste, moved
from recsys.schema import Floats

STEPS: Final = 2_000
PASSED: Final = 10  # products passed by


MOVING: Final = 0.05  # step size of the products, where they move


def update_ms(vectors: Floats, seed: int) -> dict[str, float]:
    """Milliseconds of a step, the median and the 95th percentile, of a person who has done much.

    `items_p50` and `items_p95` are of a step in which the products move too.
    """
    moving = _took(vectors, seed, Pace(items=MOVING))
    return _took(vectors, seed, Pace()) | {f"items_{name}": ms for name, ms in moving.items()}


def _took(vectors: Floats, seed: int, pace: Pace) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    taste, took = Taste.begun(vectors.shape[1]), list[float]()
    n = len(vectors)
    for turn in range(MOST_ITEMS + STEPS):
        item, passed = int(rng.integers(n)), rng.integers(0, n, PASSED).astype(np.int32)
        start = perf_counter()
        taste = moved(taste, item, passed, 1.0, vectors, pace)
        if turn >= MOST_ITEMS:
            took.append((perf_counter() - start) * 1000)
    return {"p50": round(float(np.median(took)), 4), "p95": round(float(np.percentile(took, 95)), 4)}
