"""What foods of the world are in a shop: each name of a list of foods is compared with how the shop calls its things.

A food and a stretch of a product's or category's name are compared as bags of stems weighted by how telling each is in
the shop (tf-idf and cosine: Salton & Buckley, "Term-weighting approaches in automatic text retrieval", 1988). A stretch
is only taken where the food's description holds its last word, which says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy import sparse

from recsys.query.food_list import Food, Place
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import segments, stems, together

Texts = Mapping[tuple[str, str], int]  # how many products have each (name, category)

OF_CATEGORY: Final = 0.3  # a word of the category beside the stretch's own
OTHER_HEAD: Final = 0.6  # of the likeness, where the stretch does not hold what the food is
OF_PRODUCTS: Final = 0.01  # of the log of how many products are called so
USUAL: Final = 0.1  # of how often the usual form of a word is written, that another one is usual too
_HOW: Final = re.compile(r"[^e]ed$")  # "baked", "stuffed": how a thing is, and not what
SHORTEST: Final = 3  # letters and figures of a name


@dataclass(frozen=True, slots=True)
class FoodKind:
    """A name of a food, written together, and what it is in the shop."""

    key: str
    words: tuple[str, ...]
    said: str  # in the shop's words
    category: str
    likeness: float  # 0 to about 1
    place: Place
    foods: int  # how many bear the name


@dataclass(frozen=True, slots=True)
class _Stretch:
    words: tuple[str, ...]
    category: str


class _Shop:
    """The stretches of a shop's names and categories, as vectors over its stems."""

    def __init__(self, texts: Texts) -> None:
        counts: dict[_Stretch, int] = {}
        for (name, category), n in texts.items():
            for text in (name, category):
                for words in map(_content, segments(text)):
                    if words and not _HOW.search(words[-1]):
                        stretch = _Stretch(tuple(words), category)
                        counts[stretch] = counts.get(stretch, 0) + n
        self.stretches, self.products = list(counts), np.array(list(counts.values()), np.float32)
        self.stems = [stems(stretch.words) for stretch in self.stretches]
        self.place = {stem: at for at, stem in enumerate(dict.fromkeys(stem for its in self.stems for stem in its))}
        held = np.bincount([self.place[s] for its in self.stems for s in set(its)], minlength=len(self.place))
        self.idf = np.log1p(len(self.stretches) / np.maximum(held, 1)).astype(np.float32)

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, float]]:
        """How often the shop writes each stem in which form."""
        written: dict[str, dict[str, float]] = {}
        for stretch, its, n in zip(self.stretches, self.stems, self.products.tolist(), strict=True):
            for word, stem in zip(stretch.words, its, strict=True):
                forms = written.setdefault(stem, {})
                forms[word] = forms.get(word, 0.0) + n
        return written

    def said(self, at: int, telling: Collection[str]) -> list[str]:
        """The words of a stretch that the food's description tells; alone, one is written as usual: "bread"."""
        pairs = zip(self.stretches[at].words, self.stems[at], strict=True)
        said = [(word, stem) for word, stem in pairs if stem in telling]
        if len(said) == 1:
            ((word, stem),) = said
            usual = max(self.forms[stem], key=lambda form: self.forms[stem][form])
            return [word if self.forms[stem][word] >= USUAL * self.forms[stem][usual] else usual]
        return [word for word, _ in said]

    @cached_property
    def own(self) -> sparse.csr_array:
        """Which stems a stretch holds, (n_stretches, n_stems)."""
        return self.rows([dict.fromkeys(its, 1.0) for its in self.stems])

    @cached_property
    def weighted(self) -> sparse.csr_array:
        """The stretches, each of length 1 by its own words, with some of its category's, (n_stretches, n_stems)."""
        category = [stems(_content(" ".join(_flat(stretch.category)))) for stretch in self.stretches]
        more = self.rows([dict.fromkeys(set(c) - set(s), 1.0) for c, s in zip(category, self.stems, strict=True)])
        own, more = self.own * self.idf, more * self.idf
        squared = np.asarray(own.power(2).sum(axis=1) + 0.1 * more.power(2).sum(axis=1)).ravel()
        length = sparse.diags_array(1 / np.sqrt(np.maximum(squared, 1e-9)))
        return sparse.csr_array(length @ (own + OF_CATEGORY * more))

    @cached_property
    def heads(self) -> sparse.csr_array:
        """The last stem of each stretch, (n_stretches, n_stems)."""
        return self.rows([{its[-1]: 1.0} for its in self.stems])

    def rows(self, bags: Sequence[Mapping[str, float]]) -> sparse.csr_array:
        """Bags of stems as rows over the shop's, (n_bags, n_stems); other stems are left out."""
        found = [(n, self.place[s], w) for n, bag in enumerate(bags) for s, w in bag.items() if s in self.place]
        rows, columns, values = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
        shape = len(bags), len(self.place)
        return sparse.csr_array((np.array(values, np.float32), (rows, columns)), shape=shape)

    def knows(self, food: Food) -> bool:
        """Whether the shop has a word for what the description begins with."""
        return food.head in self.place

    def _read(self, food: Food) -> tuple[Mapping[str, float], str]:
        """(the stems that tell, and the one that says what it is): where the shop has no word for it, the group's."""
        if self.knows(food):
            return {**dict.fromkeys(food.group, OF_CATEGORY), **food.telling}, food.head
        return dict.fromkeys(food.group, 1.0), food.group[-1] if food.group else ""

    def likeness(self, foods: Sequence[Food]) -> sparse.csr_array:
        """How like each food is to each stretch, (n_foods, n_stretches), 0 where it is not the same kind of thing."""
        pairs = [self._read(food) for food in foods]
        bags = self.rows([bag for bag, _ in pairs]) * self.idf
        length = np.sqrt(np.asarray(bags.power(2).sum(axis=1)).ravel())
        like = sparse.diags_array(1 / np.maximum(length, 1e-9)) @ bags @ self.weighted.T
        heads = [head for _, head in pairs]
        same = (self.rows([{head: 1.0} for head in heads]) @ self.own.T).astype(bool).astype(np.float32)
        for_any = sparse.csr_array((bags.astype(bool).astype(np.float32) @ self.heads.T).astype(bool), dtype=np.float32)
        factor = OTHER_HEAD * for_any + (1 - OTHER_HEAD) * for_any.multiply(same)
        return sparse.csr_array(like.multiply(factor))


