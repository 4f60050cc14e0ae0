"""On data whose answer is known by construction, content finds the cold item and popularity knows nothing of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy import sparse

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import BadRequestError
from recsys.evaluation.cold_start import methods
from recsys.evaluation.cold_start.choices import simulated
from recsys.evaluation.cold_start.data import ColdData
from recsys.evaluation.cold_start.judging import HIT, equal_mix, valued
from recsys.evaluation.cold_start.kept import NEEDED
from recsys.evaluation.cold_start.running import Effort, evaluated
from recsys.evaluation.cold_start.splits import cold_items, cold_shoppers
from recsys.evaluation.full_ranking import best_of_each
from recsys.recommenders.contract import SideInformation, Visits

THEMES, EACH = 6, 22  # kinds of items, and items of each: one theme is what a shopper likes
SHOPPERS = 60


@lru_cache(maxsize=1)
def themed() -> ColdData:
    """Every shopper takes items of one theme alone, in an order of their own."""
    rng = np.random.default_rng(0)
    histories = []
    for shopper in range(SHOPPERS):
        own = np.arange(EACH) + EACH * (shopper % THEMES)
        histories.append(rng.permutation(own).astype(np.int32)[:20])
    theme = np.repeat(np.arange(THEMES), EACH)
    attributes = sparse.csr_array(np.eye(THEMES, dtype=np.float32)[theme])
    return ColdData("themed", {}, from_sequences(histories, THEMES * EACH), SideInformation(attributes=attributes))


def in_time() -> ColdData:
    """The last item of a theme is sold from day 20 on; shoppers of the theme take it then, after one of the others."""
    n_items = 4  # 0 and 1 of one theme, 2 and 3 of the other; 1 and 3 are new
    sequences = [np.array([2 * (shopper % 2), 2 * (shopper % 2) + 1], np.int32) for shopper in range(20)]
    table = from_sequences(sequences, n_items)
    days = np.array([(2 + shopper % 5, 20 + shopper % 9) for shopper in range(20)], np.int32).ravel()
    theme = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    side = SideInformation(attributes=sparse.csr_array(theme), vectors=theme)
    return ColdData("in time", {}, replace(table, days=days, dated=True), side)


def everybody(known: Interactions) -> Visits:
    """All twenty on day 20."""
    rows = np.arange(20, dtype=np.int32)
    return Visits(known.take(rows), rows, np.full(20, 20, np.int32))


def test_a_cold_item_described_as_what_the_shopper_likes_comes_first_by_content_and_graph() -> None:
    data = in_time()
    last = data.table.where(data.table.days >= 20)
    known = data.table.where(data.table.days < 20)
    fitted = methods.for_items(data, known, 0)
    visits = everybody(known)
    for name in ("content", "graph"):
        scores = np.array(fitted.methods[name](visits))
        scores[:, [0, 2]] = -np.inf  # what is no cold item
        assert best_of_each(scores, 1).ravel().tolist() == last.items.tolist()


def test_popularity_cannot_tell_cold_items_of_equally_popular_kinds_apart() -> None:
    data = in_time()
    known = data.table.where(data.table.days < 20)
    popular = methods.popular_kind(data, known)
    assert popular[1] == pytest.approx(popular[3])


def test_what_happens_after_the_cut_changes_no_score() -> None:
    data = in_time()
    later = data.table.days >= 20
    other = replace(data.table, items=np.where(later, 3, data.table.items).astype(np.int32))
    scores = []
    for table in (data.table, other):
        known = table.where(table.days < 20)
        fitted = methods.for_items(replace(data, table=table), known, 0)
        visits = everybody(known)
        scores.append({name: np.array(method(visits)) for name, method in fitted.methods.items()})
    assert all((scores[0][name] == scores[1][name]).all() for name in scores[0])


def test_on_themes_content_beats_the_best_baseline() -> None:
    data = themed()
    _, test = cold_items(data.table, None, 0, seed=0)
    fitted = methods.for_items(data, test.known, 0)
    values = valued(fitted, test.task, test.candidates, equal_mix("popular-kind"))
    seen = test.task.visits.histories.lengths > 0
    assert values["content"][HIT][seen].mean() == 1.0
    assert values["content"]["ndcg@10"][seen].mean() > 1.5 * values["popular-kind"]["ndcg@10"][seen].mean()


def test_reciprocal_places_fall_and_what_is_at_the_bottom_has_none() -> None:
    found = methods.reciprocal(np.array([[3.0, 1.0, 2.0, 1.0], [5.0, 5.0, 5.0, 5.0]], np.float32))
    assert found[0].tolist() == pytest.approx([1 / 61, 0, 1 / 62, 0])
    assert found[1].tolist() == [0, 0, 0, 0]


def test_weights_divide_one_and_are_drawn_towards_equal_ones() -> None:
    found = methods.weightings(3)
    assert len(found) == 15
    assert found.sum(axis=1).tolist() == pytest.approx([1.0] * 15)
    assert found.min() == pytest.approx(methods.SHRUNK / 3)


@lru_cache(maxsize=1)
def report() -> dict[str, object]:
    return evaluated(themed(), Effort(visits=100, chosen_by=40, answering=10))


def test_the_report_is_whole_and_its_goals_are_met_on_themes() -> None:
    found = report()
    assert NEEDED - {"command"} <= set(found)
    goals = {(goal["task"], goal["known"]): goal for goal in found["goals"]}  # type: ignore[attr-defined]
    assert goals["items", "all"]["met"]
    assert goals["shoppers", 5]["met"]
    assert not goals["shoppers", 0]["met"]  # nothing is known: nothing can be better than bestsellers


def test_true_answers_find_the_theme_of_who_answers() -> None:
    lines = report()["choices"]
    by = {(line["method"], line["known"]): line["ndcg"] for line in lines}  # type: ignore[attr-defined]
    assert by["informing", 3] > 1.5 * by["most-popular", 3]
    assert by["most-popular", 0] == by["most-popular", 10]


def test_the_same_seed_gives_the_same_answers() -> None:
    data = themed()
    validation, test = next(iter(cold_shoppers(data.table, -1, seed=0, rotations=1)))
    first, again = (simulated(data, validation, test, most=5, seed=1) for _ in range(2))
    assert all(first[n][way].equals(again[n][way]) for n in first for way in first[n])


def test_where_nothing_is_known_of_items_it_is_said() -> None:
    with pytest.raises(BadRequestError, match="nothing is known of these items"):
        evaluated(replace(themed(), side=SideInformation()), Effort())
