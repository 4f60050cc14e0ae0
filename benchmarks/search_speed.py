"""How long a whole search takes at 68,000 and 100,000 products, and a completion, beside what others search with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks import understanding
from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.peers import bm25s_words, naive_stack, semantic_search, tantivy_words
from benchmarks.report import run_alone
from benchmarks.shopper_queries import QUERIES, first_queries
from benchmarks.timing import Contender, interleaved, spread
from recsys import schema as s
from recsys.datasets.search_catalogue import SearchCatalogue
from recsys.datasets.storage import load_items
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.evaluation.search.indexing import ranker_of
from recsys.evaluation.search.systems import Encode
from recsys.index.shared_rows import SharedRowsIndex
from recsys.preparation import Plan
from recsys.query.understanding import Understanding
from recsys.query.words import ShopWords
from recsys.ranking.search_ranker import SearchRanker
from recsys.schema import Floats
from recsys.shops import registry

K: Final = 10
LARGER: Final = 100_000
NOISE: Final = 0.01  # of each of 384 numbers: a copy has a cosine of 0.98 with what it was made of

COMPLETIONS, FUSION, FINER = "completions", "ShelfLens: fusion", "ShelfLens: with the finer look"
ENCODING, WORDS = "ShelfLens: encoding the query alone", "bm25s alone"
TANTIVY, TORCH = "tantivy alone", "sentence-transformers: encode, semantic_search"
NAIVE = "naive stack: sentence-transformers, cosine, argsort"
LIMITS: Final = {COMPLETIONS: 5.0, FUSION: 10.0, FINER: 40.0}  # ms, of the 95th percentile

PROTOCOL: Final = (
    "one person at a time, warm; the ten best of each query; milliseconds from the text of the query to their rows",
    "catalogue: all products of the shop, each with its own title, brand, category and the vector of its text; "
    f"{LARGER:,}: the same products again, every vector moved a little, so that none is shared",
    "ShelfLens: the search of `python -m recsys evaluate search`, saved and loaded, so that its arrays are "
    "memory-mapped; fusion is the same search without the kind of product asked for",
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


@dataclass(frozen=True, slots=True, eq=False)
class Shop:
    """Products to search: their texts, and the vectors of their titles and of what is said of them, (n, d) each."""

    catalogue: SearchCatalogue
    titles: Floats
    descriptions: Floats

    def words(self) -> dict[str, list[str]]:
        """The fields that hold words, by name, a text per product."""
        c = self.catalogue
        fields = {"title": c.titles, "brand": c.brands, "category": c.categories, "description": c.descriptions}
        return {name: list(texts) for name, texts in fields.items() if any(texts)}

    def repeated(self, size: int) -> Shop:
        """The products over and over until there are `size`, each vector moved a little."""
        c, rows = self.catalogue, np.arange(size) % len(self.catalogue)
        many: dict[str, Any] = {
            name: tuple(getattr(c, name)[row] for row in rows.tolist())
            for name in ("titles", "brands", "categories", "descriptions", "attributes", "images")
        }
        ids = tuple(str(place) for place in range(size))
        return Shop(
            replace(c, ids=ids, prices=c.prices[rows], fingerprint=f"{c.fingerprint}-{size}", **many),
            moved(self.titles[rows]),
            moved(self.descriptions[rows]),
        )


def moved(vectors: Floats) -> Floats:
    """The vectors (n, d) with a little noise on each, of length 1 again."""
    noise = np.random.default_rng(0).standard_normal(vectors.shape, dtype=np.float32)
    there: Floats = vectors + np.float32(NOISE) * noise
    there /= np.linalg.norm(there, axis=1, keepdims=True)
    return there


def shop_of(items: pd.DataFrame, vectors: Floats) -> Shop:
    """The shop's products; `vectors` (n_items, d) stand for the title and, as nothing more is said, for that too."""
    nothing = ("",) * len(items)
    texts = {name: tuple(items[name].astype(str)) for name in (s.ITEM_ID, s.TITLE, s.BRAND, s.CATEGORY)}
    catalogue = SearchCatalogue(
        name="the shop",
        ids=texts[s.ITEM_ID],
        titles=texts[s.TITLE],
        brands=texts[s.BRAND],
        categories=texts[s.CATEGORY],
        descriptions=nothing,
        attributes=((),) * len(items),
        images=nothing,
        prices=items[s.PRICE].to_numpy(np.float32),
        fingerprint="",
        notes=(),
    )
    return Shop(catalogue, vectors, vectors)


