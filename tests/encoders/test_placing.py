"""Putting a new point among the places of its neighbours."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.placing import among_neighbours


def test_a_new_point_goes_to_the_island_where_most_of_its_neighbours_are() -> None:
    islands = np.array([[[0, 0], [0, 0], [0, 0], [10, 10], [10, 10]]], np.float32)
    place = among_neighbours(islands, np.full((1, 5), 0.5, np.float32))
    assert place == pytest.approx(np.zeros((1, 2)), abs=0.01)  # the mean would be (4, 4), in the sea
