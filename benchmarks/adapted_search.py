"""What an adapted encoder adds to the search bar, through the whole search: `python -m benchmarks.adapted_search`.

    python -m benchmarks.adapted_search --electronics FOLDER --electronics-encoder NAME --groceries-encoder NAME

Two catalogues are prepared and opened like any shop, once with the built-in encoder and once with one that `python -m
recsys adapt` kept; the same queries are asked of both. Writes benchmarks/results/adapted_search.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.grocery_search import grades, queries
from benchmarks.machine import described
from recsys import schema as s
from recsys.artifacts import fingerprint, write_whole
from recsys.datasets import storage
from recsys.encoders.weights import MINILM
from recsys.engine import imported
from recsys.evaluation.search import judgments as reading
from recsys.evaluation.search import searching, systems
from recsys.evaluation.search.judgments import Judgments
from recsys.preparation import Plan
from recsys.settings import PROJECT, Settings, load_settings
from recsys.shops.imported import catalogue as reading_products
from recsys.shops.imported.catalogue import SearchCatalogue
from recsys.shops.imported.product_fields import Product
from recsys.training.encoders import judging, kept
from recsys.training.encoders.texts import sample

RESULT: Final = PROJECT / "benchmarks" / "results" / "adapted_search.json"
PRODUCTS: Final = 4_000  # of a catalogue: every judged one, others drawn
NOT_RIGHT: Final = 60  # products that are no answer, drawn for each query of groceries and judged 0
METRICS: Final = ("pooled_ndcg@10", "ndcg@10")
SYSTEMS: Final = ("meaning", "mix", "shelflens")
PROTOCOL: Final = {
    "asked": "the same queries of the whole search as the app runs it (lists by Engine.answer, judged products by "
    "Engine.scores), once with the built-in encoder for products and queries, once with the adapted one; meaning is "
    "cosine alone, mix 0.3 BM25 and 0.7 cosine",
    "adapted": "by LoRA on the texts of eight tenths of the catalogue's names: no query, no judgment, no purchase; "
    "nothing was chosen by the figures here",
    "electronics": "people's judgments, 0 to 3",
    "groceries": "queries of people who made the search, graded by rules; one product per name and category",
    "ndcg@10": "all products ranked; gain 2^rating - 1, unjudged 0, ideal from the judged; pooled: the judged alone",
    "interval": "percentile bootstrap over queries, 95 %; changes are paired, query by query",
}


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A catalogue, what is judged of it, and the encoder that learned its texts."""

    name: str
    catalogue: SearchCatalogue
    judgments: Judgments
    adapted: str


def electronics(folder: Path, adapted: str, seed: int) -> Ground:
    """The catalogue with people's judgments."""
    read = reading_products.load(folder).by_id()
    judged = reading.load(folder / "judgments.csv").known(frozenset(read.ids))
    there = {each for graded in judged.ratings.values() for each in graded}
    return Ground("electronics", part_of(read, there, seed), judged, adapted)


def groceries(settings: Settings, adapted: str, seed: int) -> Ground:
    """The names and categories of a shop of groceries."""
    items = storage.load_items(Plan.of(settings).open("dataset").path).drop_duplicates([s.NAME, s.CATEGORY])
    items = items.reset_index(drop=True)
    ids = [f"g{row:06d}" for row in range(len(items))]
    rng, ratings = np.random.default_rng(seed), dict[str, dict[str, int]]()
    for query in queries():
        found = grades(query, items)
        if found.any():
            others = rng.permutation(np.flatnonzero(found == 0))[:NOT_RIGHT]
            right = {ids[row]: 3 if found[row] == 2 else 1 for row in np.flatnonzero(found).tolist()}
            ratings[query.text] = {ids[row]: 0 for row in others.tolist()} | right
    products = [
        Product(own, name, brand, category, "", (), "", "")
        for own, name, brand, category in zip(
            ids, *(items[c].fillna("").astype(str) for c in (s.NAME, s.BRAND, s.CATEGORY)), strict=True
        )
    ]
    mark = fingerprint(settings.shop, ids, items[s.NAME].astype(str).tolist())
    read = reading_products.of_products("groceries", products, mark)
    there = {each for graded in ratings.values() for each in graded}
    small = part_of(read, there, seed)
    return Ground("groceries", small, Judgments("graded by rules", ratings).known(frozenset(small.ids)), adapted)


