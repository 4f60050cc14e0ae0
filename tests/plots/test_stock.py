"""Pictures of demand: lines where the numbers are, ranges around them, the shop's money on the axis."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from recsys.plots.stock import at_risk, history_and_ahead, promoted_or_not
from recsys.schema.money import Money

EUROS = Money("EUR", "en_IE")
WEEKS = [date(2026, 1, 5) + timedelta(days=7 * week) for week in range(5)]


def test_weeks_that_were_and_weeks_to_come_stand_in_one_picture() -> None:
    past, ahead = WEEKS[:3], WEEKS[3:]
    figure = history_and_ahead("Tea <b>", past, [3, 5, 4], [past[1]], ahead, [4.0, 5.0], [2, 3], [6, 8], [ahead[1]])
    band, sold, cut, told, planned = figure.data
    assert tuple(band.y) == (6, 8, 3, 2)  # forth along the high ends, back along the low ones
    assert tuple(sold.y) == (3, 5, 4)
    assert tuple(cut.y) == (5,)  # the discount stands on what was sold then
    assert tuple(told.y) == (4, 5)
    assert tuple(planned.x) == (ahead[1],)
    assert "<b>" not in figure.layout.title.text
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("week", "pieces")
    assert len(history_and_ahead("", past, [1, 1, 1], [], ahead, [1, 1], [0, 0], [2, 2], []).data) == 3


def test_what_would_be_missing_is_in_the_shop_s_money_or_in_pieces() -> None:
    values = [(1.0, 4.0, 9.0), (0.0, 2.0, 3.0)]
    figure = at_risk(["A very long title of a product that is cut somewhere", "B <i>"], values, EUROS)
    bars = figure.data[0]
    assert tuple(bars.x) == (4, 2)
    assert tuple(bars.error_x.array) == (5, 1)
    assert tuple(bars.error_x.arrayminus) == (3, 2)
    assert figure.layout.xaxis.title.text == "sales missed, at list prices (€)"
    assert figure.layout.yaxis.autorange == "reversed"  # the most at the top
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert "<i>" not in figure.layout.yaxis.ticktext[1]
    assert at_risk(["A"], values[:1], None).layout.xaxis.title.text == "missing pieces"


def test_a_promotion_is_drawn_beside_none() -> None:
    low, usual = np.array([1.0, 1.0]), np.array([4.0, 4.0])
    figure = promoted_or_not("Tea", WEEKS[3:], (low, usual, usual * 2), (low, usual * np.array([1, 3]), usual * 5), 2)
    names = [trace.name for trace in figure.data if trace.showlegend is not False]
    assert names == ["with no promotion", "promoted", "week of the promotion"]
    mark = figure.data[-1]
    assert (mark.x[0], mark.y[0]) == (WEEKS[4], 12)
    assert tuple(figure.data[0].y) == (8, 8, 1, 1)
