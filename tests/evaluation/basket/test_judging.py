"""Figures of hidden products and of relations, against arithmetic that a reader can redo."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.errors import BadRequestError
from recsys.evaluation.basket.judging import compared, of_places
from recsys.evaluation.basket.relations import _auc, _known, _values
from recsys.evaluation.basket.running import BasketData, Effort, evaluated, with_basket
from recsys.scenarios.basket.completing import Setting
from tests.scenarios.basket.made_up import GROUPS, table


def test_hit_counts_the_first_ten_and_mrr_every_place() -> None:
    found = of_places(np.array([1, 10, 11, 100]))
    assert found["hit"].tolist() == [1, 1, 0, 0]
    assert found["mrr"].tolist() == [1, 0.1, 1 / 11, 0.01]


def test_changes_are_against_the_best_simple_way() -> None:
    values = {
        "mix": of_places(np.array([1, 1, 2, 1] * 20)),
        "popular": of_places(np.array([2, 2, 4, 2] * 20)),
        "lift": of_places(np.array([9, 9, 9, 9] * 20)),
    }
    lines = {line["method"]: line for line in compared(values, {}, ("popular", "lift"))}
    assert lines["popular"]["best"]
    assert not lines["lift"]["best"]
    assert lines["mix"]["change"] == pytest.approx(1.0)  # half the place is twice the reciprocal rank
    assert lines["mix"]["p"] < 0.001
    assert lines["mix"]["change_ci95"] == pytest.approx([1.0, 1.0])
    assert lines["popular"]["p"] is None


def test_auc_counts_ties_half() -> None:
    hit = np.array([True, False, False, True])
    assert _auc(np.array([3.0, 1, 2, 4], np.float32), hit) == 1.0
    assert _auc(np.zeros(4, np.float32), hit) == 0.5
    assert _auc(np.array([1.0, 1, 0, 2], np.float32), hit) == pytest.approx((0.5 + 1 + 1 + 1) / 4)


def test_an_item_is_not_asked_about_itself() -> None:
    scores = np.array([[9.0, 3, 2, 1]], np.float32)
    truth = np.array([[False, True, False, False]])
    found = _values(scores, truth, np.array([0], np.int32))
    assert found["auc"][0] == 1.0
    assert found["precision"][0] == pytest.approx(1 / 3)  # three are left of ten places


def test_relations_are_hidden_at_both_ends() -> None:
    whole = sparse.csr_array(np.ones((3, 3), np.float32))
    assert _known(whole, np.array([True, False, False])).toarray().tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1]]


def test_the_basket_is_the_latest_visit_of_a_history() -> None:
    histories = table()
    earlier = histories.take(np.array([2], np.int32))
    found = with_basket(Setting(np.array([4, 1], np.int32), None, earlier), 90, histories)
    assert found.items[-2:].tolist() == [4, 1]
    assert found.baskets[-1] == earlier.baskets.max() + 1
    assert found.days[-1] == 90
    alone = with_basket(Setting(np.array([4], np.int32)), 3, histories)
    assert (alone.items.tolist(), alone.baskets.tolist()) == ([4], [0])


def test_what_is_planted_in_baskets_is_found_by_all_that_look_at_them_and_not_by_bestsellers() -> None:
    report = evaluated(BasketData("made up", {}, table(), GROUPS), Effort(days=20))
    lines = {line["method"]: line for line in report["methods"] if line["group"] == "nobody"}
    assert lines["mix"]["mrr"] > 1.3 * lines["popular"]["mrr"]
    assert lines["confidence"]["mrr"] > lines["popular"]["mrr"]
    assert {line["group"] for line in report["methods"]} == {"all", "again", "nobody"}  # too few are new to anybody
    assert report["chosen"]["weights_of_nobody"]["usual"] == 0


def test_too_many_days_and_too_few_baskets_are_refused_in_words() -> None:
    data = BasketData("made up", {}, table(), GROUPS)
    with pytest.raises(BadRequestError, match="leave nothing to count"):
        evaluated(data, Effort(days=60))
    with pytest.raises(BadRequestError, match="three days"):
        evaluated(BasketData("a day", {}, table().where(table().baskets < 1), GROUPS), Effort())
    with pytest.raises(BadRequestError, match="baskets of two products"):
        evaluated(BasketData("few", {}, table().take(np.arange(5, dtype=np.int32)), GROUPS), Effort(days=20))
