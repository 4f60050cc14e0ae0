"""The close-up of the map on which a taste is seen to learn."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from recsys.plots.learning import LEAST_SHOWN, close_up

MAP = np.array([[0, 0], [100, 100]], np.float32)


def test_a_short_way_is_looked_at_closely_and_not_too_closely() -> None:
    figure = go.Figure()
    assert close_up(figure, MAP, np.array([[50, 50], [51, 50]], np.float32))
    left, right = figure.layout.xaxis.range
    assert right - left == pytest.approx(100 * LEAST_SHOWN)
    assert right - left <= 10  # a way of a hundredth of the map is seen as a way, not as a dot
    assert (left + right) / 2 == pytest.approx(50.5)


def test_a_way_over_the_whole_map_is_shown_on_all_of_it() -> None:
    figure = go.Figure()
    assert not close_up(figure, MAP, MAP)
    assert figure.layout.xaxis.range is None
