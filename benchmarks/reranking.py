"""How long re-ranking takes: 200 and 500 candidates to a shelf of 20, each re-ranker alone and all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.index import clustered
from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.report import run_alone
from benchmarks.timing import Contender, interleaved, spread
from recsys.reranking.calibration import Calibrated
from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.determinantal import Determinantal
from recsys.reranking.limiting import Capped, Exposed
from recsys.reranking.spreading import MarginalRelevance, MeanDistance

SHELF: Final = 20
BAR_MS: Final = 3.0
HELD: Final = 200  # candidates at which the bar is held
SIZES: Final = (HELD, 500)
DIMENSION: Final = 384  # of the text encoder
SEED: Final = 20_170_101
TURNS: Final = 3  # of each pool the median counts: another program that takes the processor is no part of the question

MMR: Final = MarginalRelevance(0.3)
CAPS: Final = (Capped(3, "category"), Capped(2, "brand"))
FLOOR: Final = Exposed(4, "tail", "long-tail product")
CONTENDERS: Final[dict[str, tuple[Reranker, ...]]] = {
    "MMR": (MMR,),
    "mean distance": (MeanDistance(0.3),),
    "DPP, fast greedy": (Determinantal(0.3),),
    "calibrated, 30 categories": (Calibrated(0.3),),
    "caps by category and brand, floor for the long tail": (*CAPS, FLOOR),
    "all of it: caps, floor, MMR, calibrated": (*CAPS, FLOOR, MMR, Calibrated(0.3)),
}
PROTOCOL: Final = (
    f"pools of clustered unit vectors of {DIMENSION} numbers, 30 categories, 60 brands, a fifth in the long tail; "
    f"seed {SEED}",
    f"one thread, a shelf of {SHELF}, everything that a request pays: checks, rules, what is said",
    f"all contenders interleaved block by block, the first of a turn not counted; each pool {TURNS} times, its median "
    "counts, so that programs beside it that take the processor for some milliseconds do not",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    pools: int = 200
    blocks: int = 10


QUICK: Final = Effort(pools=20, blocks=2)


def measure(bench: Workbench) -> Measurement:
    """Percentiles of every re-ranker at both sizes. Needs nothing prepared."""
    return run(QUICK if bench.quick else Effort())


def run(effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    threadpool_limits(limits=1, user_api="blas")  # as in the engine
    rows: list[Row] = []
    for size in SIZES:
        pools = [_pool(size, number) for number in range(effort.pools)]
        asked = [Contender(name, partial(_asked, steps), pools) for name, steps in CONTENDERS.items()]
        turns = [interleaved(asked, effort.blocks) for _ in range(TURNS)]
        for name in CONTENDERS:
            usual = np.median([turn[name] for turn in turns], axis=0)  # (turns, pools) -> (pools,)
            rows.append({"what": name, "candidates": size, **spread(usual.tolist())})
    held = [row for row in rows if row["candidates"] == HELD]
    bars = [
        Bar(f"p95 of {row['what']}, {HELD} candidates to {SHELF}", BAR_MS, "ms", float(row["p95_ms"])) for row in held
    ]
    return Measurement("reranking", "How long re-ranking a shelf takes", PROTOCOL, rows, bars)


def _asked(steps: Sequence[Reranker], pool: Pool) -> object:
    return rerank(pool, SHELF, steps)


def _pool(size: int, number: int) -> Pool:
    random = np.random.default_rng(SEED + number)
    vectors = clustered(size, 0, DIMENSION)[0]
    return Pool(
        vectors[random.permutation(size)],
        np.sort(random.random(size))[::-1].copy(),
        {
            "category": random.integers(0, 30, size).astype(np.int32),
            "brand": random.integers(0, 60, size).astype(np.int32),
        },
        {"category": random.dirichlet(np.ones(30))},
        {"tail": random.random(size) < 0.2},
    )


if __name__ == "__main__":
    raise SystemExit(run_alone("reranking", measure))
