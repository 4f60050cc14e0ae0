"""The whole shelf at once: what is known of its candidates, and what re-ranking makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recsys import schema as s
from recsys.encoders.unit_rows import unit_rows
from recsys.engine.catalogue import Catalogue, coded
from recsys.engine.people import Person
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import Affinity
from recsys.reranking.chosen import CHOSEN, NEW, TAIL, rerankers
from recsys.reranking.composing import Reranked, Step, rerank
from recsys.reranking.contract import MOST, Doubles, Pool
from recsys.reranking.groups import launched_lately, long_tail, price_bands
from recsys.schema import Mask, Request, Reranking, Rows
from recsys.schema.capabilities import Capabilities, Capability

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
            found[CATEGORY] = coded(catalogue.categories if has(Capability.CATEGORIES) else catalogue.departments)
        if has(Capability.BRANDS):
            brands = catalogue.items[s.BRAND].astype(str).to_numpy(object)
            found[BRAND] = coded(np.where(brands == self._about.other_brand, "", brands))
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
            found[NEW] = launched_lately(self._catalogue.items[s.LAUNCH_DATE], self._about.last_day)
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
        groups = {name: members[rows] for name, members in self.groups.items()}
        groups[CHOSEN] = self._are(rows, chosen)
        return Pool(
            unit_rows(self._index.vectors_at(rows)),
            np.asarray(relevance, np.float64),
            {name: codes[rows] for name, (codes, _) in self.labels.items()},
            self._tastes(person.faded),
            groups,
            {name: values[rows] for name, values in self.figures.items()},
        )

    def candidates(self, rows: Rows, settings: Reranking) -> Rows:
        """Positions of the products that are looked at, of all that were ranked (m,): the best, and those chosen."""
        picked = np.flatnonzero(self._are(rows, settings.chosen))
        first = np.arange(min(settings.candidates, len(rows)))
        return np.union1d(first, picked)[:MOST].astype(np.int32)

    def _are(self, rows: Rows, items: tuple[str, ...]) -> Mask:
        """(n,) which of these rows are of one of these ids."""
        wanted = [self._catalogue.row(item) for item in items]
        return np.isin(rows, [row for row in wanted if row is not None])

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
