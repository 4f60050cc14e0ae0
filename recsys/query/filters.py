"""What an intent leaves of the catalogue: masks over the items, counts, and what to give up when nothing is left."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.query.denials import denied_stems, without_denials
from recsys.query.intent import Intent
from recsys.query.measures import Claim, measures_in
from recsys.query.parts import (
    BrandPart,
    DepartmentPart,
    ExactPart,
    MakePart,
    Part,
    PricePart,
    SizePart,
    WithoutPart,
)
from recsys.query.sizes import sizes_in
from recsys.query.wording import (
    WORD,
    Arrays,
    WordList,
    damage_said,
    fold,
    load_arrays,
    save_arrays,
    segments,
    stems,
    words_of,
)
from recsys.query.words import ShopWords
from recsys.schema import Floats, Mask
from recsys.schema.money import Money

TOLERANCE: Final = 0.02  # 2 liter is 67.6 oz and sold as 67; the next sizes of shelves, 15 oz and 15.5, are 3 % apart
LARGE: Final = 0.75  # of the packages of a thing, those that are smaller than a large one
NEAREST: Final = 0.8  # how near the next size is, at most: below what fits
MASKS_KEPT: Final = 32  # of the words asked for last, a byte a product each
READINGS: Final = 4  # of one label: "12 x 12 oz" is 12 oz, 144 oz and a dozen
# What is given up first when two wishes free as much: a size is the least of it, an exclusion may be an allergy.
GIVEN_UP: Final[tuple[type[Part], ...]] = (SizePart, PricePart, BrandPart, DepartmentPart, ExactPart, WithoutPart)


class ItemFilters:
    """The items table, prepared so that each part of an intent is a mask in one or two milliseconds.

    Arrays: `price` float32, `brand`, `department`, `name`, `label` and `category` int32 codes, all (n_items,);
    `grams`, `milliliters`, `count` float32 (n_labels, READINGS); stems of names as postings.
    """

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any]) -> None:
        self.arrays, self.facts = arrays, facts
        self._stems = WordList(arrays, "stem_")
        self._held = lru_cache(MASKS_KEPT)(self._holding)  # a query asks for its words several times
        self._denied = {key: WordList(arrays, f"denied_{key}_") for key in ("name", "category")}
        self._brands = {name: code for code, name in enumerate(facts["brands"])}
        self._departments = {name: code for code, name in enumerate(facts["departments"])}

    @classmethod
    def of(cls, items: pd.DataFrame, words: ShopWords) -> ItemFilters:
        """The filters over an items table: columns name, title, size, brand, category, department and price."""
        codes: dict[str, npt.NDArray[Any]] = {}
        distinct: dict[str, list[str]] = {}
        label = items[s.SIZE].where(items[s.SIZE] != "", items[s.TITLE])
        columns = {
            "brand": items[s.BRAND],
            "department": items[s.DEPARTMENT],
            "name": items[s.NAME],
            "category": items[s.CATEGORY],
            "label": label,
        }
        for key, column in columns.items():
            found, values = pd.factorize(column)
            codes[key], distinct[key] = found.astype(np.int32), [str(value) for value in values]
        prices = items[s.PRICE].to_numpy(np.float32, na_value=np.nan)
        arrays = {"price": prices, **codes, **_sizes(distinct["label"], words), **_postings(distinct["name"])}
        for key in ("name", "category"):
            arrays |= _denials(distinct[key], key)
        measured, units = _measures(distinct["label"], words)
        arrays |= measured
        facts = {
            "units": units,
            "brands": distinct["brand"],
            "departments": distinct["department"],
            "categories": [" ".join(stems(_flat(name))) for name in distinct["category"]],
        }
        return cls(arrays, facts)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)
        (folder / "facts.json").write_text(json.dumps(self.facts, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ItemFilters:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        with damage_said(folder):
            return cls(load_arrays(folder), json.loads((folder / "facts.json").read_text(encoding="utf-8")))

    @cached_property
    def _makes(self) -> Mapping[str, int]:
        """Makes by their folded words."""
        return {" ".join(words_of(name)): code for name, code in self._brands.items() if name}

    @property
    def size(self) -> int:
        """How many items there are."""
        return len(self.arrays["price"])

    def mask(self, part: Part) -> Mask | None:
        """Which items the part allows, (n_items,); None for a part that is no filter (a model number)."""
        if isinstance(part, PricePart):
            return self._price(part)
        if isinstance(part, BrandPart):
            return np.asarray(self.arrays["brand"] == self._brands.get(part.name, -2))
        if isinstance(part, DepartmentPart):
            return np.asarray(self.arrays["department"] == self._departments.get(part.name, -2))
        if isinstance(part, SizePart):
            return self._size(part)
        if isinstance(part, WithoutPart):
            return self._without(part)
        return self._exact(part) if isinstance(part, ExactPart) else None

    def _price(self, part: PricePart) -> Mask:
        prices, out = self.arrays["price"], np.ones(self.size, bool)
        if part.low is not None:  # half of a hundredth: what is paid in hundredths is held as float32
            out &= prices > part.low + 0.005 if part.low_open else prices > part.low - 0.005
        if part.high is not None:
            out &= prices < part.high - 0.005 if part.high_open else prices < part.high + 0.005
        return out if part.low is not None or part.high is not None else np.isfinite(prices)

    def _size(self, part: SizePart) -> Mask:
        """Labels that say the amount in a dimension the unit has, to within the tolerance; whole numbers exactly."""
        return np.asarray((self._labels_near(part) == 1.0)[self.arrays["label"]])

    def nearness(self, wish: SizePart | Claim) -> Floats:
        """How near each item's label comes to the size or amount that is wished for, (n_items,).

        1 where it says just that, up to NEAREST where it says another one in the same dimension (by the ratio of the
        two), 0 where it says none.
        """
        if isinstance(wish, SizePart):
            near = self._labels_near(wish)
        else:
            unit = self.facts["units"].index(wish.unit) if wish.unit in self.facts["units"] else -2
            said = np.where(self.arrays["measure_unit"] == unit, self.arrays["measure"], np.nan)
            near = _nearness(said, wish.amount, wish.amount, 1e-6)
        return np.asarray(near[self.arrays["label"]], np.float32)

    def large(self, among: Mask) -> Mask:
        """Those of the items in `among` (n_items,) with the largest packages, a quarter of what gives an amount."""
        out = np.zeros(self.size, bool)
        for key in ("grams", "milliliters", "count"):
            amount = np.nanmax(np.nan_to_num(self.arrays[key], nan=-1.0), axis=1)[self.arrays["label"]]
            known = amount[among & (amount > 0)]
            if len(known):
                out |= among & (amount >= np.quantile(known, LARGE))
        return out

    def _labels_near(self, part: SizePart) -> Floats:
        near = np.zeros(len(self.arrays["grams"]), np.float32)
        for key, one in (("grams", part.grams), ("milliliters", part.milliliters), ("count", part.count)):
            if not math.isnan(one):
                slack = 1e-6 if key == "count" else TOLERANCE
                near = np.maximum(near, _nearness(self.arrays[key], part.low * one, part.high * one, slack))
        if part.times > 1:
            near = np.where((self.arrays["count"] == part.times).any(axis=1), near, np.minimum(near, NEAREST))
        return near

    def _without(self, part: WithoutPart) -> Mask:
        """Items whose name does not hold the words, and that are not of a category or a make called so."""
        words = stems(part.words.split())
        out = ~self._named(words, " ".join(words), "stems")[self.arrays["name"]]
        called = [code for code, name in enumerate(self.facts["categories"]) if name == " ".join(words)]
        if called:
            out &= ~np.isin(self.arrays["category"], called)
        make = self._makes.get(part.words, -2)
        return np.asarray(out & (self.arrays["brand"] != make))

    def holds(self, words: str) -> Mask:
        """Items whose name holds a form of the words and does not deny it, (n_items,)."""
        return self._held(tuple(stems(WORD.findall(fold(words)))))

    def _holding(self, its_stems: tuple[str, ...]) -> Mask:
        mask = np.asarray(self._named(its_stems, " ".join(its_stems), "stems")[self.arrays["name"]])
        mask.flags.writeable = False  # it is kept
        return mask

    def denies(self, word: str) -> Mask:
        """Items whose name or category says that they are without the word, and whose name does not hold it, (n,)."""
        (stem,) = stems([fold(word)])
        out = np.zeros(self.size, bool)
        for key, denied in self._denied.items():
            if (at := denied.find(stem)) >= 0:
                ends = self.arrays[f"denied_{key}_ends_of"]
                places = self.arrays[f"denied_{key}_posting"][ends[at] : ends[at + 1]]
                said = np.zeros(int(self.arrays[key].max(initial=-1)) + 1, bool)
                said[places] = True
                out |= said[self.arrays[key]]
        return out & ~self._named([stem], stem, "stems")[self.arrays["name"]] if out.any() else out

    def _exact(self, part: ExactPart) -> Mask:
        """Items whose name holds the very words, in this order."""
        words = WORD.findall(fold(part.words))
        return np.asarray(self._named(stems(words), " ".join(words), "words")[self.arrays["name"]])

    def _named(self, its_stems: Sequence[str], phrase: str, form: str) -> Mask:
        """Which distinct names hold the phrase, (n_names,): all its stems by the postings, then their order."""
        out = np.zeros(self._n_names, bool)
        found: npt.NDArray[Any] | None = None
        for stem in its_stems:
            at = self._stems.find(stem)
            if at < 0:
                return out
            rows = self.arrays["posting"][self.arrays["posting_ends"][at] : self.arrays["posting_ends"][at + 1]]
            found = rows if found is None else np.intersect1d(found, rows, assume_unique=True)
        if found is None:
            return out
        if len(its_stems) > 1 or form == "words":
            kept = [name for name in found.tolist() if f" {phrase} " in self._text(name, form)]
            found = np.asarray(kept, np.int64)
        out[found] = True
        return out

    @cached_property
    def _n_names(self) -> int:
        return int(self.arrays["name"].max(initial=-1)) + 1

    def _text(self, name: int, form: str) -> str:
        both = bytes(self.arrays["words"][self.arrays["words_ends"][name] : self.arrays["words_ends"][name + 1]])
        words, _, stemmed = both.decode().partition("|")
        return words if form == "words" else stemmed

    def masks(self, intent: Intent) -> list[tuple[Part, Mask]]:
        """Every part of the intent that is a filter, with its mask. Several makes are one wish: any of them."""
        makes = intent.only(MakePart)
        out: list[tuple[Part, Mask]] = []
        for part in intent.parts:
            mask = self.mask(part)
            if mask is None:
                continue
            if part in makes[:-1]:
                continue
            if makes and part is makes[-1]:
                for other in makes[:-1]:
                    mask |= self.arrays["brand"] == self._brands.get(other.name, -2)
            out.append((part, mask))
        return out


def _flat(name: str) -> list[str]:
    return [word for words in segments(name) for word in words]


def _sizes(labels: Sequence[str], words: ShopWords) -> dict[str, npt.NDArray[np.float32]]:
    """What each label says in grams, milliliters and pieces, (n_labels, READINGS) each, NaN where it says nothing."""
    out = {key: np.full((len(labels), READINGS), np.nan, np.float32) for key in ("grams", "milliliters", "count")}
    for row, label in enumerate(labels):
        said = [
            found.part
            for found in sizes_in(label, words)
            if found.part is not None and found.part.low == found.part.high
        ]
        packs = [part.low * part.count for part in said if part.count == part.count]
        packs += [float(part.times) for part in said if part.times > 1]
        content = [part for part in said if part.count != part.count]
        for key in ("grams", "milliliters"):
            amounts = [part.low * getattr(part, key) for part in content if getattr(part, key) == getattr(part, key)]
            amounts += [amount * many for amount in amounts[:1] for many in packs[:1] if many > 1]
            out[key][row, : len(amounts[:READINGS])] = amounts[:READINGS]
        out["count"][row, : len(packs[:READINGS])] = packs[:READINGS]
    return out


def _postings(names: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """For each stem the names that hold it, as compressed rows; and each name's words and stems as text.

    What a name itself denies ("without roses", "sugar-free") is not held.
    """
    words = [_flat(without_denials(fold(name))) for name in names]
    stemmed = [stems(its) for its in words]
    vocabulary = sorted({stem for its in stemmed for stem in its})
    place = {stem: at for at, stem in enumerate(vocabulary)}
    pairs = np.asarray([(place[stem], row) for row, its in enumerate(stemmed) for stem in set(its)], np.int64)
    pairs = pairs.reshape(-1, 2)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    both = [f" {' '.join(a)} | {' '.join(b)} ".encode("utf-8", "ignore") for a, b in zip(words, stemmed, strict=True)]
    return {
        **WordList.arrays(vocabulary, "stem_"),
        "posting": pairs[:, 1].astype(np.int32),
        "posting_ends": np.concatenate([[0], np.cumsum(np.bincount(pairs[:, 0], minlength=len(vocabulary)))]),
        "words": np.frombuffer(b"".join(both), np.uint8),
        "words_ends": np.cumsum([0, *map(len, both)], dtype=np.int64),
    }


def _nearness(said: npt.NDArray[Any], low: float, high: float, slack: float) -> Floats:
    """How near the nearest reading of each label comes to [low, high]: (n_labels, readings) -> (n_labels,)."""
    amounts = np.asarray(said, np.float64)
    fits = ((amounts >= low * (1 - slack)) & (amounts <= high * (1 + slack))).any(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.where(amounts < low, low / amounts, amounts / high)  # a ratio of 1 and more
    nearest = np.where(np.isfinite(off) & (off > 0), 1 / off, 0.0).max(axis=1, initial=0.0)
    return np.where(fits, 1.0, NEAREST * nearest).astype(np.float32)


def _measures(labels: Sequence[str], words: ShopWords) -> tuple[dict[str, npt.NDArray[Any]], list[str]]:
    """What each label says in units that are no size, (n_labels, READINGS) each; and these units, in order of codes."""
    found = [list(measures_in(label, words))[:READINGS] for label in labels]
    units = sorted({claim.unit for its in found for claim in its})
    code = {unit: at for at, unit in enumerate(units)}
    amount, unit = np.full((len(labels), READINGS), np.nan, np.float32), np.full((len(labels), READINGS), -1, np.int32)
    for row, its in enumerate(found):
        for place, claim in enumerate(its):
            amount[row, place], unit[row, place] = claim.amount, code[claim.unit]
    return {"measure": amount, "measure_unit": unit}, units


def _denials(texts: Sequence[str], key: str) -> dict[str, npt.NDArray[Any]]:
    """For each stem that some of the texts deny, which of them do, as compressed rows."""
    denied = denied_stems(texts)
    vocabulary = sorted(denied, key=lambda word: word.encode("utf-8", "ignore"))
    places = [denied[word] for word in vocabulary]
    return {
        **WordList.arrays(vocabulary, f"denied_{key}_"),
        f"denied_{key}_posting": np.asarray([place for its in places for place in its], np.int32),
        f"denied_{key}_ends_of": np.cumsum([0, *map(len, places)], dtype=np.int64),
    }


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the filters left: the mask, how many items each part alone would leave, and what had to be given up."""

    mask: Mask
    counts: tuple[tuple[Part, int], ...]
    given_up: tuple[Part, ...] = ()
    sentence: str = ""
    matching: int | None = None  # items that match, where others come after them

    @property
    def n(self) -> int:
        """How many items are left."""
        return int(self.mask.sum()) if self.matching is None else self.matching


