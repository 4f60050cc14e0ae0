"""Who advertises, and what a click is worth to them: simulated, for no shop here has sold places on its shelves.

Every brand that joins bids for all of its products what a click is worth to it: the margin of the product times the
chance that a click ends in a purchase, times a factor of the brand that is drawn log-normally. A bid is whole cents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.errors import BadRequestError
from recsys.scenarios.ads.auction import Cents, Codes, Doubles
from recsys.schema.capabilities import Capabilities, Capability

CONVERSION: Final = 0.05  # purchases a click, where the shop does not tell: assumed
MARGIN: Final = 0.3  # of the price, where the shop does not tell what it pays: assumed
MOST_CENTS: Final = 10_000_000  # of a bid: a hundred thousand a click is a slip
SIMULATED: Final = (
    "The advertisers and their bids are simulated: no shop here has sold places on its shelves. Shares and directions "
    "can be read from this, amounts of money are those of the simulation."
)


@dataclass(frozen=True, slots=True)
class Joining:
    """How advertisers are drawn."""

    share: float = 0.7  # of brands that advertise
    spread: float = 0.5  # standard deviation of the logarithm of a brand's factor
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Advertisers with what they bid for each product of the shop."""

    names: tuple[str, ...]  # (a,)
    advertisers: Codes  # (n_items,) -1 where nobody advertises
    cents: Cents  # (n_items,) bid for a click, 0 for none; what a click is worth to who bids

    @property
    def usual(self) -> int:
        """The middle bid in cents, 0 where nobody bids."""
        there = self.cents[self.cents > 0]
        return int(np.median(there)) if len(there) else 0

    def lowered_by(self, share: Doubles) -> Cents:
        """(n_items,) bids where each advertiser (a,) bids only this share of what a click is worth."""
        if not len(share):
            return self.cents
        lower = np.floor(self.cents * share[np.maximum(self.advertisers, 0)])
        return np.asarray(np.where(self.cents > 0, np.maximum(lower, 1), 0), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Makers:
    """Who could advertise which product, before anybody joins."""

    codes: Codes  # (n_items,) -1 for nobody
    names: tuple[str, ...]
    by: str  # s.BRAND or s.CATEGORY
    value: Doubles  # (n_items,) cents that a click is worth without a brand's factor; 0 where not known
    said: tuple[str, ...]  # what was assumed, in words


def makers_of(
    items: pd.DataFrame, has: Capabilities, *, house: str = "", other: str = "", converts: float | None = None
) -> Makers:
    """The makers of a shop's products and what a click is worth to them.

    `house` is the shop's own make, which does not bid against itself; `other` stands for everybody else's make. Where
    fewer than two makers are told apart, a supplier is made up for each category. Raises BadRequestError where the shop
    has no prices, or neither brands nor categories.
    """
    if gone := has.missing(Capability.PRICES):
        raise BadRequestError(gone[0], allowed="a shop with prices and brands", remedy="open another shop")
    said = []
    by = s.BRAND
    codes, names = _coded(items[s.BRAND], {house, other, ""})
    if len(names) < 2:
        by = s.CATEGORY if has.has(Capability.CATEGORIES) else s.DEPARTMENT
        brands = items[s.BRAND].astype(str).to_numpy(object)
        kept = np.where((brands == house) & (house != ""), "", items[by].astype(str).to_numpy(object))
        codes, names = _coded(pd.Series(kept), {""})
        said.append("The shop does not tell makers apart: a supplier was made up for each category.")
    if len(names) < 1:
        raise BadRequestError(
            "nobody could advertise here: the shop names neither brands nor categories",
            allowed="a shop with prices and brands",
            remedy="open another shop",
        )
    price = items[s.PRICE].to_numpy(np.float64, na_value=np.nan)
    margin = price * MARGIN
    if has.has(Capability.COSTS):
        margin = price - items[s.COST].to_numpy(np.float64, na_value=np.nan)
    else:
        said.append(f"What the shop pays is not known: {MARGIN:.0%} of a price is taken as the margin.")
    if converts is None or not 0 < converts <= 1:
        said.append(f"How many clicks end in a purchase is not known: {CONVERSION:.0%} is taken.")
        converts = CONVERSION
    known = np.isfinite(price) & (price > 0) & np.isfinite(margin) & (margin > 0)
    value = np.where(known, np.where(known, margin, 0.0) * 100 * converts, 0.0)
    return Makers(codes, names, by, np.minimum(value, MOST_CENTS), tuple(said))


def conversion_of(info: Mapping[str, Any]) -> float | None:
    """Purchases a look at a product, by what a shop's dataset.json counts; None where it does not count both."""
    kinds = info.get("events_by_kind", {})
    views, bought = int(kinds.get("view", 0)), int(kinds.get("purchase", 0))
    return bought / views if 0 < bought <= views else None


def _coded(names: pd.Series, nobody: set[str]) -> tuple[Codes, tuple[str, ...]]:
    told = names.fillna("").astype(str)
    codes, distinct = pd.factorize(told.where(~told.isin(nobody)), sort=True)
    return codes.astype(np.int32), tuple(str(each) for each in distinct)


def drawn_market(makers: Makers, joining: Joining) -> Market:
    """The advertisers of a seed: who joins, and by which factor a click is worth more or less to them."""
    rng = np.random.default_rng([joining.seed, 77])
    n = len(makers.names)
    factor = np.exp(rng.normal(0.0, joining.spread, n) - joining.spread**2 / 2)  # (a,) of mean 1
    joins = rng.random(n) < joining.share
    if not joins.any():
        joins[: min(n, 2)] = True
    codes = np.where((makers.codes >= 0) & joins[np.maximum(makers.codes, 0)], makers.codes, -1).astype(np.int32)
    cents = np.floor(makers.value * factor[np.maximum(codes, 0)]).astype(np.int64)
    cents = np.where(codes >= 0, np.minimum(cents, MOST_CENTS), 0)
    return Market(makers.names, codes, cents)
