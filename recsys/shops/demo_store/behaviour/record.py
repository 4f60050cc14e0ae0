"""What happened, gathered day by day as arrays and given out as the tables that a shop loads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

EVENTS: Final = ("shopper_id", "item_id", "time", "event", "basket", "quantity", "paid", "query")
IMPRESSIONS: Final = ("shopper_id", "item_id", "time", "position", "propensity")
KINDS: Final = ("search", "view", "favourite", "basket", "purchase", "share", "return", "review")
"""In the order in which events of one second are listed."""


@dataclass
class Record:
    """Arrays by name, one list entry a day; rows of shoppers and products in place of ids."""

    events: list[dict[str, np.ndarray]] = field(default_factory=list)
    impressions: list[dict[str, np.ndarray]] = field(default_factory=list)

    def add(self, kind: str, shopper: np.ndarray, item: np.ndarray, seconds: np.ndarray, **further: np.ndarray) -> None:
        """Events of one kind; `further` may be visit, quantity, paid and query. item is -1 for none."""
        k = len(shopper)
        self.events.append({
            "kind": np.full(k, KINDS.index(kind), np.int8),
            "shopper": shopper.astype(np.int32),
            "item": item.astype(np.int32),
            "seconds": seconds.astype(np.int64),
            "visit": further.get("visit", np.full(k, -1)).astype(np.int64),
            "quantity": further.get("quantity", np.ones(k)).astype(np.int64),
            "paid": further.get("paid", np.zeros(k)).astype(np.float64),
            "query": further.get("query", np.full(k, None, object)),
        })  # fmt: skip

    def events_table(self, start: str, shopper_ids: np.ndarray, item_ids: np.ndarray) -> pd.DataFrame:
        """The events by time, then shopper; `basket` is the visit of a purchase and otherwise a number of its own."""
        all_ = joined(self.events)
        order = np.lexsort((all_["item"], all_["kind"], all_["shopper"], all_["seconds"]))
        all_ = {name: values[order] for name, values in all_.items()}
        own = all_["visit"].max(initial=-1) + 1 + np.arange(len(order))
        table = {
            "shopper_id": shopper_ids[all_["shopper"]],
            "item_id": np.where(all_["item"] >= 0, item_ids[all_["item"]], None),
            "time": clock(start, all_["seconds"]),
            "event": pd.Categorical.from_codes(all_["kind"], pd.Index(KINDS)),
            "basket": np.where(all_["visit"] >= 0, all_["visit"], own),
            "quantity": all_["quantity"],
            "paid": all_["paid"],
            "query": all_["query"],
        }
        return pd.DataFrame({name: table[name] for name in EVENTS})

    def impressions_table(self, start: str, shopper_ids: np.ndarray, item_ids: np.ndarray) -> pd.DataFrame:
        """The impressions, day by day, page by page, from the first position down."""
        all_ = joined(self.impressions)
        table = {
            "shopper_id": shopper_ids[all_["shopper"]],
            "item_id": item_ids[all_["item"]],
            "time": clock(start, all_["seconds"]),
            "position": all_["position"].astype(np.int64),
            "propensity": all_["propensity"],
        }
        return pd.DataFrame({name: table[name] for name in IMPRESSIONS})


def joined(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """One array a name."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def clock(start: str, seconds: np.ndarray) -> np.ndarray:
    """Times of seconds since midnight of the first day."""
    return np.asarray(np.datetime64(start, "ns") + seconds.astype("timedelta64[s]"))
