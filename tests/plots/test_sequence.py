"""Three columns of bars, one row a visit."""

from __future__ import annotations

from recsys.plots.sequence import WAYS, visits_figure


def test_each_visit_has_a_row_of_its_own_in_each_column() -> None:
    figure = visits_figure(["May: <b>milk</b>", "May: <b>milk</b>"], [0.1, -0.2], [0.3, 0.0], [0.5, 0.5], "Visits")
    assert [bar.name for bar in figure.data] == [way for way, _ in WAYS]
    assert [list(bar.x) for bar in figure.data] == [[0.1, -0.2], [0.3, 0.0], [0.5, 0.5]]
    assert len(set(figure.data[0].y)) == 2
    assert "<" not in figure.data[0].y[0]
    assert figure.layout.title.text == "Visits"
