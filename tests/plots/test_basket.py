"""The picture of an evaluation of baskets: the best on top, intervals where they were measured."""

from __future__ import annotations

import pytest

from recsys.plots.basket import by_method, by_relation

LINES = [
    {"method": "popular", "label": "Bestsellers <b>", "baseline": True, "hit": 0.1, "hit_ci95": [0.08, 0.13]},
    {"method": "mix", "label": "All of it together", "baseline": False, "hit": 0.3, "hit_ci95": [0.25, 0.33]},
]


def test_bars_are_in_order_with_their_intervals_and_names_stay_text() -> None:
    figure = by_method(LINES, "hit", "Found", "Share of baskets")
    (bar,) = figure.data
    assert list(bar.x) == [0.1, 0.3]
    assert list(bar.y) == ["Bestsellers &lt;b&gt;", "All of it together"]  # the last one is drawn on top
    assert list(bar.error_x.array) == pytest.approx([0.03, 0.03])
    assert list(bar.error_x.arrayminus) == pytest.approx([0.02, 0.05])
    assert figure.layout.xaxis.title.text == "Share of baskets"
    assert len(set(bar.marker.color)) == 2


def test_each_relation_has_a_bar_for_all_together_and_one_for_the_best_simple_way() -> None:
    lines = [
        {"group": group, "method": method, "label": method, "best": method == "listed", "auc": 0.7}
        | {"precision": value, "precision_ci95": [value - 0.01, value + 0.02]}
        for group, values in {"complement, all": (0.3, 0.1, 0.05), "substitute, cold": (0.02, 0.03, 0.01)}.items()
        for method, value in zip(("mix", "listed", "popular"), values, strict=True)
    ]
    simple, mine = by_relation(lines, "precision", "Found again", "Precision at 10").data
    assert list(mine.y) == ["Substitute, cold", "Complement, all"]  # the last one is drawn on top
    assert list(mine.x) == [0.02, 0.3]
    assert list(simple.x) == [0.03, 0.1]
    assert list(mine.error_x.array) == pytest.approx([0.02, 0.02])
