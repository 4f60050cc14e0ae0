"""Campaigns of the hostile shop: their ids, kinds and coupons are what a page must not make anything of either."""

from __future__ import annotations

from typing import Final

import pandas as pd

from recsys.progress import Progress
from recsys.shops.campaigns import Campaigns, Source
from tests.shops.hostile import LIVE, NAME
from tests.shops.outdoor import FIRST_DAY, MEMBERS

CAMPAIGNS: Final = 5
COUPONS: Final = 4


def load(progress: Progress) -> Campaigns:
    """Five campaigns of two weeks with four coupons each, sent to all members, of whom every fourth redeems."""
    ids = [f"{LIVE[row]} {row}" for row in range(CAMPAIGNS)]
    starts = [FIRST_DAY + pd.Timedelta(days=20 * row) for row in range(CAMPAIGNS)]
    members = [f"M{row:02d}" for row in range(MEMBERS)]
    progress(1, 1, "made up")
    campaigns = pd.DataFrame({"campaign_id": ids, "kind": LIVE[:CAMPAIGNS], "starts": starts})
    coupons = [(name, f"{LIVE[5]} {row}", f"P{row:03d}") for name in ids for row in range(COUPONS)]
    came = [
        (name, f"{LIVE[5]} {row % COUPONS}", who, day + pd.Timedelta(days=2), 10.0, 1.0)
        for name, day in zip(ids, starts, strict=True)
        for row, who in enumerate(members)
        if row % 4 == 0
    ]
    return Campaigns(
        campaigns.assign(ends=campaigns["starts"] + pd.Timedelta(days=14)),
        pd.DataFrame(coupons, columns=["campaign_id", "coupon_id", "item_id"]),
        pd.DataFrame([(name, who) for name in ids for who in members], columns=["campaign_id", "shopper_id"]),
        pd.DataFrame(came, columns=["campaign_id", "coupon_id", "shopper_id", "time", "paid", "discount"]),
    )


SOURCES: Final = {NAME: Source(load, lambda: f"{NAME} 1", module=__name__)}
