"""What the catalogue knows: its words, what they cost, its brands, and phrases that must not be torn apart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import PREPARE
from recsys.errors import ArtifactError
from recsys.query.parts import NATIONAL, STORE
from recsys.query.tables import any_of, any_phrase, units
from recsys.query.tokens import STOP_WORDS
from recsys.query.wording import (
    Arrays,
    WordList,
    fold,
    hashes_of,
    holds,
    load_arrays,
    save_arrays,
    segments,
    stems,
    words_of,
)

CHEAP_QUANTILE: Final = 0.25
ENOUGH_PRICES: Final = 20  # fewer say nothing of what is cheap among them
SURE_OF_BRAND: Final = 0.5  # of the names that hold a brand's words, this share is of the brand: "apple" is not sure


@cache
def trap() -> re.Pattern[str]:
    """Phrases that look like a filter and may be part of a name: "no juice", "under 15 pounds", "ice cream quarts"."""
    unit = any_of(spelling for spelling, unit in units().items() if unit.alone)
    bound = any_phrase("below", "at_most", "above", "at_least")
    return re.compile(
        rf"(?<!\w)(?:{bound} [0-9]+%? [^\W\d_]+|no [^\W\d_]+|[^\W\d_]+[ -]free|[^\W\d_]+ {unit}"
        rf"|(?<![0-9][ -]){unit} [^\W\d_]+)(?!\w)"
    )


def traps_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, normal form) of every phrase of the kind; the text is folded or lower case."""
    found = []
    at = 0
    while match := trap().search(text, at):
        found.append((match.start(), match.end(), " ".join(words_of(match[0]))))
        at = match.start() + 1
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names of a catalogue, and which product has which."""

    texts: Sequence[str]
    of_item: npt.NDArray[np.int64]  # (n_items,)
    segments: Sequence[list[list[str]]]  # folded words of each stretch of each name

    @classmethod
    def of(cls, column: pd.Series[Any]) -> Names:
        """The names in a column of texts."""
        of_item, distinct = pd.factorize(column)
        texts = [str(text) for text in distinct]
        return cls(texts, of_item, [segments(text) for text in texts])

    def products(self) -> npt.NDArray[np.int64]:
        """How many products have each name, (n_names,)."""
        return np.bincount(self.of_item, minlength=len(self.texts))


class Vocabulary:
    """What the reading of a query asks of the catalogue. Arrays are as `of` makes them."""

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any]) -> None:
        self.arrays, self.facts = arrays, facts
        self._stems = WordList(arrays, "stem_")
        self.departments: Mapping[str, str] = facts["departments"]  # what may be said -> the department
        self.brands: Mapping[str, str] = facts["brands"]  # folded words -> the brand; only those nothing else is called
        self.kinds_of_brand = frozenset(facts["kinds_of_brand"])  # STORE and NATIONAL where the catalogue tells them
        self._phrases = frozenset(facts["phrases"])

    @classmethod
    def of(cls, items: pd.DataFrame, names: Names | None = None) -> Vocabulary:
        """The vocabulary of an items table: columns name, category, department, brand and price."""
        names = names or Names.of(items[s.NAME])
        categories = Names.of(items[s.CATEGORY])
        arrays = _stem_arrays(names, categories, items[s.PRICE].to_numpy(np.float64, na_value=np.nan))
        prices = items[s.PRICE].dropna()
        facts = {
            "departments": _departments(items[s.DEPARTMENT].dropna().astype(str).unique()),
            "brands": _brands(names, items[s.BRAND]),
            "kinds_of_brand": sorted({STORE, NATIONAL} & set(items[s.BRAND].dropna().astype(str).unique())),
            "phrases": sorted({said for text in names.texts for _, _, said in traps_in(fold(text))}),
            "cheap": float(prices.quantile(CHEAP_QUANTILE)) if len(prices) else None,
        }
        return cls(arrays, facts)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)
        (folder / "facts.json").write_text(json.dumps(self.facts, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        try:
            facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
            return cls(load_arrays(folder), facts)
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder.name} cannot be read: {str(error)[:200]}", remedy=PREPARE) from error

    def products_with(self, word: str) -> int:
        """How many products have a form of the word in their name or category."""
        at = self._stems.find(stems([fold(word)])[0])
        return int(self.arrays["products"][at]) if at >= 0 else 0

    def is_product_word(self, word: str) -> bool:
        """Whether some name or category is about the word: eggs, salt; not the "bake" of "break & bake dough"."""
        at = self._stems.find(stems([fold(word)])[0])
        return at >= 0 and bool(self.arrays["heads"][at])

    def side_by_side(self, words: Sequence[str]) -> bool:
        """Whether forms of the words stand one after the other in some name."""
        found = stems([fold(word) for word in words])
        return all(holds(self.arrays["pairs"], f"{a} {b}") for a, b in pairwise(found))

    def has_phrase(self, phrase: str) -> bool:
        """Whether a name holds this phrase that looks like a filter: "no juice"."""
        return phrase in self._phrases

    def is_name(self, text: str) -> bool:
        """Whether the whole text is the name of a product or a category, as a completion writes it."""
        return holds(self.arrays["names"], _said_whole(segments(text)))

    @cached_property
    def brand_pattern(self) -> re.Pattern[str] | None:
        """Any brand's words, folded."""
        return re.compile(rf"(?<!\w){any_of(self.brands)}(?!\w)") if self.brands else None

    def cheap(self, words: Iterable[str]) -> float | None:
        """The lower quartile of the prices of what the rarest known word names, else of the whole catalogue.

        The rarest word is the most telling: "cheap gluten free pasta" is cheap for pasta. None without any price.
        """
        known = [at for at in map(self._stems.find, stems([fold(word) for word in words])) if at >= 0]
        known = [at for at in known if np.isfinite(self.arrays["cheap"][at])]
        if known:
            return float(self.arrays["cheap"][min(known, key=lambda at: int(self.arrays["products"][at]))])
        overall: float | None = self.facts["cheap"]
        return overall


