"""The authored queries are whole, and what a search shows is worth what they say."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from benchmarks import grocery_search as bench
from recsys import schema as s

ITEMS = pd.DataFrame(
    {
        s.NAME: ["White milk", "Chocolate milk", "Milk chocolate", "Bread"],
        s.CATEGORY: ["Dairy", "Dairy", "Candy", "Bakery"],
    }
)
MILK = bench.Query("milk", "fresh", r"^(white|whole) milk", r"\bmilk \|")


def test_every_query_is_there_once_and_in_a_known_half() -> None:
    asked = bench.queries()
    assert len({query.text for query in asked}) == len(asked) >= 200
    assert set(Counter(query.half for query in asked)) == set(bench.HALVES)


def test_grades_come_from_name_and_category() -> None:
    assert bench.grades(MILK, ITEMS).tolist() == [2, 1, 0, 0]


def test_the_best_order_has_one_and_a_worse_one_less() -> None:
    ideal = np.array([2, 1, 0])
    assert bench.ndcg(np.array([2, 1, 0]), ideal) == pytest.approx(1.0)
    # gains 1 and 3 at ranks 1 and 2 against 3 and 1: (1 + 3 / log2 3) / (3 + 1 / log2 3)
    assert bench.ndcg(np.array([1, 2]), ideal) == pytest.approx(2.8928 / 3.6309, abs=1e-4)
    assert bench.ndcg(np.array([], np.int64), ideal) == 0.0


def test_figures_say_how_the_first_row_looks() -> None:
    graded = {"milk": bench.grades(MILK, ITEMS)}
    found = bench.figures(lambda query: [1, 0, 3], [MILK], graded, np.arange(4)).iloc[0]
    assert (found["first_row"], found["first_answers"]) == (0.5, 0.0)
