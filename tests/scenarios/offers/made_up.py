"""A year of campaigns whose right answer is known: of 200 people every fourth redeems, the others never do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recsys.datasets.interactions import Interactions
from recsys.scenarios.offers.tables import OfferTables, in_rows
from recsys.shops.campaigns import Campaigns, checked

PEOPLE, ITEMS, DAYS = 200, 20, 360
FIRST = pd.Timestamp("2025-01-01")
ITEM_IDS = [f"i{row}" for row in range(ITEMS)]
SHOPPER_IDS = [f"s{row}" for row in range(PEOPLE)]
STARTS = (0, 40, 80, 120, 160, 200, 240, 280, 350)  # the first has nothing before it, the last has not ended


def redeems(shopper: int) -> bool:
    """Whether somebody is one of those who redeem, always the coupon of what they buy."""
    return shopper % 4 == 0


def given() -> Campaigns:
    """Nine campaigns with two coupons each, of 20 days, sent to everybody."""
    names = [f"c{row}" for row in range(len(STARTS))]
    starts = [FIRST + pd.Timedelta(days=day) for day in STARTS]
    campaigns = pd.DataFrame(
        {
            "campaign_id": names,
            "kind": "plain",
            "starts": starts,
            "ends": [day + pd.Timedelta(days=19) for day in starts],
        }
    )
    coupons = pd.DataFrame(
        [(name, coupon, item) for name in names for coupon, item in (("a", "i0"), ("a", "i1"), ("b", "i2"))],
        columns=["campaign_id", "coupon_id", "item_id"],
    )
    addressed = pd.DataFrame(
        [(name, who) for name in names for who in SHOPPER_IDS], columns=["campaign_id", "shopper_id"]
    )
    came = [
        (name, "a", SHOPPER_IDS[row], start + pd.Timedelta(days=3), 4.0, 1.0)
        for name, start in zip(names, starts, strict=True)
        for row in range(PEOPLE)
        if redeems(row)
    ]
    columns = ["campaign_id", "coupon_id", "shopper_id", "time", "paid", "discount"]
    return Campaigns(campaigns, coupons, addressed, pd.DataFrame(came, columns=columns))


def tables(campaigns: Campaigns | None = None) -> OfferTables:
    """The same in rows."""
    return in_rows(checked(campaigns or given()), ITEM_IDS, SHOPPER_IDS, FIRST, DAYS - 1)


def history() -> Interactions:
    """Everybody shops every tenth day: who redeems buys item 0, the others an item that no coupon is good for."""
    days = np.arange(0, DAYS, 10, dtype=np.int32)
    items = np.concatenate([np.full(len(days), 0 if redeems(row) else 5 + row % 10) for row in range(PEOPLE)])
    indptr = np.arange(PEOPLE + 1, dtype=np.int64) * len(days)
    baskets = np.tile(np.arange(len(days), dtype=np.int32), PEOPLE)
    return Interactions(indptr, items.astype(np.int32), baskets, np.tile(days, PEOPLE), ITEMS)
