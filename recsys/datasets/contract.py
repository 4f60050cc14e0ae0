"""What every shop's data give the rest of ShelfLens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from recsys.schema.capabilities import Capabilities


@dataclass(frozen=True, slots=True)
class CleaningRule:
    """What one rule saw and dropped while a source was read."""

    rule: str
    table: str  # "purchase lines" or "products"
    seen: int  # rows the rule looked at
    dropped: int
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Items, shoppers and what shoppers did, in the column names of `recsys.schema`.

    Row i of `items` is item i and row i of `shoppers` is shopper i everywhere inside `recsys`; the source's own ids
    are in the columns `item_id` and `shopper_id`. `events` is sorted by shopper, then time. The three are complete:
    what the source does not have is filled with what says nothing, and `capabilities` tells the truth about it
    (`recsys.datasets.completing` does both). `tables` are the optional ones: attributes, reviews, offers, impressions
    and friends, those that are there.
    """

    name: str
    items: pd.DataFrame
    shoppers: pd.DataFrame
    events: pd.DataFrame
    cleaning: tuple[CleaningRule, ...]
    source: str
    licence: str
    first_day: pd.Timestamp  # midnight before the first event
    capabilities: Capabilities
    traits: tuple[str, ...] = ()  # the columns of `shoppers` that say something about them
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
