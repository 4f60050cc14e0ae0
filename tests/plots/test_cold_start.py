"""Charts of a cold start show the figures they are given."""

from __future__ import annotations

import numpy as np

from recsys.plots.cold_start import by_known, first_month, on_map, places


def line(method: str, known: int, ndcg: float) -> dict[str, object]:
    return {
        "method": method,
        "label": method.upper(),
        "known": known,
        "ndcg": ndcg,
        "ndcg_ci95": [ndcg - 0.1, ndcg + 0.2],
    }


def test_a_line_for_each_method_with_its_interval() -> None:
    lines = [line(method, known, 0.1 * known) for known in (0, 5) for method in ("base", "ours")]
    figure = by_known(lines, ["ours"], "base", "A title", "choices")
    assert [trace.name for trace in figure.data] == ["BASE", "OURS"]
    assert list(figure.data[1].x) == ["0", "5"]
    assert np.allclose(figure.data[1].error_y.array, 0.2)
    assert figure.data[0].line.dash == "dash"


def test_places_are_counted_in_their_bins() -> None:
    figure = places(np.array([1, 10, 11, 100, 101, 1001], np.int32), 1000, "shoppers")
    assert list(figure.data[0].y) == [2, 1, 1, 1, 0, 1]


def test_the_first_month_counts_products_by_their_buyers_and_shows_titles_as_letters() -> None:
    figure = first_month(["<b>x", "y", "z"], [0, 2, 2], 0, 2, 2)
    assert list(figure.data[0].x) == [0, 2]
    assert list(figure.data[0].y) == [1, 2]
    assert "<b>" not in figure.data[0].customdata[0]


def test_the_new_product_lies_where_it_is_placed() -> None:
    figure = on_map(np.arange(8, dtype=np.float32).reshape(4, 2), ["a", "b"], [1, 2], np.array([9.0, 8.0], np.float32))
    assert (figure.data[2].x[0], figure.data[2].y[0]) == (9.0, 8.0)
    assert list(figure.data[1].x) == [2.0, 4.0]
