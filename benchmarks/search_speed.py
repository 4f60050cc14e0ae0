"""How long a whole search takes at 68,000 and 100,000 products, and a completion, beside what others search with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import understanding
from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.peers import bm25s_words, naive_stack, semantic_search, tantivy_words
from benchmarks.report import run_alone
from benchmarks.shopper_queries import QUERIES, first_queries
from benchmarks.timing import Contender, interleaved, spread
from recsys import schema as s
from recsys.artifacts import fingerprint
from recsys.datasets.completing import completed
from recsys.datasets.contract import Dataset
from recsys.engine import Engine
from recsys.index.shared_rows import SharedRowsIndex
from recsys.learning.reinforcement.network import one_thread
from recsys.preparation import FIRST_SHELF, STEPS, Plan, prepare, tidying
from recsys.progress import Progress
from recsys.query.understanding import Understanding
from recsys.query.words import ShopWords
from recsys.schema import Floats, Knobs, Request
from recsys.shops import registry
from recsys.shops.contract import Shop
from recsys.steps.contract import Context

K: Final = 10
LARGER: Final = 100_000
LARGER_SHOP: Final = f"larger_for_a_benchmark_{os.getpid()}"  # two at once do not wait for each other
NOISE: Final = 0.01  # of each of 384 numbers: a copy has a cosine of 0.98 with what it was made of

COMPLETIONS, FUSION, FINER = "completions", "ShelfLens: fusion", "ShelfLens: with the finer look"
ENCODING, WORDS = "ShelfLens: encoding the query alone", "bm25s alone"
TANTIVY, TORCH = "tantivy alone", "sentence-transformers: encode, semantic_search"
NAIVE = "naive stack: sentence-transformers, cosine, argsort"
LIMITS: Final = {COMPLETIONS: 5.0, FUSION: 15.0, FINER: 40.0}  # ms, of the 95th percentile

PROTOCOL: Final = (
    "one person at a time, warm; the ten best of each query; milliseconds from the text of the query to their rows",
    "catalogue: all products of the shop, each with its own title, brand, category and the vector of its text; "
    f"{LARGER:,}: the same products again, every vector moved a little, so that none is shared",
    "ShelfLens: the whole answer of the engine, as the storefront and `python -m recsys evaluate search` ask for it: "
    "query read, candidates found and scored, reasons given; fusion is the same without the kind of product asked for",
    "completions: every prefix of every query, letter by letter, for a person who types; at the larger size over "
    "products that each have a name of their own",
    "bm25s and tantivy match words only: title, brand and category, bm25s in one text with its English stop words, "
    "tantivy in three fields with its English stemmer, in memory",
    "the stacks of sentence-transformers encode the query by torch and compare it with every product: by scikit-learn "
    "and a full sort, or by the library's own semantic_search on vectors made ready",
    "all searches are interleaved block by block, the first of a turn not counted; each on one thread, as in the app: "
    "with two, waiting threads of one library keep the other's from the processor, and what takes 16 ms takes 500",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    queries: int = len(QUERIES)
    peer_queries: int = 40  # of the stacks of sentence-transformers, which take a hundred times as long
    blocks: int = 5
    larger: int = LARGER
    naive: bool = True


QUICK: Final = Effort(queries=30, peer_queries=6, blocks=2)


def moved(vectors: Floats) -> Floats:
    """The vectors (n, d) with a little noise on each, of length 1 again."""
    noise = np.random.default_rng(0).standard_normal(vectors.shape, dtype=np.float32)
    there: Floats = vectors + np.float32(NOISE) * noise
    there /= np.linalg.norm(there, axis=1, keepdims=True)
    return there


def all_vectors(engine: Engine) -> Floats:
    """The vector of every product, (n_items, d)."""
    return engine.index.vectors_at(np.arange(engine.index.size, dtype=np.int32))


@contextmanager
def repeated(engine: Engine, size: int) -> Iterator[Engine]:
    """A shop that has the same products over and over until there are `size`, prepared, open, and removed afterwards.

    Each has a text and a vector of its own: nothing is shared.
    """
    rows = np.arange(size) % len(engine.items)
    columns = [s.TITLE, s.NAME, s.SIZE, s.BRAND, s.CATEGORY, s.DEPARTMENT, s.PRICE, s.KIND]
    items = engine.items[columns].iloc[rows].reset_index(drop=True)
    items.insert(0, s.ITEM_ID, np.arange(size))
    items[s.TEXT] = [f"{title} {place}" for place, title in enumerate(items[s.TITLE])]

    def load(progress: Progress) -> Dataset:
        return completed(LARGER_SHOP, items, source="the shop, repeated", licence="the shop's", icon="📦")

    def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        SharedRowsIndex.of(moved(all_vectors(engine)[rows]), np.arange(size, dtype=np.int32)).save(folder)
        return {"texts": size}

    shop = Shop(
        LARGER_SHOP, "The shop, repeated", "", "", load, lambda: fingerprint(size, engine.plan.versions["vectors"])
    )
    registry.bring(shop)
    settings = engine.settings.model_copy(update={"shop": shop.name})
    steps = {**STEPS, "vectors": replace(STEPS["vectors"], make=make)}
    try:
        prepare(settings, steps={name: steps[name] for name in FIRST_SHELF})
        yield Engine(settings, Plan.of(settings, steps))
    finally:
        tidying.delete(settings, shop.name)


def measure(bench: Workbench) -> Measurement:
    """Percentiles of every contender at both sizes."""
    return run(bench.engine, QUICK if bench.quick else Effort())


def run(engine: Engine, effort: Effort) -> Measurement:
    """The measurement with a given effort."""
    words = ShopWords.of(engine.shop)
    shop = Understanding.load(engine.plan.open("understanding").path, words)
    rows = completions(shop, len(engine.items), first_queries(effort.queries), effort.blocks)
    more = understanding.synthetic(effort.larger)
    with understanding.opened(more, words) as (larger, _):
        asked = understanding.spaced(understanding.asked_of(more), effort.queries)
        rows += completions(larger, effort.larger, asked, effort.blocks)
    with one_thread() if effort.naive else nullcontext(), repeated(engine, effort.larger) as second:
        for one in (engine, second):
            found, left_out = at_one_size(one, effort)
            rows += found
    bars = [
        Bar(f"{what}, p95, {row['products']:,} products", limit, "ms", float(row["p95_ms"]))
        for what, limit in LIMITS.items()
        for row in rows
        if row["what"] == what
    ]
    facts = {"times_as_long_as_fusion": beside(rows)}
    return Measurement(
        "search_speed", "How long a whole search takes", PROTOCOL, rows, bars, facts, [left_out] if left_out else []
    )


def at_one_size(engine: Engine, effort: Effort) -> tuple[list[Row], str]:
    """(a row per way of searching these products, what was left out and why, or "")."""
    setting, queries = engine.settings.encoder, first_queries(effort.peer_queries)
    others = stacks(all_vectors(engine), setting, queries) if effort.naive else []
    return compared(engine, first_queries(effort.queries), effort.blocks, others)


def completions(completer: Understanding, products: int, queries: Sequence[str], blocks: int) -> list[Row]:
    """The row of what stands below the box while somebody types."""
    asked = Contender(COMPLETIONS, completer.completions.complete, understanding.prefixes(queries))
    return _rows(interleaved([asked], blocks), products)


def compared(
    engine: Engine, queries: Sequence[str], blocks: int, others: Sequence[Contender] = ()
) -> tuple[list[Row], str]:
    """(a row per way of searching and one for each of the `others`, what was left out and why, or "")."""
    ways, left_out = searches(engine)
    with threadpool_limits(limits=1):
        ours = [Contender(name, ask, queries) for name, ask in ways.items()]
        times = interleaved([*ours, *others], blocks)
    return _rows(times, len(engine.items)), left_out


def searches(engine: Engine) -> tuple[dict[str, Callable[[str], Any]], str]:
    """(ways from a query to the rows of its ten best products, by name; what was left out and why, or "")."""
    columns = [name for name in (s.TITLE, s.BRAND, s.CATEGORY, s.DESCRIPTION) if name in engine.items]
    words = {name: engine.items[name].astype(str).tolist() for name in columns}
    texts = [" ".join(parts) for parts in zip(*words.values(), strict=True)]
    tantivy = tantivy_words(words, K)
    ways: dict[str, Callable[[str], Any]] = {
        FUSION: partial(shelf, engine, Knobs(fold="none", kind_weight=0.0)),
        FINER: partial(shelf, engine, Knobs(fold="none")),
        ENCODING: lambda query: engine.encoder.encode([query])[0],
        WORDS: bm25s_words(texts, K),
    }
    missing = "" if tantivy else "tantivy is not installed; `pip install -r requirements-dev.txt` brings it"
    return ways | ({TANTIVY: tantivy} if tantivy else {}), missing


def shelf(engine: Engine, knobs: Knobs, query: str) -> list[int]:
    """The rows of the ten products that a shelf shows to nobody in particular."""
    return [item.row for item in engine.answer(Request(query=query, k=K, knobs=knobs)).items]


def stacks(vectors: Floats, setting: str, queries: Sequence[str]) -> list[Contender]:
    """What a person would put together from sentence-transformers."""
    ways = {NAIVE: naive_stack(setting, vectors, K), TORCH: semantic_search(setting, vectors, K)}
    return [Contender(name, ask, queries) for name, ask in ways.items()]


def _rows(times: Mapping[str, Sequence[float]], products: int) -> list[Row]:
    return [{"what": what, "products": products, **spread(its)} for what, its in times.items()]


def beside(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """The median of every search over that of the fusion, by number of products."""
    fusion = {row["products"]: float(row["p50_ms"]) for row in rows if row["what"] == FUSION}
    return {
        f"{products:,}": {
            str(row["what"]): float(row["p50_ms"]) / mine
            for row in rows
            if row["products"] == products and row["what"] not in (COMPLETIONS, FUSION)
        }
        for products, mine in fusion.items()
    }


if __name__ == "__main__":
    raise SystemExit(run_alone("search_speed", measure))
