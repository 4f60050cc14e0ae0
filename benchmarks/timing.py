"""Timing several contenders so that what drifts (heat, other programs) hits all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Contender:
    """A way of answering requests, and the requests it is asked."""

    name: str
    ask: Callable[[Any], object]
    requests: Sequence[Any]


def milliseconds(ask: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def interleaved(contenders: Sequence[Contender], blocks: int) -> dict[str, list[float]]:
    """The milliseconds of every request of every contender.

    The requests are dealt into blocks; in each block every contender has its turn, forwards in one and backwards in the
    next (A B, B A, ...). Each turn starts with one request that is not counted: it meets the threads that the contender
    before left spinning, and caches that hold the other's data.
    """
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for block in range(blocks):
        for contender in contenders if block % 2 == 0 else reversed(contenders):
            mine = contender.requests[block::blocks]
            if not mine:
                continue
            contender.ask(contender.requests[(block + 1) % len(contender.requests)])
            times[contender.name] += [milliseconds(partial(contender.ask, request)) for request in mine]
    return times


def spread(times: Sequence[float]) -> dict[str, float | int]:
    """The usual percentiles of some milliseconds, by linear interpolation."""
    p50, p95, p99 = np.percentile(np.asarray(times), [50, 95, 99])
    return {
        "n": len(times),
        "p50_ms": float(p50),
        "p95_ms": float(p95),
        "p99_ms": float(p99),
        "mean_ms": float(np.mean(times)),
    }
