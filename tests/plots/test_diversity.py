"""The frontier is a line through its points, with this shelf and the knee on it."""

from __future__ import annotations

from recsys.plots.diversity import cohorts, exposure, for_everybody, frontier
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


def line(way: str, strength: float, ndcg: float, diversity: float, *, chosen: bool = False) -> dict[str, object]:
    return {
        "way": way,
        "strength": strength,
        "ndcg_change": ndcg,
        "ndcg_change_ci95": [ndcg - 0.01, ndcg + 0.02],
        "diversity_change": diversity,
        "chosen": chosen,
    }


def test_a_line_for_each_way_in_the_order_of_strength_with_the_chosen_one_ringed() -> None:
    rows = [line("mmr", 0.5, -0.03, 0.2), line("mmr", 0.0, 0.0, 0.0), line("mmr", 0.2, -0.01, 0.1, chosen=True)]
    figure = for_everybody(rows, {"distance": "d", "mmr": "m", "dpp": "p"}, {"most_loss": 0.02, "least_gain": 0.1})
    mine = figure.data[1]
    assert list(mine.x) == [0.0, 0.1, 0.2]
    assert list(mine.marker.symbol) == ["circle", "circle-open", "circle"]
    assert [round(value, 6) for value in mine.error_y.arrayminus] == [0.01] * 3
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].y0) == (0.1, -0.02)


def test_bars_are_exposure_by_merit() -> None:
    rows = [
        {"lists": lists, "group": "<b>", "ratio": ratio, "exposure": 0.1, "merit": 0.2, "catalogue": 0.3}
        for lists, ratio in (("by score", 0.5), ("re-ranked", 0.7))
    ]
    figure = exposure(rows)
    assert {trace.name: list(trace.x) for trace in figure.data} == {"re-ranked": [0.7], "by score": [0.5]}
    assert figure.data[0].y[0].startswith("&lt;b&gt;")


def test_cohorts_have_their_intervals() -> None:
    row = {"model": "by score", "slice": "few", "mean": 0.5, "low": 0.4, "high": 0.7, "count": 40}
    dots = cohorts([row]).data[0]
    assert (list(dots.x), [round(v, 6) for v in dots.error_x.array]) == ([0.5], [0.2])


def test_what_another_strength_betters_is_a_dot_beside_the_line() -> None:
    worse = Point(0.7, 0.55, 0.9)  # less diverse than .5 and less relevant
    beside, line, *_ = frontier([*POINTS[:2], worse, POINTS[2]], None, None, "").data
    assert (list(beside.x), beside.name) == ([0.55], "strengths that another one betters")
    assert list(line.x) == [0.5, 0.6, 0.7]
