"""A shop of which nothing is known but titles and `user item` events in their order: the least that there can be."""

from __future__ import annotations

from typing import Final

import pandas as pd

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.shops.contract import Shop
from tests.shops.outdoor import items

NAME: Final = "bare"
USERS: Final = 60


def events() -> pd.DataFrame:
    """User u took items u, u + 1, ... u + 7 (of 200), in this order."""
    rows = [{"shopper_id": f"u{user}", "item_id": f"P{(user + step) % 200:03d}"} for user in range(USERS)
            for step in range(8)]  # fmt: skip
    return pd.DataFrame(rows)


def load(progress: Progress) -> Dataset:
    """Titles and events, nothing else."""
    from recsys.datasets.completing import completed

    titles = items()[["item_id", "title"]]
    progress(1, 1, "made up")
    return completed(NAME, titles, events(), source="made up for the tests", licence="none needed", icon="📦")


BARE: Final = Shop(
    name=NAME,
    title="Titles alone",
    description="Titles and who took what, nothing else",
    licence="none needed",
    load=load,
    version=lambda: "bare 1",
    icon="📦",
    simulated=True,
)
