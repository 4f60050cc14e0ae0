"""How a training is drawn, from figures a reader can redo."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys.plots.training import Curve, by_epoch
from tests.plots.figure_json import LINK, texts_of


def figures(epochs: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "epoch": range(1, epochs + 1),
            "loss": [10.0 - e for e in range(epochs)],
            "ndcg": [0.1 * e for e in range(epochs)],
            "seconds": [1.0] * epochs,
        }
    )


def test_a_line_has_a_point_per_epoch_and_a_star_at_the_one_that_is_kept() -> None:
    line, star = by_epoch([Curve("one", figures(3), 3, best=2)], "ndcg", "nDCG", "nDCG@10", mark_best=True).data
    assert (list(line.x), list(line.y)) == ([1, 2, 3], [0.0, 0.1, 0.2])
    assert (list(star.x), list(star.y)) == ([2], [0.1])


def test_the_axis_is_as_long_as_the_training_is_planned() -> None:
    figure = by_epoch([Curve("one", figures(2), 8)], "loss", "Loss", "nats")
    assert list(figure.layout.xaxis.range) == [0.6, 8.4]


@pytest.mark.parametrize(("made", "end"), [(2, 10.4), (30, 60.4)])
def test_a_training_of_a_thousand_epochs_is_no_heap_at_its_beginning(made: int, end: float) -> None:
    figure = by_epoch([Curve("one", figures(made), 1000)], "loss", "Loss", "nats")
    assert figure.layout.xaxis.range[1] == end


def test_two_trainings_differ_in_colour_and_in_dashes_and_have_a_legend() -> None:
    figure = by_epoch([Curve("one", figures(3), 3), Curve("other", figures(2), 2)], "loss", "Loss", "nats")
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 2
    assert figure.layout.showlegend
    assert not by_epoch([Curve("one", figures(3), 3)], "loss", "Loss", "nats").layout.showlegend


def test_epochs_without_a_figure_are_left_out() -> None:
    unwatched = figures(3).assign(ndcg=[float("nan"), 0.1, float("nan")])
    (line,) = by_epoch([Curve("one", unwatched, 3, best=3)], "ndcg", "nDCG", "nDCG@10", mark_best=True).data
    assert list(line.x) == [2]


def test_a_single_point_stands_above_zero() -> None:
    assert by_epoch([Curve("one", figures(1), 3)], "loss", "Loss", "nats").layout.yaxis.rangemode == "tozero"


def test_no_name_is_read_as_html() -> None:
    figure = by_epoch([Curve(LINK, figures(2), 2), Curve(LINK, figures(2), 2)], "loss", LINK, LINK)
    assert LINK not in texts_of(figure)
    assert "&lt;a href=//e.co" in texts_of(figure)
