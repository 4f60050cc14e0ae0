"""Pictures of sponsored places: a line for each number of places, the present choice marked, axes with their units."""

from __future__ import annotations

import numpy as np

from recsys.engine.ads import Point
from recsys.plots.ads import frontier, over_the_day
from recsys.scenarios.ads.figures import Interval
from recsys.schema.money import Money

EUROS = Money("EUR", "en_IE")


def test_a_frontier_has_a_line_for_each_number_of_places_and_a_star() -> None:
    money, kept = Interval(1_000.0, 900.0, 1_100.0), Interval(0.9, 0.89, 0.91)
    points = [Point(places, floor, money, kept) for places in (1, 2) for floor in (0.0, 0.5)]
    figure = frontier(points, (kept, money), EUROS)
    assert [trace.name for trace in figure.data] == ["1 place", "2 places", "present choice"]
    assert figure.data[0].x == (90, 90)
    assert figure.data[0].y == (10, 10)  # cents become euros
    assert "€" in figure.layout.yaxis.title.text
    assert len(frontier(points, None, EUROS).data) == 2


def test_the_chosen_pacing_is_named() -> None:
    figure = over_the_day({"not paced": np.ones(24), "bids lowered": np.ones(24)}, "bids lowered", EUROS)
    assert [trace.name for trace in figure.data] == ["not paced", "bids lowered (chosen)"]