def relax(masks: Sequence[tuple[Part, Mask]], among: Mask, money: Money | None = None) -> Filtered:
    """All filters over the items in `among`, fewer of them when nothing would be left.

    The part that alone frees most items is given up first; when none alone frees any, and among equals, the order is
    `GIVEN_UP`. An exclusion is given up only when there is nothing else to give up: it may be an allergy.
    Returns the items that are left, with one sentence on what was given up; with `money` it says how many are left,
    written as with that: of all products that would count what nobody asked for.
    Never leaves nothing of something.
    """
    counts = tuple((part, int((mask & among).sum())) for part, mask in masks)
    kept, given_up = list(masks), list[Part]()
    while kept and not (left := _all(kept, among)).any() and among.any():
        frees = [int(_all(kept[:i] + kept[i + 1 :], among).sum()) for i in range(len(kept))]
        wishes = [i for i in range(len(kept)) if not isinstance(kept[i][0], WithoutPart)] or list(range(len(kept)))
        first = max(wishes, key=lambda i: (frees[i], -_order(kept[i][0])))
        given_up.append(kept.pop(first)[0])
    left = _all(kept, among)
    number = money.number(int(left.sum())) if money else ""
    return Filtered(left, counts, tuple(given_up), _sentence(given_up, number))


def _all(masks: Sequence[tuple[Part, Mask]], among: Mask) -> Mask:
    out = among.copy()
    for _, mask in masks:
        out &= mask
    return out


def _order(part: Part) -> int:
    return next((at for at, kind in enumerate(GIVEN_UP) if isinstance(part, kind)), len(GIVEN_UP))


def _sentence(given_up: Sequence[Part], left: str) -> str:
    if not given_up:
        return ""
    labels = [f"“{part.label}”" for part in given_up]
    said = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    were, them = ("was", "it") if len(labels) == 1 else ("were", "them")
    number = f"; without {them}, {left} products match" if left else ""
    return f"Nothing matches all of it, so {said} {were} left out{number}."
