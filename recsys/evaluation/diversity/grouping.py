"""The groups of products whose exposure is looked at: the long tail, new ones, brands by size, bands of prices."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.evaluation import beyond_accuracy as beyond
from recsys.evaluation.diversity.fairness import Grouping
from recsys.evaluation.problems import Problem
from recsys.reranking.groups import launched_lately, long_tail, price_bands
from recsys.schema import Rows
from recsys.schema.capabilities import Capabilities, Capability

SMALL: Final = 0.2  # of all products: those of the brands that have fewest
BANDS: Final = ("cheapest fifth", "second fifth", "middle fifth", "fourth fifth", "dearest fifth")


def of_histories(problem: Problem) -> dict[str, Grouping]:
    """By how often items were taken in the training: the long tail, and the rest."""
    taken = beyond.popularity(problem.split.for_testing).astype(np.float64)
    return {"popularity": _two(long_tail(taken), "long tail", "well known")}


def of_items(items: pd.DataFrame, last_day: str, capabilities: Capabilities) -> dict[str, Grouping]:
    """By what a shop says of its items; what it does not say is left out."""
    found = {}
    if capabilities.has(Capability.BRANDS):
        brands = items[s.BRAND].astype(str)
        size = brands.map(brands.value_counts()).to_numpy(np.float64)
        small = size <= np.quantile(size, SMALL)
        codes = np.where(brands.to_numpy() == "", -1, (~small).astype(np.int32)).astype(np.int32)
        found["brands"] = Grouping(codes, ("small brands", "large brands"))
    if capabilities.has(Capability.LAUNCH_DATES) and last_day:
        found["launched"] = _two(launched_lately(items[s.LAUNCH_DATE], last_day), "new", "older")
    if capabilities.has(Capability.PRICES):
        codes, number = price_bands(items[s.PRICE].to_numpy(np.float64, na_value=np.nan))
        if number == len(BANDS):
            found["price"] = Grouping(codes, BANDS)
    return found


def labels_of(items: pd.DataFrame, capabilities: Capabilities) -> dict[str, Rows]:
    """The brand and category of each item, (n_items,) codes, -1 for none; what a shop does not say is left out."""
    columns = {"brand": (s.BRAND, Capability.BRANDS), "category": (s.CATEGORY, Capability.CATEGORIES)}
    found = {}
    for name, (column, capability) in columns.items():
        if capabilities.has(capability):
            words = items[column].astype(str).replace("", None)
            found[name] = pd.factorize(words)[0].astype(np.int32)
    return found


def _two(first: s.Mask, yes: str, no: str) -> Grouping:
    return Grouping((~np.asarray(first)).astype(np.int32), (yes, no))