def measure(bench: Workbench) -> Measurement:
    """Percentiles of every contender at both sizes."""
    plan = Plan.of(bench.settings)
    items, index = load_items(plan.open("dataset").path), SharedRowsIndex.load(plan.open("vectors").path)
    vectors = index.vectors_at(np.arange(index.size, dtype=np.int32))
    encoder = OnnxTextEncoder(plan.open("encoder").path, bench.settings.threads or 1)
    completer = Understanding.load(plan.open("understanding").path, ShopWords.of(registry.shop(bench.settings.shop)))
    encode: Encode = lambda text: encoder.encode([text])[0]  # noqa: E731
    setting = bench.settings.encoder
    return run(items, vectors, encode, completer, setting, QUICK if bench.quick else Effort())


def run(
    items: pd.DataFrame, vectors: Floats, encode: Encode, completer: Understanding, setting: str, effort: Effort
) -> Measurement:
    """The measurement with a given effort; `setting` names the encoder of the stacks of sentence-transformers."""
    shop, rows, left_out = shop_of(items, vectors), [], ""
    rows += completions(completer, len(items), first_queries(effort.queries), effort.blocks)
    more = understanding.synthetic(effort.larger)
    with understanding.opened(more, completer.vocabulary.words) as (larger, _):
        asked = understanding.spaced(understanding.asked_of(more), effort.queries)
        rows += completions(larger, effort.larger, asked, effort.blocks)
    queries = first_queries(effort.queries)
    with torch_on_one_thread() if effort.naive else nullcontext():
        for one in (shop, shop.repeated(effort.larger)):
            others = stacks(one.titles, setting, first_queries(effort.peer_queries)) if effort.naive else []
            found, left_out = compared(one, encode, queries, effort.blocks, others)
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


def completions(completer: Understanding, products: int, queries: Sequence[str], blocks: int) -> list[Row]:
    """The row of what stands below the box while somebody types."""
    asked = Contender(COMPLETIONS, completer.completions.complete, understanding.prefixes(queries))
    return _rows(interleaved([asked], blocks), products)


def compared(
    shop: Shop, encode: Encode, queries: Sequence[str], blocks: int, others: Sequence[Contender] = ()
) -> tuple[list[Row], str]:
    """(a row per way of searching and one for each of the `others`, what was left out and why, or "")."""
    with searches(shop, encode) as (ways, left_out), threadpool_limits(limits=1):
        ours = [Contender(name, ask, queries) for name, ask in ways.items()]
        times = interleaved([*ours, *others], blocks)
    return _rows(times, len(shop.catalogue)), left_out


@contextmanager
def searches(shop: Shop, encode: Encode) -> Iterator[tuple[dict[str, Callable[[str], Any]], str]]:
    """Ways from a query to the rows of its ten best products, by name; and what was left out and why, or ""."""
    words = shop.words()
    texts = [" ".join(parts) for parts in zip(*words.values(), strict=True)]
    tantivy = tantivy_words(words, K)
    with TemporaryDirectory(prefix="shelflens-search-") as folder:
        ranker_of(shop.catalogue, shop.titles, shop.descriptions).save(Path(folder))
        finer = SearchRanker.load(Path(folder))
        fused = finer.with_weights(replace(finer.weights, kind=0.0))
        ways: dict[str, Callable[[str], Any]] = {
            FUSION: lambda query: fused.search(query, encode(query), K).rows,
            FINER: lambda query: finer.search(query, encode(query), K).rows,
            ENCODING: encode,
            WORDS: bm25s_words(texts, K),
        }
        yield (
            ways | ({TANTIVY: tantivy} if tantivy else {}),
            "" if tantivy else "tantivy is not installed; `pip install -r requirements-dev.txt` brings it",
        )


def stacks(vectors: Floats, setting: str, queries: Sequence[str]) -> list[Contender]:
    """What a person would put together from sentence-transformers."""
    ways = {NAIVE: naive_stack(setting, vectors, K), TORCH: semantic_search(setting, vectors, K)}
    return [Contender(name, ask, queries) for name, ask in ways.items()]


@contextmanager
def torch_on_one_thread() -> Iterator[None]:
    """Until the end of the block; what else is measured in this process keeps its threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


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
