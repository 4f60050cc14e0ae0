"""Campaigns in rows: the source's ids become rows of the data set, dates become days since its first one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from recsys.shops.campaigns import CAMPAIGN_ID, COUPON_ID, KIND, Campaigns, rows_of

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OfferTables:
    """The campaigns of a shop; row c of `campaigns` is campaign c, row j of `coupons` coupon j, everywhere here.

    `campaigns`: campaign_id, kind, starts, ends (dates), start, end (days since the first one, both included).
    `coupons`: coupon_id, campaign, products. `addressed`: campaign, shopper. `redemptions`: campaign, coupon, shopper,
    day, paid, discount. `good_for` (n_items, n_coupons) is 1 where a coupon is good for an item.
    """

    campaigns: pd.DataFrame
    coupons: pd.DataFrame
    addressed: pd.DataFrame
    redemptions: pd.DataFrame
    good_for: csr_array
    n_shoppers: int
    last_day: int
    notes: tuple[str, ...] = ()

    def coupons_of(self, campaign: int) -> Longs:
        """The rows of a campaign's coupons."""
        return np.flatnonzero(self.coupons["campaign"].to_numpy() == campaign)

    def addressed_by(self, campaign: int) -> Longs:
        """The rows of who was sent a campaign, ascending."""
        who = self.addressed.loc[self.addressed["campaign"] == campaign, "shopper"].to_numpy()
        return np.unique(who).astype(np.int64)

    def redeemed_in(self, campaign: int) -> Longs:
        """How many coupons of a campaign each shopper redeemed, (n_shoppers,)."""
        who = self.redemptions.loc[self.redemptions["campaign"] == campaign, "shopper"].to_numpy(np.int64)
        return np.bincount(who, minlength=self.n_shoppers).astype(np.int64)

    def ended(self, campaign: int) -> bool:
        """Whether all of a campaign lies within the data."""
        return int(self.campaigns["end"].iloc[campaign]) <= self.last_day


def in_rows(
    given: Campaigns, item_ids: Sequence[str], shopper_ids: Sequence[str], first_day: pd.Timestamp, last_day: int
) -> OfferTables:
    """The campaigns with rows in place of ids; what the data set does not know is left out and said.

    A redemption by somebody who was not addressed, or of a coupon that the campaign does not have, counts as none: it
    says nothing about whom to address.
    """
    campaigns = given.campaigns.reset_index(drop=True)
    day = {"starts": "start", "ends": "end"}
    days = {name: (campaigns[column] - first_day).dt.days.to_numpy(np.int64) for column, name in day.items()}
    campaigns = campaigns.assign(**days)
    ids = campaigns[CAMPAIGN_ID].astype(str).tolist()
    goods, coupons = _coupons(given.coupons, ids, item_ids)
    notes = list(given.notes)
    addressed = _addressed(given.addressed, ids, shopper_ids)
    redemptions = _redemptions(given.redemptions, ids, coupons, shopper_ids, first_day, last_day)
    kept = _of_addressed(redemptions, addressed, len(shopper_ids))
    if len(kept) < len(redemptions):
        notes.append(f"{len(redemptions) - len(kept):,} redemptions are by somebody who was not addressed: not counted")
    return OfferTables(campaigns, coupons, addressed, kept, goods, len(shopper_ids), last_day, tuple(notes))


def _coupons(table: pd.DataFrame, campaigns: list[str], item_ids: Sequence[str]) -> tuple[csr_array, pd.DataFrame]:
    rows = pd.DataFrame(
        {
            "campaign": rows_of(table[CAMPAIGN_ID], campaigns),
            COUPON_ID: table[COUPON_ID].astype(str).to_numpy(),
            "item": rows_of(table["item_id"], item_ids),
        }
    )
    rows = rows[(rows["campaign"] >= 0) & (rows["item"] >= 0)].drop_duplicates()
    coupons = rows.groupby(["campaign", COUPON_ID], as_index=False).agg(products=("item", "size"))
    place = coupons.reset_index(names="coupon").set_index(["campaign", COUPON_ID])["coupon"]
    of = place.reindex(pd.MultiIndex.from_frame(rows[["campaign", COUPON_ID]])).to_numpy(np.int64)
    shape = (len(item_ids), len(coupons))
    goods = csr_array((np.ones(len(rows), np.float32), (rows["item"].to_numpy(), of)), shape=shape)
    return goods, coupons


def _addressed(table: pd.DataFrame, campaigns: list[str], shoppers: Sequence[str]) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"campaign": rows_of(table[CAMPAIGN_ID], campaigns), "shopper": rows_of(table["shopper_id"], shoppers)}
    )
    return rows[(rows["campaign"] >= 0) & (rows["shopper"] >= 0)].drop_duplicates().reset_index(drop=True)


def _redemptions(
    table: pd.DataFrame,
    campaigns: list[str],
    coupons: pd.DataFrame,
    shoppers: Sequence[str],
    first_day: pd.Timestamp,
    last_day: int,
) -> pd.DataFrame:
    campaign = rows_of(table[CAMPAIGN_ID], campaigns)
    keys = pd.MultiIndex.from_arrays([coupons["campaign"], coupons[COUPON_ID]])
    of = pd.MultiIndex.from_arrays([campaign, table[COUPON_ID].astype(str)])
    rows = pd.DataFrame(
        {
            "campaign": campaign,
            "coupon": keys.get_indexer(of),
            "shopper": rows_of(table["shopper_id"], shoppers),
            "day": (pd.to_datetime(table["time"]).dt.normalize() - first_day).dt.days.to_numpy(),
            "paid": table["paid"].to_numpy(np.float64),
            "discount": table["discount"].to_numpy(np.float64),
        }
    )
    known = (rows[["campaign", "shopper"]] >= 0).all(axis=1) & rows["day"].le(last_day)
    return rows[known].reset_index(drop=True)


def _of_addressed(redemptions: pd.DataFrame, addressed: pd.DataFrame, n_shoppers: int) -> pd.DataFrame:
    sent = addressed["campaign"].to_numpy() * n_shoppers + addressed["shopper"].to_numpy()
    mine = redemptions["campaign"].to_numpy() * n_shoppers + redemptions["shopper"].to_numpy()
    return redemptions[np.isin(mine, sent)].reset_index(drop=True)


def kinds_of(tables: OfferTables) -> list[str]:
    """The kinds of campaigns there are, in the order of the alphabet."""
    return sorted({str(kind) for kind in tables.campaigns[KIND]})