def kinds_of_foods(foods: Sequence[Food], texts: Texts, vocabulary: Vocabulary) -> Iterator[FoodKind]:
    """What the shop calls each food whose name it does not have, in the order of the names written together."""
    rows: dict[str, list[int]] = {}
    words: dict[str, tuple[str, ...]] = {}
    places: dict[str, Place] = {}
    usual = {stem for food in foods for stem, weight in food.telling.items() if weight > OF_CATEGORY}
    for n, food in enumerate(foods):
        for name, place in food.names.items():
            if _is_new(name, place in (Place.BRAND, Place.BEGINNING), vocabulary) and _is_own(name, place, usual):
                key = together(" ".join(name))
                rows.setdefault(key, []).append(n)
                words.setdefault(key, name)
                places[key] = min(place, places.get(key, place))
    shop, keys = _Shop(texts), sorted(rows, key=lambda key: key.encode())
    used = sorted({n for its in rows.values() for n in its})
    if not used:
        return
    known = {n for n in used if shop.knows(foods[n])}
    telling_rows = [[n for n in rows[key] if n in known] or rows[key] for key in keys]
    like = _means(telling_rows, used) @ shop.likeness([foods[n] for n in used])
    bonus = OF_PRODUCTS * np.log1p(shop.products)
    for row, key in enumerate(keys):
        places_of = like.indices[like.indptr[row] : like.indptr[row + 1]]
        if not len(places_of):
            continue
        scored = like.data[like.indptr[row] : like.indptr[row + 1]] + bonus[places_of]
        best = int(places_of[np.lexsort((places_of, -scored))[0]])
        said = shop.said(best, {stem for n in rows[key] for stem in (*foods[n].telling, *foods[n].group)})
        if said and not set(stems(said)) <= set(stems(words[key])):  # "boston cream pie" says itself that it is a pie
            category, likeness = shop.stretches[best].category, float(scored.max())
            yield FoodKind(key, words[key], " ".join(said), category, likeness, places[key], len(rows[key]))


def _means(rows: Sequence[Sequence[int]], used: Sequence[int]) -> sparse.csr_array:
    """What makes the mean of some of the used foods for each name, (n_names, n_used)."""
    at = {n: place for place, n in enumerate(used)}
    found = [(n, at[food], 1 / len(its)) for n, its in enumerate(rows) for food in its]
    names, places, shares = zip(*found, strict=True) if found else ((), (), ())
    return sparse.csr_array((np.array(shares, np.float32), (names, places)), shape=(len(rows), len(used)))


def _is_own(name: tuple[str, ...], place: Place, usual: set[str]) -> bool:
    """Whether a name within a phrase or a brand is no usual word of the list: "Cheddar Cheese" is one."""
    return place < Place.PROPER or not usual.issuperset(stems(name))


def _is_new(name: tuple[str, ...], brand: bool, vocabulary: Vocabulary) -> bool:
    """Whether the shop has no such name: a word of it is new, or it is a brand whose words never stand side by side."""
    if len("".join(name)) < SHORTEST or (name[-1].isdigit() and len(name) == 1):
        return False
    new = any(not vocabulary.products_with(word) for word in name)
    return new or (brand and len(name) > 1 and not vocabulary.side_by_side(name))


def _flat(text: str) -> list[str]:
    return [word for words in segments(text) for word in words]


def _content(words: Sequence[str] | str) -> list[str]:
    its = words.split() if isinstance(words, str) else words
    return [word for word in its if word not in STOP_WORDS and len(word) > 2 and not word.isdigit()]
