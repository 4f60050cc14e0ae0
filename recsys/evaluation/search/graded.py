"""Queries graded by rules: what a product is called says how well it answers, so that nothing found is unjudged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.datasets.authored import authored_rows
from recsys.evaluation.search.lab import Grades, normalised
from recsys.shops.contract import Shop

FILE: Final = "graded_queries.csv"
ANSWERS, WOULD_DO, NEITHER = 2, 1, 0
ABOUT: Final = (
    "rules written by hand grade every product: 2 (good) where it answers the query, 1 (related) where it would do in "
    "its place, 0 (not relevant) elsewhere"
)


@dataclass(frozen=True, slots=True)
class GradedQuery:
    """A query, and regular expressions over "name | category" in small letters that say what is right for it."""

    text: str
    answers: str
    would_do: str


def graded_queries(shop: Shop) -> tuple[GradedQuery, ...]:
    """Those that came with the shop; none where it has none. Raises DataError for a damaged file."""
    path = shop.built_in / FILE if shop.built_in else None
    if path is None or not path.is_file():
        return ()
    return tuple(GradedQuery(*row) for row in authored_rows(path, ("query", "answers", "acceptable")))


def grades(query: GradedQuery, items: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The grade of every product, (n_items,), by its name and category."""
    codes, kinds = pd.factorize(items[s.NAME].str.lower() + " | " + items[s.CATEGORY].str.lower())
    of_kind = [
        ANSWERS if re.search(query.answers, kind) else WOULD_DO if re.search(query.would_do, kind) else NEITHER
        for kind in kinds.astype(str)
    ]
    return np.array(of_kind, np.int64)[codes]


@dataclass(frozen=True, slots=True)
class RuledGrades:
    """What the rules say of a catalogue: query as grades are kept under it -> product id -> grade of 1 or more."""

    ratings: Grades
    kinds: Mapping[str, int]  # product id -> its kind: of a kind a list shows one product

    @classmethod
    def of(cls, queries: Iterable[GradedQuery], items: pd.DataFrame, kinds: npt.NDArray[np.intp]) -> RuledGrades:
        """Grade the products of a catalogue; `kinds` is (n_items,)."""
        ids = items[s.ITEM_ID].astype(str).to_numpy()
        ratings = {}
        for query in queries:
            found = grades(query, items)
            rows = np.flatnonzero(found)
            ratings[normalised(query.text)] = dict(zip(ids[rows].tolist(), found[rows].tolist(), strict=True))
        return cls(ratings, dict(zip(ids.tolist(), kinds.tolist(), strict=True)))

    def for_lists(self, query: str, shown: Collection[str]) -> dict[str, int]:
        """The grades by which lists that show these products are judged: theirs and one of every other kind.

        Without that the best order would hold a kind many times, which no list can. Empty for a query without rules.
        """
        if query not in self.ratings:
            return {}
        graded = self.ratings[query]
        judged = {item: graded.get(item, NEITHER) for item in shown}
        seen = {self.kinds[item] for item in judged if item in self.kinds}
        for item, grade in sorted(graded.items(), key=lambda pair: -pair[1]):
            if self.kinds[item] not in seen:
                seen.add(self.kinds[item])
                judged[item] = grade
        return judged
