"""A waterfall of named steps: all of them, their sum, and room for every figure."""

from __future__ import annotations

import pytest

from recsys.plots.steps import ROOM, steps_to, with_room


def test_each_step_is_a_bar_and_the_last_is_the_sum() -> None:
    figure = steps_to([("milk", 30.0), ("bread", 12.5), ("scale", -2.5)], 40.0, "Taste", "points")
    bars = figure.data[0]
    assert list(bars.x) == [30.0, 12.5, -2.5, 40.0]
    assert list(bars.measure) == ["relative"] * 3 + ["total"]
    assert list(bars.text) == ["+30.0", "+12.5", "-2.5", "<b>40.0</b>"]


def test_steps_of_one_name_are_bars_of_their_own_and_names_are_letters() -> None:
    names = list(steps_to([("milk", 1.0), ("milk", 2.0), ("<b>x</b>", 3.0)], 6.0, "t", "x").data[0].y)
    assert len(set(names)) == 4
    assert "<b>x" not in names[2]


@pytest.mark.parametrize(
    ("steps", "low", "high"), [([40.0, -30.0], 0.0, 40.0), ([-10.0, 4.0], -10.0, 0.0), ([], 0.0, 0.0)]
)
def test_there_is_room_beside_what_is_reached(steps: list[float], low: float, high: float) -> None:
    found = with_room(steps)
    room = ROOM * max(high - low, 1e-9)
    assert found == pytest.approx([low - (room if low < 0 else 0), high + room])