def part_of(catalogue: SearchCatalogue, judged: set[str], seed: int) -> SearchCatalogue:
    """Every judged product and others that are drawn, PRODUCTS in all where there are so many."""
    first = [row for row, each in enumerate(catalogue.ids) if each in judged]
    others = [row for row, each in enumerate(catalogue.ids) if each not in judged]
    rows = sorted([*first, *sample(others, max(0, PRODUCTS - len(first)), seed).tolist()])
    columns = ("ids", "titles", "brands", "categories", "descriptions", "attributes", "images")
    kept_rows: dict[str, Any] = {name: tuple(getattr(catalogue, name)[row] for row in rows) for name in columns}
    return replace(
        catalogue, **kept_rows, prices=catalogue.prices[rows], fingerprint=fingerprint(catalogue.fingerprint, rows)
    )


def values_of(ground: Ground, encoder: str, settings: Settings) -> dict[str, dict[str, Any]]:
    """System -> metric -> (b,) values of the queries, with that encoder."""
    engine = imported.open_catalogue(ground.catalogue, settings.model_copy(update={"encoder": encoder}))
    searched = imported.searched(engine)
    found = {}
    for system in systems.systems(searched, SYSTEMS):
        judged = searching.judge(system, searched.ids, ground.judgments)
        found[system.name] = {name: judged.values[name].to_numpy(np.float32) for name in METRICS}
        told = {name: round(float(each.mean()), 4) for name, each in found[system.name].items()}
        print(ground.name, Path(encoder).name, system.name, told, file=sys.stderr, flush=True)
    return found


def compared(ground: Ground, settings: Settings) -> dict[str, Any]:
    """Both encoders on one catalogue, and what the adapted one adds, with intervals."""
    encoder = kept.find(settings.encoders_dir, ground.adapted)
    before, after = (values_of(ground, each, settings) for each in (MINILM, str(encoder.path)))
    return {
        "catalogue": ground.name,
        "products": len(ground.catalogue),
        "queries": len(ground.judgments.answerable()),
        "adapted": {name: encoder.card.get(name) for name in ("name", "method", "minutes", "settings", "figures")},
        "systems": {
            system: {
                metric: {
                    "before": judging.figure(before[system][metric], None),
                    "after": judging.figure(after[system][metric], before[system][metric]),
                }
                for metric in METRICS
            }
            for system in SYSTEMS
        },
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--electronics", type=Path, required=True, metavar="FOLDER")
    for name in ("electronics", "groceries"):
        parser.add_argument(f"--{name}-encoder", required=True, metavar="NAME", help="a kept encoder")
    parser.add_argument("--groceries", default="complete_journey_sample", metavar="SHOP", help="a prepared shop")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    settings = load_settings()
    own = settings.model_copy(update={"cache_dir": settings.cache_dir / "adapted_search"})
    shop = settings.model_copy(update={"shop": options.groceries})
    grounds = [
        electronics(options.electronics, options.electronics_encoder, options.seed),
        groceries(shop, options.groceries_encoder, options.seed),
    ]
    said = [f"--electronics FOLDER/{options.electronics.resolve().name}"]
    said += [f"--electronics-encoder {options.electronics_encoder}", f"--groceries {options.groceries}"]
    said += [f"--groceries-encoder {options.groceries_encoder}"]
    report = {
        "command": f"python -m benchmarks.adapted_search {' '.join(said)}",
        "protocol": PROTOCOL,
        "catalogues": [compared(ground, own) for ground in grounds],
        "machine": described(),
    }
    write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())


if __name__ == "__main__":
    main()
