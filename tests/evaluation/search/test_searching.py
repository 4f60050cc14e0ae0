"""Figures of a search system, by arithmetic that a reader can redo."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from recsys.errors import DataError
from recsys.evaluation.search import searching as search
from recsys.evaluation.search.judgments import Judgments
from recsys.schema import Floats, Rows

IDS = ("a", "b", "c", "d", "e")
JUDGED = Judgments("j", {"lamp": {"a": 3, "b": 0, "c": 1, "d": 2}, "nothing": {"a": 0}})


class Fixed:
    """A system whose scores are given."""

    name, label = "fixed", "given scores"

    def __init__(self, scores: list[float]) -> None:
        self._scores = np.array(scores, np.float32)

    def top(self, query: str, k: int) -> Rows:
        return np.argsort(-self._scores, kind="stable")[:k].astype(np.int32)

    def score(self, query: str, rows: Rows) -> Floats:
        return self._scores[rows]


def test_gains_are_exponential_unjudged_counts_nothing_and_the_ideal_is_of_the_judged() -> None:
    values = search.judge(Fixed([3, 1, 4, 2, 5]), IDS, JUDGED).values  # e (unjudged), c (1), a (3), d (2), b (0)
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
    assert list(values.index) == ["lamp"]  # "nothing" has no relevant product
    assert values.loc["lamp", "ndcg@10"] == pytest.approx((1 / log2(3) + 7 / log2(4) + 3 / log2(5)) / ideal)
    assert values.loc["lamp", "pooled_ndcg@10"] == pytest.approx((1 / log2(2) + 7 / log2(3) + 3 / log2(4)) / ideal)
    assert values.loc["lamp", "mrr"] == pytest.approx(1 / 2)
    assert values.loc["lamp", "recall@100"] == 1.0


def test_products_of_equal_score_stand_in_the_order_of_the_catalogue() -> None:
    values = search.judge(Fixed([0, 0, 0, 0, 0]), IDS, JUDGED).values  # a b c d e
    ideal = 7 / log2(2) + 3 / log2(3) + 1 / log2(4)
    assert values.loc["lamp", "ndcg@10"] == pytest.approx((7 / log2(2) + 1 / log2(4) + 3 / log2(5)) / ideal)


def test_the_report_gives_each_system_its_figures_intervals_and_times() -> None:
    found = [search.judge(Fixed(scores), IDS, JUDGED) for scores in ([5, 1, 2, 4, 0], [0, 0, 0, 0, 9])]
    found[1].system.name = "worse"
    report = search.summed_up(found, JUDGED)
    best = report["systems"][0]
    assert (report["queries"], report["queries_without_relevant"], report["judgments"]) == (1, 1, 5)
    assert best["ndcg@10"] == best["pooled_ndcg@10"] == best["mrr"] == 1.0
    assert best["ci95"]["ndcg@10"] == [1.0, 1.0]  # one query: no spread to be seen
    assert 0 <= best["p50_ms"] <= best["p95_ms"]
    assert {row["metric"] for row in report["comparisons"]} == {"ndcg@10", "pooled_ndcg@10"}


def test_judgments_without_any_relevant_product_are_an_error() -> None:
    with pytest.raises(DataError, match="no query with a product rated 1 or more"):
        search.judge(Fixed([1] * 5), IDS, Judgments("j", {"lamp": {"a": 0}}))
