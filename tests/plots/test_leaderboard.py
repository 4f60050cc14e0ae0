"""The drawings of the leaderboard, from figures a reader can redo."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys.plots.leaderboard import against_cost, against_worth, forest, slice_differences
from tests.plots.figure_json import LINK, texts_of


def standings(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame({
        "model": ["a", "b", "c"], "label": ["Learned", "Counting (no training)", "Other"],
        "simple": [False, True, False],
        "mean": [0.3, 0.2, 0.1], "low": [0.25, 0.15, 0.05], "high": [0.4, 0.25, 0.15], "seconds": [100.0, 1.0, 10.0],
        "peak_mb": [400.0, 100.0, 0.0], "named": [True, True, False], "other": [0.5, 0.9, 0.4],
    })  # fmt: skip
    return table.assign(**changes)


def slices(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame({
        "slice": ["new", "known", "few", "tiny"], "difference": [0.1, -0.1, 0.01, 0.5], "low": [0.05, -0.2, -0.1, 0.1],
        "high": [0.15, -0.05, 0.1, 0.9], "wins": [5, 1, 2, 3], "ties": [0, 0, 0, 0], "losses": [1, 5, 2, 0],
        "count": [50, 60, 40, 3], "sure": [True, True, False, False], "comparable": [True, True, True, False],
    })  # fmt: skip
    return table.assign(**changes)


def test_a_point_stands_between_the_ends_of_its_interval() -> None:
    best = forest(standings(), "nDCG", "nDCG@10").data[0]
    assert list(best.x) == [0.3]
    assert list(best.error_x.array) == pytest.approx([0.1])  # .4 - .3
    assert list(best.error_x.arrayminus) == pytest.approx([0.05])  # .3 - .25


def test_the_best_the_simple_and_the_others_have_colours_of_their_own() -> None:
    traces = forest(standings(), "nDCG", "nDCG@10").data
    assert [list(trace.y) for trace in traces] == [["Learned"], ["Counting (no training)"], ["Other"]]
    assert len({trace.marker.color for trace in traces}) == 3


def test_recommenders_are_drawn_in_the_order_of_the_table() -> None:
    assert list(forest(standings(), "", "").layout.yaxis.categoryarray) == [
        "Learned",
        "Counting (no training)",
        "Other",
    ]


def test_a_figure_without_an_interval_is_a_point_alone() -> None:
    figure = forest(standings(low=float("nan"), high=float("nan")), "Coverage", "")
    assert [list(trace.error_x.array) for trace in figure.data] == [[0], [0], [0]]
    assert "interval" not in texts_of(figure)


def test_the_area_of_a_point_is_its_memory() -> None:
    best, simple, other = against_cost(standings(), "Cost", "nDCG").data
    assert best.marker.size[0] == pytest.approx(2 * simple.marker.size[0])  # 400 MB is four times 100 MB
    assert other.marker.size[0] > 0  # nothing measured is still a point


def test_seconds_are_drawn_on_a_log_axis_that_holds_zero_too() -> None:
    figure = against_cost(standings(seconds=[0.0, 1.0, 10.0]), "Cost", "nDCG")
    assert figure.layout.xaxis.type == "log"
    assert list(figure.data[0].x) == [0.001]
    assert figure.layout.xaxis.range[0] < -3 < 1 < figure.layout.xaxis.range[1]  # 10^-3 to 10^1 s


@pytest.mark.parametrize("draw", [lambda t: against_cost(t, "", "y"), lambda t: against_worth(t, "", "x", "y")])
def test_names_stand_beside_those_on_the_front_alone(draw: object) -> None:
    assert [list(trace.text) for trace in draw(standings()).data] == [["Learned"], ["Counting"], [""]]  # type: ignore[operator]


def test_equal_figures_leave_room_on_both_sides() -> None:
    figure = against_worth(standings(mean=0.2, other=0.0), "", "x", "y")
    assert figure.layout.yaxis.range[0] < 0.2 < figure.layout.yaxis.range[1]
    assert figure.layout.xaxis.range[0] < 0 < figure.layout.xaxis.range[1]


def test_slices_are_coloured_by_what_is_more_than_luck() -> None:
    traces = {trace.name: list(trace.x) for trace in slice_differences(slices(), "", "").data}
    assert traces == {"ahead": [0.1], "behind": [-0.1], "may be luck": [0.01], "too few shoppers": [0.5]}


def test_a_slice_too_small_to_compare_is_hollow_and_says_how_many_it_holds() -> None:
    small = next(t for t in slice_differences(slices(), "", "").data if t.name == "too few shoppers")
    assert small.marker.symbol == "circle-open"
    assert list(small.y) == ["tiny · 3"]


def test_the_title_of_an_axis_with_two_parts_has_two_lines() -> None:
    assert forest(standings(), "", "nDCG@10; strict").layout.xaxis.title.text == "nDCG@10<br>strict"


def test_no_name_of_a_run_is_read_as_html() -> None:
    figures = [
        forest(standings(label=LINK), LINK, LINK),
        against_cost(standings(label=LINK), LINK, LINK),
        against_worth(standings(label=LINK), LINK, LINK, LINK),
        slice_differences(slices(slice=LINK), LINK, LINK),
    ]
    for figure in figures:
        assert LINK not in texts_of(figure)
        assert "&lt;a href=//e.co" in texts_of(figure)
