"""Figures of re-ranked lists, their change, and the exposure of groups are those that can be reckoned by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from recsys.evaluation.diversity.candidates import Candidates, Described, pools
from recsys.evaluation.diversity.fairness import Grouping, exposure
from recsys.evaluation.diversity.judging import DIVERSITY, NDCG, Setting, change, listed
from recsys.evaluation.significance import Sampling
from recsys.evaluation.splits import Task
from recsys.recommenders.contract import SideInformation

SAMPLING = Sampling(resamples=200)


def table(ndcg: list[float], diversity: list[float]) -> pd.DataFrame:
    return pd.DataFrame({NDCG: ndcg, DIVERSITY: diversity})


def test_the_change_is_of_the_means_and_lacking_values_are_left_out() -> None:
    base = table([0.5, 0.0, 1.0, math.nan], [0.5, 0.5, 0.5, 0.5])
    found = change(table([0.5, 0.0, 0.7, 0.3], [0.6, 0.6, math.nan, 0.6]), base, SAMPLING)
    assert found["ndcg_change"] == pytest.approx(1.2 / 1.5 - 1, abs=1e-5)
    assert found["diversity_change"] == pytest.approx(0.2, abs=1e-5)
    low, high = found["ndcg_change_ci95"]
    assert low <= found["ndcg_change"] <= high


def test_the_same_lists_have_no_change_at_all() -> None:
    same = table([0.2, 0.9, 0.4], [0.5, 0.6, 0.7])
    found = change(same, same, SAMPLING)
    assert (found["ndcg_change"], found["ndcg_change_ci95"]) == (0.0, [0.0, 0.0])


def test_what_is_described_by_attributes_is_of_length_1_or_unknown() -> None:
    attributes = sparse.csr_array(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 5.0]]))
    vectors = Described(SideInformation(attributes=attributes)).vectors(np.array([0, 1, 2], np.int32))
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0, 0.0, 1.0])


def found() -> tuple[Candidates, Described]:
    items = np.array([[0, 1, 2, -1], [3, 2, 1, 0]], np.int32)
    scores = np.array([[4, 3, 1, -np.inf], [9, 5, 2, 1]], np.float32)
    return Candidates(items, scores), Described(SideInformation(vectors=np.eye(4, dtype=np.float32)))


def test_pools_hold_the_candidates_that_there_are() -> None:
    by_score = [(items.tolist(), pool.relevance.tolist()) for items, pool in pools(*found(), "scores")]
    assert by_score == [([0, 1, 2], [4.0, 3.0, 1.0]), ([3, 2, 1, 0], [9.0, 5.0, 2.0, 1.0])]
    assert [pool.relevance.tolist()[:2] for _, pool in pools(*found(), "places")] == [[1.0, 0.5], [1.0, 0.5]]


def test_the_mean_of_scores_and_places_falls_as_both_do() -> None:
    relevance = [pool.relevance.tolist() for _, pool in pools(*found(), "both")]
    # scores 4, 3, 1 are 1, 2/3 and 0 on the scale 0..1; places 1, 2, 3 are worth 1/6, 1/7 and 1/8
    assert relevance[0] == pytest.approx([math.sqrt(1 / 6), math.sqrt(2 / 21), 0.0])


def test_without_strength_the_lists_are_those_of_the_recommender() -> None:
    made = listed(*found(), [Setting("mmr", "scores", 0.0), Setting("mmr", "scores", 0.5)])
    top = made[Setting("mmr", "scores", 0.0)].top
    assert top[:, :4].tolist() == [[0, 1, 2, -1], [3, 2, 1, 0]]
    assert (top[:, 4:] == -1).all()


def test_exposure_is_weighed_by_place_and_set_against_what_was_taken() -> None:
    relevant = sparse.csr_array(np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]))
    task = Task(None, relevant)  # type: ignore[arg-type]
    lists = {"by score": np.array([[0, 2], [0, 1]], np.int32)}
    rows = exposure(lists, task, {"kind": Grouping(np.array([0, 1, 1], np.int32), ("a", "b"))})
    over_all, a, b = rows
    place = 1 / math.log2(3)
    assert a["exposure"] == pytest.approx(2 / (2 + 2 * place), abs=1e-5)
    assert (a["merit"], b["merit"]) == (pytest.approx(1 / 3, abs=1e-5), pytest.approx(2 / 3, abs=1e-5))
    assert a["ratio"] == pytest.approx(a["exposure"] * 3, abs=1e-4)
    assert (a["catalogue"], over_all["coverage"]) == (pytest.approx(1 / 3, abs=1e-5), 1.0)


def test_items_without_a_group_count_for_none() -> None:
    task = Task(None, sparse.csr_array(np.array([[1.0, 1.0]])))  # type: ignore[arg-type]
    rows = exposure(
        {"x": np.array([[0, 1]], np.int32)}, task, {"kind": Grouping(np.array([-1, 0], np.int32), ("a", "b"))}
    )
    assert [row.get("exposure") for row in rows] == [None, 1.0, 0.0]
    assert rows[2]["ratio"] is None
