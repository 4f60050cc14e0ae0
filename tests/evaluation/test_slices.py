"""Visits fall into slices in plain words, and a metric is told per slice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.evaluation.significance import Sampling
from recsys.evaluation.slices import activity, by_slice, department_taken_most, slices
from recsys.evaluation.splits import Task
from recsys.recommenders.contract import Visits

QUICK = Sampling(resamples=50, flips=50)


def histories(*sequences: list[int], n_items: int = 4) -> Interactions:
    return from_sequences([np.array(sequence, np.int32) for sequence in sequences], n_items)


def task(relevant: list[list[float]], *sequences: list[int]) -> Task:
    visits = Visits(
        histories(*sequences), np.arange(len(sequences), dtype=np.int32), np.zeros(len(sequences), np.int32)
    )
    return Task(visits, sparse.csr_array(np.array(relevant)))


def test_activity_cuts_the_shoppers_into_thirds_that_name_their_span() -> None:
    found = activity(np.array([9, 1, 2, 3, 4, 5]))
    assert list(found.categories) == ["few purchases (1-2)", "some purchases (3-4)", "many purchases (5-9)"]
    assert found.codes.tolist() == [2, 0, 0, 1, 1, 2]


def test_shoppers_without_history_are_a_slice_of_their_own() -> None:
    found = activity(np.array([0, 4, 5, 6]))
    assert list(found) == ["no purchases", "few purchases (4)", "some purchases (5)", "many purchases (6)"]


def test_equally_active_shoppers_are_never_torn_apart() -> None:
    found = activity(np.array([3, 3, 3, 3, 3, 8]))
    assert list(found.categories) == ["few purchases (3)", "many purchases (8)"]


def test_where_all_are_equally_active_there_is_one_slice() -> None:
    assert list(activity(np.array([5, 5])).categories) == ["purchases (5)"]


def test_where_nobody_bought_anything_there_is_one_slice() -> None:
    assert list(activity(np.array([0, 0])).categories) == ["no purchases"]
    assert len(activity(np.array([], np.int64))) == 0


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_every_shopper_lies_within_the_span_of_the_slice(lengths: list[int]) -> None:
    for length, label in zip(lengths, activity(np.array(lengths)), strict=True):
        if length == 0:
            assert label == "no purchases"
        else:
            span = [int(number) for number in label.split("(")[1].rstrip(")").split("-")]
            assert span[0] <= length <= span[-1]


DEPARTMENTS = pd.Series(["Bakery", "Dairy", "Dairy", "Produce"])


def test_the_department_is_the_one_taken_most_and_ties_go_by_name() -> None:
    found = department_taken_most(histories([0, 1, 2], [3, 0], []), DEPARTMENTS)
    assert list(found) == ["Dairy", "Bakery", "no purchases"]


def test_departments_are_ordered_by_the_number_of_their_shoppers() -> None:
    found = department_taken_most(histories([0], [3], [3], []), DEPARTMENTS)
    assert list(found.categories) == ["Produce", "Bakery", "no purchases"]


def test_an_item_without_department_counts_for_unknown() -> None:
    found = department_taken_most(histories([3]), pd.Series(["Bakery", "Dairy", "Dairy", None]))
    assert list(found) == ["unknown"]


def test_new_shoppers_and_new_products_are_cold() -> None:
    asked = task([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0]], [0, 1], [], [1])
    found = slices(asked, taken_by=np.array([2, 2, 0, 0]))
    assert list(found["shopper"]) == ["known shoppers (warm)", "new shoppers (cold)", "known shoppers (warm)"]
    assert list(found["products"]) == [
        "took known products only (warm)",
        "took a product nobody had taken (cold)",
        "took a product nobody had taken (cold)",
    ]


def test_all_ways_of_slicing_stand_side_by_side_one_row_per_visit() -> None:
    asked = task([[1, 0, 0, 0], [0, 1, 0, 0]], [0, 1], [3])
    people = pd.DataFrame({"age": ["65+", ""], "income": ["100-124K", "Under 15K"]}, index=[7, 3])
    found = slices(asked, np.ones(4, int), DEPARTMENTS, people)
    assert list(found.columns) == ["activity", "shopper", "products", "department", "age", "income"]
    assert found.index.tolist() == [0, 1]
    assert list(found["age"]) == ["65+", "unknown"]
    assert list(found["department"]) == ["Bakery", "Produce"]


def test_bands_are_ordered_by_their_numbers_and_unknown_comes_last() -> None:
    bands = ["15-24K", "100-124K", "Under 15K", None, "250K+"]
    asked = task([[1, 0, 0, 0]] * 5, [0], [0], [0], [0], [0])
    found = slices(asked, np.ones(4, int), people=pd.DataFrame({"income": bands}))
    assert list(found["income"].cat.categories) == ["Under 15K", "15-24K", "100-124K", "250K+", "unknown"]


def test_a_column_that_has_an_order_keeps_it() -> None:
    sizes = pd.Categorical(["large", "small"], ["small", "large"], ordered=True)
    found = slices(task([[1, 0, 0, 0]] * 2, [0], [0]), np.ones(4, int), people=pd.DataFrame({"size": sizes}))
    assert list(found["size"].cat.categories) == ["small", "large"]


def test_tables_of_another_length_are_refused() -> None:
    asked = task([[1, 0, 0, 0]], [0])
    with pytest.raises(ValueError, match="departments has 3 rows"):
        slices(asked, np.ones(4, int), departments=DEPARTMENTS[:3])
    with pytest.raises(ValueError, match="people has 2 rows"):
        slices(asked, np.ones(4, int), people=pd.DataFrame({"age": ["a", "b"]}))


def labelled(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Categorical(words) for name, words in columns.items()})


def test_each_slice_and_model_has_its_mean_interval_and_count() -> None:
    values = pd.DataFrame({"knn": [1.0, 0.0, 0.5], "popular": [0.0, 0.0, np.nan]})
    found = by_slice(values, labelled(size=["small", "small", "large"]), sampling=QUICK)
    assert found.columns.tolist() == ["slicing", "slice", "model", "mean", "low", "high", "count", "comparable"]
    means = found.set_index(["slice", "model"])["mean"]
    assert means["small", "knn"] == (1 + 0) / 2
    assert means["large", "knn"] == 0.5
    assert np.isnan(means["large", "popular"])
    assert found.set_index(["slice", "model"])["count"].to_dict() == {
        ("large", "knn"): 1,
        ("large", "popular"): 0,
        ("small", "knn"): 2,
        ("small", "popular"): 2,
    }


def test_a_slice_of_fewer_than_30_shoppers_is_too_small_to_compare() -> None:
    values = pd.DataFrame({"knn": np.ones(59)})
    found = by_slice(values, labelled(size=["a"] * 30 + ["b"] * 29), sampling=QUICK)
    assert found["comparable"].tolist() == [True, False]


def test_only_the_ways_of_slicing_that_were_asked_for_are_told() -> None:
    values = pd.DataFrame({"knn": [1.0, 0.0]})
    found = by_slice(values, labelled(size=["a", "b"], age=["x", "x"]), ["age"], QUICK)
    assert found["slicing"].tolist() == ["age"]


def test_labels_of_other_visits_are_refused() -> None:
    with pytest.raises(ValueError, match="values has 1 rows and labels 2"):
        by_slice(pd.DataFrame({"knn": [1.0]}), labelled(size=["a", "b"]))


@settings(max_examples=40)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=20))
def test_the_slices_of_one_way_of_slicing_hold_every_visit_once(words: list[str]) -> None:
    values = pd.DataFrame({"knn": np.arange(len(words), dtype=float)})
    found = by_slice(values, labelled(size=words), sampling=QUICK)
    assert found["count"].sum() == len(words)
    assert (found["mean"] * found["count"]).sum() == pytest.approx(values["knn"].sum())
