"""A small shop whose auctions can be redone by hand: ten products of three brands, what most people take."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.ranking.shortlists import Shortlists
from recsys.scenarios.ads.shelves import Shelves
from recsys.schema.capabilities import Capabilities, Capability

HAS = Capabilities(frozenset({Capability.PRICES, Capability.BRANDS, Capability.CATEGORIES}))


def items(n: int = 10, **columns: list[object]) -> pd.DataFrame:
    """`n` products; brands A, B, C in turn, prices 10, 20, 30 ...; the first is taken most."""
    table = pd.DataFrame(
        {
            s.BRAND: [("A", "B", "C")[row % 3] for row in range(n)],
            s.CATEGORY: [("tea", "cups")[row % 2] for row in range(n)],
            s.DEPARTMENT: ["all"] * n,
            s.PRICE: [10.0 * (row + 1) for row in range(n)],
            s.BUYERS: list(range(n, 0, -1)),
            s.KIND: list(range(n)),
        }
    )
    return table.assign(**columns)


def shelves(table: pd.DataFrame, people: int = 0) -> Shelves:
    """Nobody has a shortlist of their own."""
    none = Shortlists(np.zeros(people + 1, np.int64), np.empty(0, np.int32), np.empty((0, 1)), ("taste",))
    return Shelves(table, none, np.ones(people))
