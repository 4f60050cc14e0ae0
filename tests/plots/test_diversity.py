"""The frontier is a line through its points, with this shelf and the knee on it."""

from __future__ import annotations

from recsys.plots.diversity import frontier
from recsys.reranking.frontier import Point

POINTS = [Point(0.0, 0.5, 1.0), Point(0.5, 0.6, 0.97), Point(1.0, 0.7, 0.8)]


def test_the_line_goes_through_every_strength_and_the_marks_lie_where_they_should() -> None:
    figure = frontier(POINTS, POINTS[2], POINTS[1], "What it costs")
    line, first, knee, now = figure.data
    assert (list(line.x), list(line.y), list(line.customdata)) == ([0.5, 0.6, 0.7], [1.0, 0.97, 0.8], [0.0, 0.5, 1.0])
    assert (first.x[0], knee.x[0], now.x[0]) == (0.5, 0.6, 0.7)
    assert knee.name == "suggested knee: 0.50"


def test_without_a_knee_none_is_marked() -> None:
    assert [trace.name for trace in frontier(POINTS, None, None, "").data] == [
        "each strength of diversity",
        "without diversity",
    ]


def test_a_flat_frontier_has_ticks_that_differ() -> None:
    flat = [Point(0.0, 0.5, 1.0), Point(1.0, 0.6, 0.99)]
    assert frontier(flat, None, None, "").layout.yaxis.tickformat == ".1%"
    assert frontier(POINTS, None, None, "").layout.yaxis.tickformat == ".0%"
    assert frontier([], None, None, "").data
