"""How long one step of learning takes."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import Final

import numpy as np

from recsys.learning.pairwise import MOST_ITEMS, Pace, Taste, moved
from recsys.schema import Floats

STEPS: Final = 2_000
PASSED: Final = 10  # products passed by


MOVING: Final = 0.05  # step size of the products, where they move


def update_ms(vectors: Floats, seed: int) -> dict[str, float]:
    """Milliseconds of a step, the median and the 95th percentile, of a person who has done much.

    `items_p50` and the like are of a step in which the products move too.
    """
    moving = _took(vectors, seed, Pace(items=MOVING))
    return _took(vectors, seed, Pace()) | {f"items_{name}": ms for name, ms in moving.items()}


def _took(vectors: Floats, seed: int, pace: Pace) -> dict[str, float]:
    """Of the clock on the wall, and, which other work beside does not lengthen, of the processor (`cpu_p95`)."""
    rng = np.random.default_rng(seed)
    taste, took, busy = Taste.begun(vectors.shape[1]), list[float](), list[float]()
    n = len(vectors)
    for turn in range(MOST_ITEMS + STEPS):
        item, passed = int(rng.integers(n)), rng.integers(0, n, PASSED).astype(np.int32)
        start, began = perf_counter(), thread_time()
        taste = moved(taste, item, passed, 1.0, vectors, pace)
        if turn >= MOST_ITEMS:
            busy.append((thread_time() - began) * 1000)
            took.append((perf_counter() - start) * 1000)
    found = {"p50": np.median(took), "p95": np.percentile(took, 95), "cpu_p95": np.percentile(busy, 95)}
    return {name: round(float(ms), 4) for name, ms in found.items()}
