"""Age, income and household of those who told, in plain words."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

HOUSEHOLDS: Final = {
    "1 Adult No Kids": "one adult",
    "2 Adults No Kids": "two adults",
    "1 Adult Kids": "one adult with {kids}",
    "2 Adults Kids": "two adults with {kids}",
}
KIDS: Final = {"1": "one child", "2": "two children", "3+": "three or more children"}
NOTHING_BOUGHT: Final = "Bought nothing but fuel, gift cards or services"


def traits(ids: np.ndarray, people: pd.DataFrame) -> pd.DataFrame:
    """Columns age, income and household, (len(ids), 3) of text, "" where it is not known.

    `people` holds household_id, age, income, household_comp and kids_count of those who told.
    """
    known = people.drop_duplicates("household_id").set_index("household_id").reindex(ids)
    kids = known["kids_count"].map(KIDS).fillna("children")
    pairs = zip(known["household_comp"].map(HOUSEHOLDS).fillna(""), kids, strict=True)
    return pd.DataFrame(
        {
            "age": known["age"].fillna("").astype("str").to_numpy(),
            "income": known["income"].fillna("").astype("str").to_numpy(),
            "household": pd.array([h.format(kids=k) for h, k in pairs], dtype="str"),
        }
    )