def _said_whole(name: list[list[str]]) -> str:
    return " ".join(word for words in name for word in words)


def _stem_arrays(names: Names, categories: Names, prices: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[Any]]:
    """The stems of names and categories: products, cheap price, whether a head; and which stand side by side."""
    stemmed = [[stems(words) for words in text] for table in (names, categories) for text in table.segments]
    vocabulary = sorted({stem for text in stemmed for words in text for stem in words})
    place = {stem: at for at, stem in enumerate(vocabulary)}
    heads = {words[-1] for text in stemmed for words in text if words}
    pairs = {f"{a} {b}" for text in stemmed for words in text for a, b in pairwise(words)}
    of_text = [np.asarray(sorted({place[stem] for words in text for stem in words}), np.int64) for text in stemmed]
    both = pd.DataFrame({"name": names.of_item, "category": categories.of_item + len(names.texts)})
    item, stem = _stems_of_items(both.to_numpy(), of_text)
    return {
        **WordList.arrays(vocabulary, "stem_"),
        "products": np.bincount(stem, minlength=len(vocabulary)).astype(np.int32),
        "cheap": _quartiles(stem, prices[item], len(vocabulary)),
        "heads": np.asarray([stem in heads and stem not in STOP_WORDS for stem in vocabulary], bool),
        "pairs": hashes_of(pairs),
        "names": hashes_of(_said_whole(text) for table in (names, categories) for text in table.segments),
    }


def _stems_of_items(
    texts_of_item: npt.NDArray[np.int64], of_text: Sequence[npt.NDArray[np.int64]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(item, stem) of every stem of every item, each pair once: (n_items, 2) texts -> two (m,)."""
    sizes = np.asarray([len(text) for text in of_text], np.int64)
    flat = np.concatenate([*of_text, np.empty(0, np.int64)])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    texts = texts_of_item.ravel()
    counts = sizes[texts]
    items = np.repeat(np.arange(len(texts_of_item)).repeat(texts_of_item.shape[1]), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    stem = flat[np.repeat(starts[texts], counts) + within]
    once = np.unique(items * (stem.max(initial=0) + 1) + stem)
    return once // (stem.max(initial=0) + 1), once % (stem.max(initial=0) + 1)


def _quartiles(groups: npt.NDArray[np.int64], values: npt.NDArray[np.float64], n: int) -> npt.NDArray[np.float32]:
    """The lower quartile of each group's values, NaN where there are too few: (m,), (m,) -> (n,)."""
    there = np.isfinite(values)
    order = np.lexsort((values[there], groups[there]))
    ordered, group = values[there][order], groups[there][order]
    sizes = np.bincount(group, minlength=n)
    starts = np.cumsum(sizes) - sizes
    at = np.minimum(starts + (sizes - 1).clip(0) * CHEAP_QUANTILE, max(len(ordered) - 1, 0)).astype(np.int64)
    found = ordered[at] if len(ordered) else np.full(n, np.nan)
    return np.where(sizes >= ENOUGH_PRICES, found, np.nan).astype(np.float32)


def _departments(names: Iterable[str]) -> dict[str, str]:
    """What a department may be called -> its name: "health" and "health beauty and household" alike."""
    called: dict[str, str] = {}
    for name in sorted(names):
        for part in segments(name):
            called.setdefault(" ".join(part), name)
    for name in names:
        called[" ".join(words_of(name))] = name
    return called


def _brands(names: Names, column: pd.Series[Any]) -> dict[str, str]:
    """The brands nothing else is called: folded words -> the brand as the catalogue spells it."""
    brands = sorted(set(column.dropna().astype(str)) - {STORE, NATIONAL, ""})
    if not brands:
        return {}
    called = {" ".join(words_of(brand)): brand for brand in brands if words_of(brand)}
    longest = max(len(said.split()) for said in called)
    held, of_brand = dict.fromkeys(called, 0), dict.fromkeys(called, 0)
    brand_of_item = column.astype("string").fillna("").to_numpy()
    for name, brand in set(zip(names.of_item.tolist(), brand_of_item.tolist(), strict=True)):
        words = [word for segment in names.segments[name] for word in segment]
        grams = {" ".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)}
        for said in grams & called.keys():
            held[said] += 1
            of_brand[said] += called[said] == brand
    return {
        said: brand for said, brand in called.items() if len(said) > 1 and of_brand[said] >= SURE_OF_BRAND * held[said]
    }
