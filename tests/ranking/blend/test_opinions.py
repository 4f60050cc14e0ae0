"""Who becomes a candidate, and what the recommenders say of it."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.ranking.blend.opinions import opinions, propose, proposed, ranks
from recsys.ranking.blend.table import Choices
from recsys.schema import Floats
from tests.ranking.blend.made import on_day, shopping


def scores(*rows: list[float]) -> Floats:
    return np.array(rows, np.float32)


def test_the_best_are_proposed_and_ties_go_to_the_smaller_item() -> None:
    assert proposed(scores([1, 3, 0, 3, 2]), 2).items.tolist() == [1, 3]
    assert proposed(scores([2, 3, 0, 2, 2]), 2).items.tolist() == [0, 1]


def test_the_lowest_score_is_no_opinion() -> None:
    assert proposed(scores([0, 0, 5, 0]), 3).items.tolist() == [2]
    assert proposed(scores([1, 1, 1, 1]), 3).items.tolist() == []


def test_a_large_catalogue_gives_the_same_as_sorting_it() -> None:
    random = np.random.default_rng(0).integers(0, 300, (4, 1_003)).astype(np.float32)
    expected = [sorted(np.lexsort((np.arange(1_003), -row))[:20].tolist()) for row in random]
    found = proposed(random, 20)
    assert [found.items[a:b].tolist() for a, b in zip(found.indptr, found.indptr[1:], strict=False)] == expected


def test_candidates_are_what_any_recommender_proposes_and_what_was_taken_before() -> None:
    visits = on_day(shopping([(0, [5])], n_items=6), 1)
    by = {"a": scores([9, 0, 0, 0, 0, 0]), "b": scores([0, 0, 9, 8, 7, 0])}
    assert propose(by, {"a": 2, "b": 2}, visits, seen=True).items.tolist() == [0, 2, 3, 5]


def test_where_nothing_is_taken_twice_the_history_is_no_candidate() -> None:
    visits = on_day(shopping([(0, [2])], n_items=4), 1)
    assert propose({"a": scores([1, 0, 9, 0])}, {"a": 2}, visits, seen=False).items.tolist() == [0]


def test_ranks_count_within_the_visit() -> None:
    choices = Choices(np.array([0, 3, 5]), np.array([0, 1, 2, 0, 1], np.int32))
    assert ranks(choices, np.array([1, 5, 5, 0, 2], np.float32)).tolist() == [2, 0, 1, 1, 0]


def test_an_opinion_is_also_measured_by_the_best_and_the_mean_of_the_visit() -> None:
    choices = Choices(np.array([0, 2]), np.array([0, 2], np.int32))
    values = opinions({"a": scores([4, 0, 1, -1])}, choices)  # mean 1, best 4
    assert values[0].tolist() == pytest.approx([4, 1, 0])
    assert values[1].tolist() == pytest.approx([1, (1 - 1) / (4 - 1), 1])
