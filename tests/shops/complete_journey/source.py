"""A small source with a known right answer, and the real one, read once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from recsys.datasets.contract import Dataset
from recsys.shops.complete_journey import loader as complete_journey

PRODUCTS = pd.DataFrame(
    [
        (10, "GROCERY", "Private", "FRZN BREAKFAST FOODS", "WAFFLES/PANCAKES/FRENCH TOAST", "19.8 OZ"),
        (20, "GROCERY", "National", "COLD CEREAL", "KIDS CEREAL", None),
        (30, "FUEL", "National", "COUPON/MISC ITEMS", "GASOLINE-REG UNLEADED", None),
        (40, "MISCELLANEOUS", "National", "COUPON/MISC ITEMS", "MASTERCARD GIFT CARD", None),
        (50, "MISCELLANEOUS", "National", None, None, None),
        (60, "GROCERY", "National", "COLD CEREAL", "ADULT CEREAL", "12 OZ"),
        (70, "MISCELLANEOUS", "National", None, "KIDS CEREAL", "12 PK/12 OZ"),
    ],
    columns=complete_journey.COLUMNS["products.parquet"],
)
LINES = pd.DataFrame(
    [  # household, basket, product, quantity, sales, retail discount, coupon, matched coupon, time
        (1, 100, 10, 2, 4.00, 1.00, 0.50, 0.20, "2017-01-01 10:00"),
        (1, 101, 10, 1, 2.40, 0.00, 0.00, 0.00, "2017-01-08 10:00"),
        (1, 102, 20, 1, 3.00, 0.00, 0.00, 0.00, "2017-01-15 10:00"),
        (1, 102, 30, 9000, 20.0, 0.00, 0.00, 0.00, "2017-01-15 10:00"),
        (2, 103, 40, 1, 25.0, 0.00, 0.00, 0.00, "2017-01-02 10:00"),
        (2, 103, 50, 1, 1.00, 0.00, 0.00, 0.00, "2017-01-02 10:00"),
        (2, 103, 60, 0, 0.00, 0.00, 0.00, 0.00, "2017-01-02 10:00"),
        (2, 103, 20, 5000, 9.00, 0.00, 0.00, 0.00, "2017-01-02 10:00"),
        (3, 104, 99, 1, 1.00, 0.00, 0.00, 0.00, "2017-01-03 10:00"),
        (3, 104, 70, 1, 0.00, 0.00, 0.00, 0.00, "2017-01-03 10:00"),
        (3, 104, 20, 1, 5.00, 0.00, 0.00, 0.00, "2017-01-03 10:00"),
    ],
    columns=complete_journey.COLUMNS["transactions.parquet"],
).astype({"transaction_timestamp": "datetime64[ns]"})
PEOPLE = pd.DataFrame(
    [(1, "35-44", "50-74K", "2 Adults Kids", "2"), (3, "65+", "Under 15K", "1 Adult No Kids", "0")],
    columns=complete_journey.COLUMNS["demographics.parquet"],
)

Source = Callable[..., Path]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    """Writes a source of three small files and makes the loader read it; tables can be replaced by name."""

    def write(**tables: pd.DataFrame) -> Path:
        frames = {"products": PRODUCTS, "transactions": LINES, "demographics": PEOPLE} | tables
        for name, frame in frames.items():
            frame.to_parquet(tmp_path / f"{name}.parquet", index=False)
        monkeypatch.setattr(complete_journey, "source_folder", lambda: tmp_path)
        return tmp_path

    return write


@pytest.fixture
def small(source: Source) -> Dataset:
    source()
    return complete_journey.load()


@pytest.fixture(scope="session")
def real() -> Dataset:
    """The whole of The Complete Journey, about five seconds."""
    return complete_journey.load()
