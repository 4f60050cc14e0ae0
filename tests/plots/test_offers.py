"""Pictures of campaigns: lines where the numbers are, axes that say what they are, ranges drawn as such."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.plots.offers import calibration, effect_bars, gain_curve, money_left
from recsys.schema.money import Money

EUROS = Money("EUR", "en_IE")


def test_a_gain_curve_has_a_line_for_each_way_and_one_for_chance() -> None:
    line = (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.8, 1.0]))
    figure = gain_curve({"Foretold chance": line, "Past <b>": line}, 0.2, really=True)
    assert [trace.name for trace in figure.data] == ["Drawn at random", "Foretold chance", "Past &lt;b&gt;"]
    assert tuple(figure.data[1].y) == (0.0, 0.8, 1.0)
    assert figure.layout.shapes[0].x0 == 0.2
    assert "redeemed" in figure.layout.yaxis.title.text
    assert "expected" in gain_curve({}, None, really=False).layout.yaxis.title.text


def test_money_that_is_left_comes_with_its_range_and_the_shop_s_money() -> None:
    share, left = np.array([0.0, 0.5, 1.0]), np.array([0.0, 20.0, -10.0])
    figure = money_left(share, left, left - 5, left + 5, 0.5, EUROS)
    band, line = figure.data
    assert tuple(band.y) == (5.0, 25.0, -5.0, -15.0, 15.0, -5.0)  # forth along the high ends, back along the low ones
    assert tuple(line.y) == (0.0, 20.0, -10.0)
    assert "€" in figure.layout.yaxis.title.text
    assert {shape.y0 for shape in figure.layout.shapes} >= {0}
    assert len(money_left(share, left, left, left, None, EUROS).layout.shapes) == 1


def test_calibration_is_drawn_beside_the_diagonal() -> None:
    bins = [{"pairs": 100, "foretold": 0.1, "redeemed": 0.2}, {"pairs": 100, "foretold": 0.5, "redeemed": 0.4}]
    diagonal, points = calibration(bins).data
    assert tuple(diagonal.x) == tuple(diagonal.y)
    assert tuple(points.x) == (0.1, 0.5)
    assert points.error_y.array[0] == pytest.approx(1.96 * np.sqrt(0.2 * 0.8 / 100))


def test_effects_stand_beside_the_line_of_none() -> None:
    figure = effect_bars([("elsewhere", "On display", 1.4, 1.2, 1.7), ("other weeks", "On display", 1.6, 1.5, 1.8)])
    assert [trace.name for trace in figure.data] == ["elsewhere", "other weeks"]
    assert figure.data[0].error_y.arrayminus[0] == pytest.approx(0.2)
    assert figure.layout.shapes[0].y0 == 1
