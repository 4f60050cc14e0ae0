from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.datasets import shopper_labels as labels
from recsys.datasets.contract import Dataset


@pytest.mark.parametrize(
    ("days", "baskets", "words"),
    [
        (1, 90, "Daily shopper"),
        (2, 90, "Shops three times a week"),
        (4, 90, "Shops twice a week"),
        (7, 50, "Weekly shopper"),
        (14, 20, "Shops every two weeks"),
        (30, 12, "Monthly shopper"),
        (90, 4, "Occasional shopper"),
        (7, 2, "Rare shopper"),
        (float("nan"), 3, "Rare shopper"),
        (float("nan"), 0, "Bought nothing yet"),
    ],
)
def test_cadence_in_plain_words(days: float, baskets: int, words: str) -> None:
    assert labels.cadence(days, baskets) == words


def test_lift_is_shrunk_towards_everyone() -> None:
    counts = np.array([[40.0, 0.0], [0.0, 40.0]])
    # half of all lines are of the first category: log((40 + 60 / 2) / ((40 + 60) / 2)) = log(1.4)
    assert labels.log_lift(counts)[0] == pytest.approx([np.log(70 / 50), np.log(30 / 50)])


def test_a_category_that_nobody_bought_lifts_nobody() -> None:
    assert np.isfinite(labels.log_lift(np.array([[5.0, 0.0]]))).all()


def test_lines_are_counted_by_shopper_and_category() -> None:
    events = pd.DataFrame({s.SHOPPER: [0, 0, 1], s.ITEM: [0, 1, 1]})
    assert labels.category_counts(events, np.array([2, 0]), 2, 3).tolist() == [[1, 0, 1], [1, 0, 0]]


def test_a_label_says_age_and_household_only_where_they_are_known(small: Dataset) -> None:
    said = small.shoppers.set_index(s.SHOPPER_ID)[s.LABEL]
    assert said[1] == "Weekly shopper, 35-44, two adults with two children"
    assert said[3] == "Rare shopper, 65+, one adult"


def test_private_categories_are_never_said(real: Dataset) -> None:
    said = real.shoppers[s.LABEL].str.lower()
    for word in (
        "incontinence",
        "feminine",
        "laxative",
        "cigar",
        "tobacco",
        "beer",
        "wine",
        "liquor",
        "ethnic",
        "pain",
    ):
        assert not said.str.contains(word).any(), word


def test_the_short_list_is_as_long_as_there_are_shoppers() -> None:
    shoppers = pd.DataFrame({
        s.LABEL: ["a", "b", "c"], s.BASKETS: [30, 30, 0], s.LINES: [60, 90, 0], s.PRODUCTS: [9, 50, 0],
        s.DAYS_BETWEEN: [7.0, 3.0, np.nan],
    })  # fmt: skip
    counts = np.array([[60.0, 0.0, 0.0], [0.0, 60.0, 30.0], [0.0, 0.0, 0.0]])
    listed = labels.short_list(shoppers, counts, labels.log_lift(counts + 1e-9), np.array([True, False, False]))
    assert sorted(listed) == [-1, 0, 1]
    assert listed[2] == -1  # who bought nothing is not worth picking
