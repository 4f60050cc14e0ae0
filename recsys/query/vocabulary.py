"""What the catalogue knows: its words, what they cost, its brands, and phrases that must not be torn apart."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.query.amounts import END, START
from recsys.query.measures import measures_in
from recsys.query.tokens import STOP_WORDS
from recsys.query.wording import (
    Arrays,
    WordList,
    damage_said,
    fold,
    hashes_of,
    holds,
    load_arrays,
    lower,
    save_arrays,
    segments,
    stems,
    words_of,
)
from recsys.query.words import ShopWords, any_of

CHEAP_QUANTILE: Final = 0.25
ENOUGH_PRICES: Final = 20  # fewer say nothing of what is cheap among them
# Of the names that hold a form of a make's words, this share is of the make: "apple" is not sure, and neither is a
# make for which others sell cases.
SURE_OF_BRAND: Final = 0.9


def _trap(words: ShopWords) -> re.Pattern[str]:
    """Phrases that look like a filter and may be part of a name: "no juice", "under 15 pounds", "ice cream quarts"."""
    unit = any_of(spelling for spelling, unit in words.units.items() if unit.alone)
    bound = words.any_phrase("below", "at_most", "above", "at_least")
    return re.compile(
        rf"(?<!\w)(?:{bound} [0-9]+%? [^\W\d_]+|no [^\W\d_]+|[^\W\d_]+[ -]free|[^\W\d_]+ {unit}"
        rf"|(?<![0-9][ -]){unit} [^\W\d_]+)(?!\w)"
    )


def traps_in(text: str, words: ShopWords) -> list[tuple[int, int, str]]:
    """(start, end, normal form) of every phrase of the kind; the text is folded or lower case."""
    found = []
    at = 0
    while match := words.once(_trap).search(text, at):
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
    """What the reading of a query asks of the catalogue, and the words of its shop. Arrays are as `of` makes them."""

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any], words: ShopWords) -> None:
        self.arrays, self.facts, self.words = arrays, facts, words
        self._stems = WordList(arrays, "stem_")
        self.departments: Mapping[str, str] = facts["departments"]  # what may be said -> the department
        self.brands: Mapping[str, str] = facts["brands"]  # folded words -> the brand; only those nothing else is called
        self.kinds_of_brand = frozenset(facts["kinds_of_brand"])  # the house's and others', where the catalogue says it
        self.has_prices, self.has_sizes = bool(facts["has_prices"]), bool(facts["has_sizes"])
        self._phrases = frozenset(facts["phrases"])
        self._measures = frozenset(facts["measures"])

    @classmethod
    def of(cls, items: pd.DataFrame, words: ShopWords, names: Names | None = None) -> Vocabulary:
        """The vocabulary of an items table: columns name, category, department, brand, size and price."""
        names = names or Names.of(items[s.NAME])
        categories, brands = Names.of(items[s.CATEGORY]), items[s.BRAND]
        prices = items[s.PRICE].to_numpy(np.float64, na_value=np.nan)
        known = prices[np.isfinite(prices)]
        facts = {
            "departments": _departments(items[s.DEPARTMENT].unique()),
            "brands": _makes(names, categories, brands, words),
            "kinds_of_brand": sorted({words.house_brand, words.other_brand} & set(brands.unique()) - {""}),
            "phrases": sorted({said for text in names.texts for _, _, said in traps_in(fold(text), words)}),
            "measures": sorted({claim.label for text in names.texts for claim in measures_in(text, words)}),
            "cheap": float(np.quantile(known, CHEAP_QUANTILE)) if len(known) else None,
            "has_prices": bool(len(known)) or items.empty,  # of an empty shop nobody knows what it lacks
            "has_sizes": bool((items[s.SIZE] != "").any()) or items.empty,
        }
        return cls(_stem_arrays(names, categories, prices), facts, words)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)
        (folder / "facts.json").write_text(json.dumps(self.facts, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, words: ShopWords) -> Vocabulary:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        with damage_said(folder):
            facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
            return cls(load_arrays(folder), facts, words)

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

    def names_measure(self, label: str) -> bool:
        """Whether some name holds this amount: "100%" of "Refrigerated 100% orange juice"; not those on labels."""
        return label in self._measures

    def is_name(self, text: str) -> bool:
        """Whether the whole text is the name of a product or a category, as a completion writes it."""
        return holds(self.arrays["names"], _said_whole(segments(text)))

    @cached_property
    def _makes(self) -> re.Pattern[str] | None:
        """Any make's words, folded."""
        return re.compile(rf"(?<!\w){any_of(self.brands)}(?!\w)") if self.brands else None

    def makes_in(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, make) of every make that is named, from left to right."""
        for match in self._makes.finditer(lower(text)) if self._makes else ():
            if make := self.brands.get(" ".join(words_of(match[0]))):
                yield match.start(), match.end(), make

    def make_at(self, text: str, at: int) -> tuple[int, str] | None:
        """(end, words) of the make that is named from this place on; None when there is none."""
        match = self._makes.match(lower(text), at) if self._makes else None
        return (match.end(), " ".join(words_of(match[0]))) if match else None

    def reads_brand(self, brand: str) -> bool:
        """Whether a query that holds this value of the brand column is read as asking for it."""
        return brand in self.kinds_of_brand or self.brands.get(" ".join(words_of(brand))) == brand

    @cached_property
    def department_pattern(self) -> re.Pattern[str] | None:
        """Departments where they are named as such: `near` after "in the", or `before` a word for aisle."""
        if not self.departments:
            return None
        names, aisle = any_of(self.departments), self.words.any_phrase("aisle")
        listed = rf"{names}(?:(?:, ?| & | and ){names})*"
        return re.compile(
            rf"{START}(?:(?:in|from|at) (?:the )?(?P<near>{listed})(?: {aisle})?|(?P<before>{listed}) {aisle}){END}",
            re.IGNORECASE,
        )

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
    """What a department may be called -> its name: "health" and "health and beauty" alike."""
    called: dict[str, str] = {}
    names = [name for name in names if words_of(name)]
    for name in sorted(names):
        for part in segments(name):
            called.setdefault(" ".join(part), name)
    for name in names:
        called[" ".join(words_of(name))] = name
    return called


def _makes(names: Names, categories: Names, brands: pd.Series[Any], words: ShopWords) -> dict[str, str]:
    """The makes that nothing else is called: folded words -> the make as the catalogue spells it.

    A make is left out when a category is called so, or when too many names of other makes hold a form of its words.
    What the shop's own table calls a make is that, whatever else it could be.
    """
    makes = sorted(set(brands.unique()) - {words.house_brand, words.other_brand, ""})
    called = {" ".join(its): make for make in makes if (its := words_of(make))}
    forms = {said: " ".join(stems(said.split())) for said in called}
    held, of_make = _names_with(set(forms.values()), names, brands)
    categories_called = {" ".join(stems(words)) for text in categories.segments for words in text}
    sure = {
        said: make
        for said, make in called.items()
        if len(said) > 1
        and forms[said] not in categories_called
        and of_make.get((forms[said], make), 0) >= SURE_OF_BRAND * held.get(forms[said], 0)
    }
    nicknames = {" ".join(words_of(said)): brand for said, brand in words.brands.items() if brand in makes}
    return sure | nicknames


def _names_with(
    phrases: Collection[str], names: Names, brands: pd.Series[Any]
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """({phrase: names that hold it}, {(phrase, make): those of them that are of the make}) of phrases of stems."""
    held: dict[str, int] = {}
    of_make: dict[tuple[str, str], int] = {}
    longest = max((len(phrase.split()) for phrase in phrases), default=0)
    if not longest:
        return held, of_make
    for name, make in set(zip(names.of_item.tolist(), brands.tolist(), strict=True)):
        its = stems([word for segment in names.segments[name] for word in segment])
        grams = {" ".join(its[i : i + n]) for n in range(1, longest + 1) for i in range(len(its) - n + 1)}
        for phrase in grams & set(phrases):
            held[phrase] = held.get(phrase, 0) + 1
            of_make[phrase, make] = of_make.get((phrase, make), 0) + 1
    return held, of_make
