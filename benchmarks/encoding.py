"""How fast product texts become vectors, beside plain sentence-transformers, and how far the two agree."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.measurement import Bar, Measurement, Workbench
from benchmarks.peers import sentence_transformer
from benchmarks.report import run_alone
from benchmarks.shopper_queries import first_queries
from recsys.encoders import weights
from recsys.engine import Engine
from recsys.schema import TEXT, Floats

RATIO_BAR: Final = 3.0
PEER_BATCH: Final = 32  # the default of SentenceTransformer.encode
TOP: Final = 10
OURS, PLAIN = "TorchTextEncoder", "sentence-transformers, encode(batch_size=32)"

PROTOCOL: Final = (
    "distinct product texts, evenly spread over the catalogue, in catalogue order; both models loaded and warm",
    "interleaved rounds (A B, B A, ...); texts per second by round, the median counts",
    "agreement: the share of the 10 nearest of these texts that both find for a query, the mean over queries; ours "
    "searches with the query vectors that are served (ONNX), sentence-transformers with its own",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    texts: int = 4_000
    rounds: int = 3
    queries: int = 200


QUICK: Final = Effort(texts=600, rounds=1, queries=50)


def measure(bench: Workbench) -> Measurement:
    """Texts per second of both, their ratio, and how far they agree."""
    return run(bench.engine, QUICK if bench.quick else Effort())


def run(engine: Engine, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    from recsys.encoders.torch_encoder import TorchTextEncoder

    texts = spread_texts(engine, effort.texts)
    queries = first_queries(effort.queries)
    lean = TorchTextEncoder(weights.locate(engine.settings.encoder))
    plain = sentence_transformer(engine.settings.encoder)
    ways: dict[str, Callable[[list[str]], Any]] = {
        OURS: lean.encode,
        PLAIN: lambda t: plain.encode(t, batch_size=PEER_BATCH, normalize_embeddings=True, show_progress_bar=False),
    }
    speeds, vectors = timed(ways, texts, effort.rounds)
    ours, theirs = vectors[OURS], vectors[PLAIN]
    agreement = same_top(ours, theirs, engine.encoder.encode(queries), np.asarray(ways[PLAIN](queries)), TOP)
    ratio = float(np.median(speeds[OURS]) / np.median(speeds[PLAIN]))
    rows = [
        {
            "what": name,
            "texts": len(texts),
            "texts_per_second": float(np.median(by_round)),
            "slowest_round": min(by_round),
            "fastest_round": max(by_round),
            "times_plain": float(np.median(by_round) / np.median(speeds[PLAIN])),
        }
        for name, by_round in speeds.items()
    ]
    facts = {
        "precision": lean.precision,
        "mean_tokens": float(np.mean([len(ids) for ids in plain.tokenizer(texts)["input_ids"]])),
        "ratio_by_round": [a / b for a, b in zip(speeds[OURS], speeds[PLAIN], strict=True)],
        f"same_top_{TOP}": agreement,
        "one_minus_mean_cosine": 1.0 - float(np.mean(np.einsum("ij,ij->i", ours, theirs, dtype=np.float64))),
        "queries": len(queries),
    }
    return Measurement(
        "encoding",
        "How fast product texts become vectors",
        PROTOCOL,
        rows,
        [Bar("texts per second over plain sentence-transformers", RATIO_BAR, "times", ratio, True)],
        facts,
    )


def spread_texts(engine: Engine, n: int) -> list[str]:
    """n distinct product texts, evenly spread over the catalogue."""
    distinct = pd.unique(engine.items[TEXT].astype(str).to_numpy(dtype=object))
    rows = np.linspace(0, len(distinct) - 1, min(n, len(distinct))).astype(np.int64)
    return [str(text) for text in distinct[rows]]


def timed(
    ways: dict[str, Callable[[list[str]], Any]], texts: list[str], rounds: int
) -> tuple[dict[str, list[float]], dict[str, Floats]]:
    """(texts per second by way and round, vectors by way)."""
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    vectors: dict[str, Floats] = {}
    for encode in ways.values():
        encode(texts[:64])
    for number in range(rounds):
        for name in list(ways) if number % 2 == 0 else list(reversed(ways)):
            start = time.perf_counter()
            vectors[name] = np.asarray(ways[name](texts), np.float32)
            speeds[name].append(len(texts) / (time.perf_counter() - start))
    return speeds, vectors


def same_top(ours: Floats, theirs: Floats, our_queries: Floats, their_queries: Floats, k: int) -> float:
    """The mean share of the k nearest rows that both find: (n, d) and (n, d) by (q, d) and (q, d)."""
    mine = np.argsort(-(our_queries @ ours.T), axis=1, kind="stable")[:, :k]  # (q, d) @ (d, n) -> (q, n)
    other = np.argsort(-(their_queries @ theirs.T), axis=1, kind="stable")[:, :k]
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(mine, other, strict=True)]))


if __name__ == "__main__":
    raise SystemExit(run_alone("encoding", measure))
