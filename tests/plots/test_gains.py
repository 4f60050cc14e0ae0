"""The picture of gains: times as good on a scale of ratios, coloured by what is beyond luck."""

from __future__ import annotations

import pytest

from recsys.evaluation.gains import Gain
from recsys.plots.gains import LEAST, against_simple
from recsys.plots.style import BACKGROUND, HISTORY, SHOWN


def gain(change: float, ends: tuple[float, float] | None, asks: str = "What is missing", on: str = "a shop") -> Gain:
    return Gain("Basket", asks, "MRR", 1 + change, 1.0, "Best <sellers>", change, ends, on)


def test_dots_stand_at_times_as_good_with_their_intervals() -> None:
    (dots,) = against_simple([gain(1.0, (0.5, 2.0)), gain(-0.5, (-0.6, -0.4), "Other"), gain(0.1, None, "Third")]).data
    assert list(dots.x) == pytest.approx([2.0, 0.5, 1.1])
    assert list(dots.error_x.array) == pytest.approx([1.0, 0.1, 0.0])
    assert list(dots.error_x.arrayminus) == pytest.approx([0.5, 0.1, 0.0])
    assert list(dots.marker.color) == [HISTORY, SHOWN, BACKGROUND]
    assert "&lt;sellers&gt;" in dots.customdata[0][1]


def test_what_is_lost_wholly_stands_at_the_edge_and_equal_questions_name_what_they_are_of() -> None:
    figure = against_simple([gain(-1.0, (-1.2, -0.9)), gain(0.2, (0.1, 0.3), on="file.csv")])
    (dots,) = figure.data
    assert min(dots.x) == LEAST
    assert dots.y[0] != dots.y[1]
    assert "file.csv" in dots.y[1]
    assert figure.layout.xaxis.type == "log"
