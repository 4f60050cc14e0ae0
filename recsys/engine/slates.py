"""The whole shelf at once: what is known of its candidates, and what re-ranking makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.engine.catalogue import Catalogue
from recsys.engine.people import Person
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import Affinity
from recsys.reranking.chosen import CHOSEN, NEW, TAIL, rerankers
from recsys.reranking.composing import Reranked, Step, rerank
from recsys.reranking.contract import MOST, Doubles, Pool
from recsys.reranking.groups import long_tail, price_bands
from recsys.schema import Mask, Request, Reranking, Rows
from recsys.schema.capabilities import Capabilities, Capability

NEW_DAYS: Final = 60
CATEGORY, BRAND, PRICE = "category", "brand", "price"  # labels of a pool


@dataclass(frozen=True, slots=True)
class About:
    """What a shop says of itself that its tables do not."""

    capabilities: Capabilities
    n_shoppers: int
    last_day: str = ""  # ISO; "" where nothing has a date
    other_brand: str = ""  # the value for everybody else's make: no brand


class Slates:
    """Pools of candidates with all that re-ranking and its measures need; nothing in it changes."""

    def __init__(self, catalogue: Catalogue, index: SharedRowsIndex, about: About) -> None:
        self._catalogue, self._index, self._about = catalogue, index, about

    @cached_property
    def labels(self) -> Mapping[str, tuple[Rows, tuple[str, ...]]]:
        """What the shop sorts its products by: name -> (codes (n_items,), -1 for none; the codes in words)."""
        has, catalogue, found = self._about.capabilities.has, self._catalogue, {}
        if has(Capability.CATEGORIES) or has(Capability.DEPARTMENTS):
            found[CATEGORY] = _codes(catalogue.categories if has(Capability.CATEGORIES) else catalogue.departments)
        if has(Capability.BRANDS):
            brands = catalogue.items[s.BRAND].astype(str).to_numpy(object)
            found[BRAND] = _codes(np.where(brands == self._about.other_brand, "", brands))
        if has(Capability.PRICES):
            bands, number = price_bands(catalogue.prices)
            found[PRICE] = (bands, tuple(f"band {at + 1}" for at in range(number)))
        return found

    @cached_property
    def groups(self) -> Mapping[str, Mask]:
        """Which products are in the long tail, and which are new, (n_items,) each; what cannot be told is not there."""
        found = {}
        if self._about.capabilities.has(Capability.PURCHASES):
            found[TAIL] = long_tail(self._catalogue.share)
        if self._about.capabilities.has(Capability.LAUNCH_DATES) and self._about.last_day:
            launched = pd.to_datetime(self._catalogue.items[s.LAUNCH_DATE])
            age = (pd.Timestamp(self._about.last_day) - launched).dt.days
            found[NEW] = ((age >= 0) & (age <= NEW_DAYS)).to_numpy(np.bool_)
        return found

    @cached_property
    def figures(self) -> Mapping[str, Doubles]:
        """Novelty in bits, price and margin of each product, (n_items,), NaN where unknown."""
        has, catalogue, found = self._about.capabilities.has, self._catalogue, {}
        if has(Capability.PURCHASES) and self._about.n_shoppers:
            found["novelty"] = np.log2(self._about.n_shoppers / np.maximum(catalogue.buyers, 1))
        if has(Capability.PRICES):
            found[PRICE] = catalogue.prices
        if has(Capability.PRICES, Capability.COSTS):
            cost = catalogue.items[s.COST].to_numpy(np.float64, na_value=np.nan)
            found["margin"] = (catalogue.prices - cost) / catalogue.prices
        return found

    def pool(self, rows: Rows, relevance: Doubles, person: Person, chosen: tuple[str, ...] = ()) -> Pool:
        """The candidates in these rows (n,), best first, with their scores."""
        wanted = [self._catalogue.row(item) for item in chosen]
        groups = {name: members[rows] for name, members in self.groups.items()}
        groups[CHOSEN] = np.isin(rows, [row for row in wanted if row is not None])
        return Pool(
            _unit(self._index.vectors_at(rows)),
            np.asarray(relevance, np.float64),
            {name: codes[rows] for name, (codes, _) in self.labels.items()},
            self._tastes(person.faded),
            groups,
            {name: values[rows] for name, values in self.figures.items()},
        )

    def candidates(self, rows: Rows, settings: Reranking) -> Rows:
        """Positions of the products that are looked at, of all that were ranked (m,): the best, and those chosen."""
        wanted = [self._catalogue.row(item) for item in settings.chosen]
        picked = np.flatnonzero(np.isin(rows, [row for row in wanted if row is not None]))
        first = np.arange(min(settings.candidates, len(rows)))
        return np.union1d(first, picked)[:MOST].astype(np.int32)

    def _tastes(self, faded: Affinity | None) -> dict[str, Doubles]:
        """The mix of what somebody bought, old purchases fading: label -> shares by code."""
        if faded is None or len(faded) == 0:
            return {}
        found = {}
        for name, (codes, words) in self.labels.items():
            mine = codes[faded.items]
            shares = np.bincount(mine[mine >= 0], faded.weights[mine >= 0], minlength=len(words)).astype(np.float64)
            if shares.sum() > 0:
                found[name] = shares / shares.sum()
        return found


def reranked(pool: Pool, request: Request) -> Reranked:
    """The pool re-ranked as the request says."""
    settings = request.reranking
    made = rerankers(settings, request.k)
    return rerank(pool, request.k, made, by_relevance=settings.arranged == "relevance")


def said(steps: tuple[Step, ...]) -> str:
    """What each re-ranker did, in one line: "Marginal relevance (MMR): 4 came onto the shelf"."""
    return "; ".join(f"{step.label}: {step.entered or 'none'} came onto the shelf" for step in steps)


def _codes(names: Any) -> tuple[Rows, tuple[str, ...]]:
    """(a code for each name (n,), -1 for an empty one; the names of the codes)."""
    codes, distinct = pd.factorize(pd.Series(names).astype(str).replace("", None))
    return codes.astype(np.int32), tuple(str(name) for name in distinct)


def _unit(vectors: s.Floats) -> s.Floats:
    """The rows at length 1: the encoder's are so up to rounding; one of zeros stays."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0), np.float32)
