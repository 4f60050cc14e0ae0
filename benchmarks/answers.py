"""How long one person waits for `Engine.answer`, beside the naive stack and a Milvus Lite collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.peers import MilvusCollection, milvus_lite, naive_stack
from benchmarks.report import run_alone
from benchmarks.shopper_queries import first_queries, shopper_ids
from benchmarks.timing import Contender, interleaved, spread
from recsys.engine import Engine
from recsys.schema import ITEM_ID, Floats, Request

QUERY, SHOPPER, BOTH = "Engine.answer: query", "Engine.answer: shopper", "Engine.answer: query + shopper"
BESIDE = "Engine.answer: query, in turn with the peers"
REACTED = "Engine.answer: query + shopper with feedback"
SEARCH = "ShelfLens, encode + dense search only"
NAIVE = "naive stack: sentence-transformers, cosine, argsort"
K: Final = 12  # a shelf
QUERY_BAR_MS: Final = 15.0
SHOPPER_BAR_MS: Final = 25.0
FEEDBACK: Final = ("like", "like", "basket", "dislike")

PROTOCOL: Final = (
    "one person at a time; the engine is open and warm; 12 products per answer, default sliders",
    "200 different queries, 100 households spread over the table, each asked `rounds` times",
    "the feedback database exists and is read by every answer; 20 of the households have given feedback (two likes, "
    "one basket, one dislike) and are the only ones of the line 'with feedback'",
    "first ShelfLens alone, line by line in turn: this holds the bars. Then the peers are loaded, and it and they"
    " take turns in one process (A B, B A, ...); the first request of a turn is not counted",
    "naive stack: SentenceTransformer.encode(query), sklearn cosine_similarity with all product vectors, full argsort; "
    "default threads",
    "Milvus Lite: a local file through MilvusClient, cosine, ids only; queries encoded by the same ONNX encoder",
    "times_query: the line's p50 over that of Engine.answer with a query in the same pass",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    rounds: int = 3
    queries: int = 200
    shoppers: int = 100
    with_feedback: int = 20
    peer_queries: int = 60
    blocks: int = 10
    milvus: tuple[str, ...] = ("FLAT", "AUTOINDEX")
    milvus_products: int = 10_000_000  # all
    naive: bool = True


QUICK: Final = Effort(
    1, queries=60, shoppers=30, with_feedback=10, peer_queries=20, blocks=3, milvus=("FLAT",), milvus_products=6_000
)


def measure(bench: Workbench) -> Measurement:
    """Percentiles of every contender, and the bars of the query and of the shopper."""
    return run(bench.engine, QUICK if bench.quick else Effort())


def run(engine: Engine, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    products = engine.index.vectors_at(np.arange(engine.index.size, dtype=np.int32))  # (n_items, d)
    ours = _ours(engine, effort)
    alone = interleaved(ours, effort.blocks)  # before the peers are loaded: their threads would be measured as ours
    texts = first_queries(min(effort.queries, effort.peer_queries))
    contenders = [Contender(BESIDE, engine.answer, [Request(query=text, k=K) for text in texts])]
    if effort.naive:
        contenders.append(Contender(NAIVE, naive_stack(engine.settings.encoder, products, K), texts))
    shown = products[: effort.milvus_products]
    with milvus_lite(shown, effort.milvus) as (collections, why):
        for name, collection in collections.items():
            contenders += _milvus(engine, name, collection, texts)
        times = interleaved(contenders, effort.blocks)
    given = len(shown) if collections else 0
    facts = {
        "products": len(products),
        "distinct_texts": engine.index.shared.n_rows,
        "milvus_lite_products": given,
        "milvus_lite_load_seconds": {name: c.load_seconds for name, c in collections.items()},
        "median_ms_per_stage": {
            QUERY: _stages(engine, _requests(engine, effort)[QUERY]),
            SHOPPER: _stages(engine, _requests(engine, effort)[SHOPPER]),
        },
    }
    rows = [_row(name, ms, alone[QUERY]) for name, ms in alone.items()]
    rows += [_row(name, ms, times[BESIDE]) for name, ms in times.items()]
    skipped = [why] if why else []
    if 0 < given < len(products):
        skipped.append(f"this quick run gave Milvus Lite {len(shown):,} of the {len(products):,} products")
    return Measurement(
        "answers", "How long one person waits for an answer", PROTOCOL, rows, _bars(alone), facts, skipped
    )


def _requests(engine: Engine, effort: Effort) -> dict[str, list[Request]]:
    queries = first_queries(effort.queries)
    people = shopper_ids(engine, effort.shoppers)
    reacted, quiet = people[: effort.with_feedback], people[effort.with_feedback :]
    longest = max(len(queries), len(people))
    both = [Request(shopper=quiet[i % len(quiet)], query=queries[i % len(queries)], k=K) for i in range(longest)]
    moved = [
        Request(shopper=reacted[i % len(reacted)], query=queries[i % len(queries)], k=K) for i in range(len(people))
    ]
    return {
        QUERY: [Request(query=query, k=K) for query in queries],
        SHOPPER: [Request(shopper=shopper, k=K) for shopper in people],
        BOTH: both,
        REACTED: moved,
    }


def give_feedback(engine: Engine, shoppers: Sequence[str]) -> None:
    """Each of these households reacts to products spread over the catalogue."""
    ids = engine.items[ITEM_ID].to_numpy()
    for person, shopper in enumerate(shoppers):
        for i, kind in enumerate(FEEDBACK):
            item = ids[(person * 997 + i * 7919) % len(ids)]
            engine.record(Request(shopper=shopper), str(item), kind)


def _ours(engine: Engine, effort: Effort) -> list[Contender]:
    give_feedback(engine, shopper_ids(engine, effort.shoppers)[: effort.with_feedback])
    requests = _requests(engine, effort)
    ours = [Contender(name, engine.answer, asked * effort.rounds) for name, asked in requests.items()]

    def search(text: str) -> object:
        return engine.index.search(engine.encoder.encode([text])[0], K)

    return [*ours, Contender(SEARCH, search, first_queries(effort.queries))]


def _milvus(engine: Engine, name: str, collection: MilvusCollection, texts: list[str]) -> list[Contender]:
    vectors: list[Floats] = [engine.encoder.encode([text])[0] for text in texts]
    whole: Callable[[str], Any] = lambda text: collection.search(engine.encoder.encode([text])[0], K)  # noqa: E731
    return [
        Contender(f"Milvus Lite {name}: search only", lambda vector: collection.search(vector, K), vectors),
        Contender(f"Milvus Lite {name}: encode + search", whole, texts),
    ]


def _row(name: str, ms: list[float], query_ms: list[float]) -> Row:
    return {"what": name, **spread(ms), "times_query": float(np.median(ms) / np.median(query_ms))}


def _bars(times: dict[str, list[float]]) -> list[Bar]:
    p95 = {name: float(np.percentile(ms, 95)) for name, ms in times.items()}
    return [
        Bar(f"p95 of {QUERY}", QUERY_BAR_MS, "ms", p95[QUERY]),
        *(Bar(f"p95 of {name}", SHOPPER_BAR_MS, "ms", p95[name]) for name in (SHOPPER, BOTH, REACTED)),
    ]


def _stages(engine: Engine, requests: list[Request]) -> dict[str, float]:
    """The median milliseconds of each stage of these answers."""
    seen: dict[str, list[float]] = {}
    for request in requests:
        for stage in engine.answer(request).stages:
            seen.setdefault(stage.name, []).append(stage.ms)
    return {name: float(np.median(ms)) for name, ms in seen.items()}


if __name__ == "__main__":
    raise SystemExit(run_alone("answers", measure))
