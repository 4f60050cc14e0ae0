"""How fast the ten nearest vectors are found, beside numpy, scikit-learn and FAISS, and how many of them truly are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchmarks.measurement import Measurement, Row, Workbench
from benchmarks.peers import Search, faiss_flat, numpy_fp32, scikit_learn
from benchmarks.report import run_alone
from benchmarks.shopper_queries import first_queries
from benchmarks.timing import Contender, interleaved, spread
from recsys.engine import Engine
from recsys.index.exact import ExactIndex
from recsys.schema import Floats

TOP: Final = 10
SEED: Final = 20_170_101
CLUSTERS: Final = 500
WITHIN: Final = 0.75  # length of the noise around a centre of length 1: neighbours at cosines of .5 to .8, as products
ROWS_AT_A_TIME: Final = 10_000
TIE: Final = 1e-6  # float32 rounding of an inner product of unit vectors
OURS: Final = "ExactIndex"

Doubles = npt.NDArray[np.float64]

PROTOCOL: Final = (
    "10 best for one query at a time, one thread asking, default threads inside",
    "catalogue: the vectors of its distinct texts and real queries; synthetic: unit vectors around 500 random centres "
    f"of unequal size, queries drawn the same way, seed {SEED}",
    "all contenders interleaved block by block; the first search of a turn is not counted",
    "ExactIndex is saved and loaded, so that its rows are memory-mapped as in the app",
    "recall@10: the share of what was found whose exact score (float64) reaches the tenth best, to 1e-6 (ties)",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    synthetic_rows: int = 100_000
    queries: int = 200
    blocks: int = 10


QUICK: Final = Effort(queries=30, blocks=3)


def measure(bench: Workbench) -> Measurement:
    """Percentiles and recall of every contender at both sizes."""
    return run(bench.engine, QUICK if bench.quick else Effort())


def run(engine: Engine, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    asked = engine.encoder.encode(first_queries(effort.queries))
    rows, seconds = compared("catalogue", np.array(engine.index.distinct), asked, effort.blocks)
    facts: dict[str, Any] = {"build_seconds": {f"{len(engine.index.distinct):,}": seconds}}
    vectors, queries = clustered(effort.synthetic_rows, effort.queries, engine.index.dimension)
    more, seconds = compared("synthetic", vectors, queries, effort.blocks)
    facts["build_seconds"][f"{len(vectors):,}"] = seconds
    skipped = [] if any("faiss" in str(row["what"]) for row in more) else ["FAISS is not installed"]
    return Measurement(
        "index", "How fast the ten nearest vectors are found", PROTOCOL, [*rows, *more], (), facts, skipped
    )


def compared(kind: str, vectors: Floats, queries: Floats, blocks: int) -> tuple[list[Row], float]:
    """(a row per contender, seconds to build ours)."""
    with TemporaryDirectory(prefix="shelflens-index-") as folder:
        started = time.perf_counter()
        ExactIndex.build(vectors).save(Path(folder))
        seconds = time.perf_counter() - started
        loaded = ExactIndex.load(Path(folder))
        searches: dict[str, Search | None] = {
            OURS: lambda query: loaded.search(query, TOP).rows,
            "numpy fp32, argpartition": numpy_fp32(vectors, TOP),
            "faiss flat": faiss_flat(vectors, TOP),
            "scikit-learn cosine, argsort": scikit_learn(vectors, TOP),
        }
        there = {name: search for name, search in searches.items() if search is not None}
        times = interleaved([Contender(name, search, list(queries)) for name, search in there.items()], blocks)
        mine = float(np.median(times[OURS]))
        exact = exact_scores(vectors, queries)
        rows: list[Row] = [
            {
                "what": name,
                "vectors": kind,
                "rows": len(vectors),
                **spread(times[name]),
                "times_ours": float(np.median(times[name])) / mine,
                "recall_at_10": recall(exact, [search(query) for query in queries]),
            }
            for name, search in there.items()
        ]
    return rows, seconds


def clustered(n: int, queries: int, dimension: int) -> tuple[Floats, Floats]:
    """Unit vectors around random centres, most in a few large clusters: ((n, d), (queries, d))."""
    random = np.random.default_rng(SEED)
    centres = random.standard_normal((CLUSTERS, dimension), np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    sizes = 1.0 / np.arange(1, CLUSTERS + 1)  # Zipf, as departments are
    chosen = random.choice(CLUSTERS, n + queries, p=sizes / sizes.sum())
    noise = random.standard_normal((n + queries, dimension), np.float32)
    points = centres[chosen] + np.float32(WITHIN / np.sqrt(dimension)) * noise
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points[:n], points[n:]


def exact_scores(vectors: Floats, queries: Floats) -> Doubles:
    """Every inner product in float64: (q, n)."""
    scores = np.empty((len(queries), len(vectors)))
    wide = queries.astype(np.float64)
    for start in range(0, len(vectors), ROWS_AT_A_TIME):
        part = vectors[start : start + ROWS_AT_A_TIME].astype(np.float64)
        scores[:, start : start + len(part)] = wide @ part.T  # (q, d) @ (d, m) -> (q, m)
    return scores


def recall(scores: Doubles, found: Sequence[npt.NDArray[Any]]) -> float:
    """The mean share of found rows that belong to the best len(found): (q, n) exact scores, q lists of rows."""
    shares = []
    for mine, rows in zip(scores, found, strict=True):
        border = np.partition(mine, len(mine) - len(rows))[len(mine) - len(rows)]
        shares.append(float(np.mean(mine[rows] >= border - TIE)))
    return float(np.mean(shares))


if __name__ == "__main__":
    raise SystemExit(run_alone("index", measure))
