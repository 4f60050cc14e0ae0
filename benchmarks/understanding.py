"""How fast a query is understood: completions, did-you-mean, intent, its filters, names that are not carried."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.measurement import Bar, Measurement, Row, Workbench
from benchmarks.report import run_alone
from benchmarks.shopper_queries import QUERIES
from benchmarks.timing import Contender, interleaved, spread
from recsys import schema as s
from recsys.datasets.storage import load_items
from recsys.preparation import Plan
from recsys.query.filters import relax
from recsys.query.intent import Intent
from recsys.query.parts import Part
from recsys.query.spelling import english_words
from recsys.query.understanding import Understanding
from recsys.query.word_vectors import installed
from recsys.query.words import ShopWords
from recsys.shops import registry

SEED: Final = 20_170_101
SYNTHETIC: Final = 100_000
WORDS: Final = 30_000  # of the synthetic names' vocabulary, drawn as words are: the n-th in proportion to 1 / n
ASKED: Final = ("under $3", "store brand", "16 oz", "no egg", "without chocolate", "half gallon", "$2 to $5", "12 pack")

PROTOCOL: Final = (
    "one thread asking; every part is saved and loaded, so that its arrays are memory-mapped as in the app",
    f"catalogue: all products; synthetic: {SYNTHETIC:,} products, each with a name of its own of 3 to 7 words, "
    f"{WORDS:,} words with Zipf's frequencies, seed {SEED}",
    "completions: every prefix of every query, letter by letter; did you mean: every query with one letter changed, "
    "left out, doubled or swapped",
    "intent: every query with a wish of one of eight kinds; filters: the mask of one part",
    "all contenders interleaved block by block; the first call of a turn is not counted",
)
LIMITS: Final = {"completions": 5.0, "did you mean": 2.0, "one filter": 2.0, "500 characters": 20.0}


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    queries: int = len(QUERIES)
    blocks: int = 5


QUICK: Final = Effort(queries=30, blocks=2)


def measure(bench: Workbench) -> Measurement:
    """Percentiles of every part over the catalogue and over a synthetic one."""
    items = load_items(Plan.of(bench.settings).open("dataset").path)
    words = ShopWords.of(registry.shop(bench.settings.shop))
    return run(items, words, QUICK if bench.quick else Effort())


def run(items: pd.DataFrame, words: ShopWords, effort: Effort, synthetic_items: int = SYNTHETIC) -> Measurement:
    """The measurement with a given effort."""
    facts: dict[str, Any] = {"build_seconds": {}, "open_ms": {}, "megabytes": {}}
    rows: list[Row] = []
    for name, table in (("catalogue", items), ("synthetic", synthetic(synthetic_items))):
        rows += compared(name, table, words, effort, facts)
    bars = [
        Bar(f"{what}, p95, {row['products']} of {row['items']:,}", limit, "ms", float(row["p95_ms"]))
        for what, limit in LIMITS.items()
        for row in rows
        if row["what"] == what
    ]
    return Measurement("understanding", "How fast a query is understood", PROTOCOL, rows, bars, facts)


def compared(name: str, items: pd.DataFrame, words: ShopWords, effort: Effort, facts: dict[str, Any]) -> list[Row]:
    """A row per part; building, opening and size go to the facts."""
    queries = spaced(QUERIES if name == "catalogue" else asked_of(items), effort.queries)
    with opened(items, words) as (there, said):
        for fact, value in said.items():
            facts[fact][f"{name}, {len(items):,}"] = value
        times = interleaved(contenders(there, queries), effort.blocks)
    return [{"what": what, "products": name, "items": len(items), **spread(its)} for what, its in times.items()]


@contextmanager
def opened(items: pd.DataFrame, words: ShopWords) -> Iterator[tuple[Understanding, dict[str, float]]]:
    """What is learned of these products, saved and loaded; and build_seconds, megabytes and open_ms."""
    with TemporaryDirectory(prefix="shelflens-understanding-") as folder:
        started = time.perf_counter()
        Understanding.of(items, english_words(), words, installed()).save(Path(folder))
        seconds = time.perf_counter() - started
        megabytes = sum(file.stat().st_size for file in Path(folder).rglob("*.npy")) / 1e6
        started = time.perf_counter()
        there = Understanding.load(Path(folder), words)
        ms = 1000 * (time.perf_counter() - started)
        yield there, {"build_seconds": seconds, "megabytes": megabytes, "open_ms": ms}


def contenders(opened: Understanding, queries: Sequence[str]) -> list[Contender]:
    """What is timed, and what each is asked."""
    wishes = [f"{query} {ASKED[at % len(ASKED)]}" for at, query in enumerate(queries)]
    parts = [part for wish in wishes for part in opened.read(wish).parts]
    everything = np.ones(opened.filters.size, bool)

    def all_filters(intent: Intent) -> object:
        return relax(opened.filters.masks(intent), everything)

    def mask(part: Part) -> object:
        return opened.filters.mask(part)

    long = [(" ".join([*wishes[at:], *wishes])[:500]) for at in range(len(wishes))]
    asks: list[tuple[str, Callable[[Any], object], Sequence[Any]]] = [
        ("completions", opened.completions.complete, prefixes(queries)),
        ("related searches", opened.completions.related, queries),
        ("did you mean", opened.spelling.correct, misspelt(queries)),
        ("intent", opened.read, wishes),
        ("names not carried", opened.outside.read, queries),
        ("500 characters", opened.read, long),
        ("one filter", mask, parts),
        ("all filters, relaxed", all_filters, [opened.read(f"{wish} cheap -nuts") for wish in wishes]),
    ]
    return [Contender(what, ask, asked) for what, ask, asked in asks]


def spaced(queries: Sequence[str], n: int) -> Sequence[str]:
    """About n of the queries, evenly spread; all of them when there are fewer."""
    return queries[:: max(1, len(queries) // n)]


def prefixes(queries: Sequence[str]) -> list[str]:
    """What stands in the box while each query is typed."""
    return [query[:end] for query in queries for end in range(1, len(query) + 1)]


def misspelt(queries: Sequence[str]) -> list[str]:
    """Each query with one slip in its longest word."""
    random = np.random.default_rng(SEED)
    out = []
    for query in queries:
        word = max(query.split() or [""], key=len)
        at, kind = int(random.integers(1, max(len(word) - 1, 2))), int(random.integers(4))
        letter = chr(97 + int(random.integers(26)))
        here, rest = word[at : at + 1], word[at + 1 :]
        slips = (letter + rest, rest, here + here + rest, word[at : at + 2][::-1] + word[at + 2 :])
        out.append(query.replace(word, word[:at] + slips[kind], 1))
    return out


def synthetic(n: int) -> pd.DataFrame:
    """An items table whose names are all different, of words that sound like words."""
    random = np.random.default_rng(SEED)
    syllables = np.array([a + b for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "ol")])
    parts = syllables[random.integers(0, len(syllables), (WORDS, 4))]
    words = np.array(["".join(row[:k]) for row, k in zip(parts, random.integers(2, 5, WORDS), strict=True)])
    frequency = 1.0 / np.arange(1, WORDS + 1)
    chosen = random.choice(WORDS, (n, 7), p=frequency / frequency.sum())
    lengths = random.integers(3, 8, n)
    names = [" ".join(words[row[:k]]) for row, k in zip(chosen, lengths, strict=True)]
    sizes = random.choice(["16 oz", "12 oz", "1 lb", "2 liter", "12 count", "1/2 gallon", "6 x 330 ml", ""], n)
    return pd.DataFrame(
        {
            s.NAME: names,
            s.TITLE: names,
            s.SIZE: sizes,
            s.BRAND: random.choice(["Store brand", "National brand"], n),
            s.CATEGORY: [f"category {words[i]}" for i in random.integers(0, 300, n)],
            s.DEPARTMENT: [f"department {words[i]}" for i in random.integers(0, 16, n)],
            s.PRICE: np.round(random.lognormal(1.0, 0.7, n), 2),
        }
    )


def asked_of(items: pd.DataFrame) -> list[str]:
    """Queries of two words of some names."""
    return [" ".join(name.split()[:2]) for name in items[s.NAME].iloc[:: max(1, len(items) // len(QUERIES))]]


if __name__ == "__main__":
    raise SystemExit(run_alone("understanding", measure))
